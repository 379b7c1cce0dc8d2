using Porpoise.Api.Errors;

namespace Porpoise.Api.Tests.Errors;

public sealed class ErrorReferenceTests
{
    [Fact]
    public void The_page_says_what_the_code_says()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "errors.md"));
        Assert.True(page == ErrorReference.Write(), "docs/reference/errors.md is out of date: ./run porpoise reference errors > docs/reference/errors.md");
    }

    [Fact]
    public void No_code_is_used_twice() => Assert.Equal(ErrorCodes.All.Count, ErrorCodes.All.Select(c => c.Number).Distinct().Count());

    [Fact]
    public void Every_code_is_listed()
    {
        var declared = typeof(ErrorCodes).GetFields().Where(f => f.FieldType == typeof(ErrorCode)).Select(f => (ErrorCode)f.GetValue(null)!).ToHashSet();
        Assert.Equal(declared, ErrorCodes.All.ToHashSet());
    }

    [Fact]
    public void Every_code_says_what_to_do() => Assert.All(ErrorCodes.All, c => Assert.True(c.Text.Length > 10 && c.Remedy.Length > 10, c.Name));
}
