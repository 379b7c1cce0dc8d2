using Porpoise.Api.Errors;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Tests.Operations;

public sealed class ParametersTests
{
    [Fact]
    public void Empty_equals_absent()
    {
        var parameters = Of("");
        Assert.Null(parameters.Text("x"));
        Assert.Null(parameters.Int("x"));
        Assert.Null(parameters.Bool("x"));
        parameters.RefuseUnless("x");
        Assert.Equal("MissingX", Refused(() => parameters.RequiredText("x")).Gateway!.Code);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("FALSE", false)]
    public void Booleans_come_in_any_case(string text, bool expected) => Assert.Equal(expected, Of(text).Bool("x"));

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    public void What_is_no_boolean_is_refused_by_name(string text) => Assert.Equal("InvalidX", Refused(() => Of(text).Bool("x")).Gateway!.Code);

    [Theory]
    [InlineData("1.5")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    [InlineData("11")]
    [InlineData("0")]
    [InlineData(" 5")]
    public void A_number_outside_its_range_is_refused(string text)
    {
        var refusal = Refused(() => Of(text).Long("x", 1, 10));
        Assert.Contains("from 1 to 10", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.BadParameter, refusal.Code);
    }

    [Fact]
    public void What_is_not_honoured_is_refused_with_its_neutral_value()
    {
        Of("NONE").RefuseUnless("x", "NONE");
        var refusal = Refused(() => Of("ALL").RefuseUnless("x", "NONE"));
        Assert.Equal(ErrorCodes.NotHonoured, refusal.Code);
        Assert.Contains("x", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("NONE", refusal.Message, StringComparison.Ordinal);
    }

    private static Parameters Of(string value) => new(new Dictionary<string, string> { ["x"] = value });

    private static Refusal Refused(Action act) => Assert.Throws<RefusalException>(act).Refusal;
}
