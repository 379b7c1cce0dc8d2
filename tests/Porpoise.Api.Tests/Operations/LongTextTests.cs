using System.Text.Json;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;

namespace Porpoise.Api.Tests.Operations;

public sealed class LongTextTests
{
    [Fact]
    public void Comes_out_as_it_went_in_wherever_its_pieces_are_cut()
    {
        for (var shift = 0; shift < 8; shift++)
        {
            var text = new string('x', shift) + string.Concat(Enumerable.Repeat("\"工\\\n😀\u0001<&>", 700));
            var json = AnswerJson.Write(new DolphinLog(shift, text), RunJson.Default.DolphinLog);
            using var read = JsonDocument.Parse(json);
            Assert.Equal(text, read.RootElement.GetProperty("message").GetString());
            Assert.Contains("""\"工\\\n""", json, StringComparison.Ordinal);
            Assert.Contains("<&>", json, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public void May_be_short(string text) =>
        Assert.Equal($$"""{"lineNum":0,"message":"{{text}}"}""", AnswerJson.Write(new DolphinLog(0, text), RunJson.Default.DolphinLog));
}
