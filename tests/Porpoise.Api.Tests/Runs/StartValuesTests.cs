using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

public sealed class StartValuesTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    [InlineData("""{"dt":"$[yyyyMMdd-1]"}""", "dt=$[yyyyMMdd-1]")]
    [InlineData("""{"b":"2","a":"1"}""", "b=2;a=1")]
    [InlineData("""{"n":5,"t":true,"x":null,"f":1.50,"e":""}""", "n=5;t=true;x=;f=1.50;e=")]
    [InlineData("""[{"prop":"a","direct":"IN","type":"VARCHAR","value":"1"},{"prop":"b"}]""", "a=1;b=")]
    [InlineData("""{"名":"值"}""", "名=值")]
    [InlineData("""{" a ":" 1 "}""", "a= 1 ")]
    [InlineData("""[{"prop":"a ","value":"1"}]""", "a=1")]
    public void Both_forms_are_read(string text, string? expected)
    {
        var values = StartValues.Read(Parse(Sent(text)));
        Assert.Equal(expected, values is null ? null : string.Join(';', values.Select(v => $"{v.Key}={v.Value}")));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"a\"")]
    [InlineData("{")]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("{\"\":\"1\"}")]
    [InlineData("{\"  \":\"1\"}")]
    [InlineData("{\"a}b\":\"1\"}")]
    [InlineData("{\"a$b\":\"1\"}")]
    [InlineData("{\"a\\nb\":\"1\"}")]
    [InlineData("{\"a\":\"\\u0000\"}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":\"a\"}")]
    [InlineData("{\"a\":\"1\",\"a\":\"2\"}")]
    [InlineData("{\"a\":\"1\",\"a \":\"2\"}")]
    [InlineData("[{\"prop\":\"a\"},{\"prop\":\"a\"}]")]
    [InlineData("[{\"value\":\"a\"}]")]
    [InlineData("[{\"prop\":5}]")]
    [InlineData("[\"a\"]")]
    [InlineData("[[[[[[[[[[[[]]]]]]]]]]]]")]
    [InlineData("dt=1")]
    public void What_is_neither_is_refused_by_name(string text)
    {
        var refusal = Assert.Throws<RefusalException>(() => Parse(Sent(text))).Refusal;
        Assert.Equal(ErrorCodes.BadParameter, refusal.Code);
        Assert.Contains("startParams", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_bounded_in_every_direction()
    {
        Parse(Sent(Written(Enumerable.Range(0, StartValues.CountMax).Select(i => ($"p{i}", "v")))));
        Assert.Throws<RefusalException>(() => Parse(Sent(Written(Enumerable.Range(0, StartValues.CountMax + 1).Select(i => ($"p{i}", "v"))))));
        Parse(Sent(Written([(new string('n', WorkflowLimits.ParameterNameLengthMax), new string('v', StartValues.ValueLengthMax))])));
        Assert.Throws<RefusalException>(() => Parse(Sent(Written([(new string('n', WorkflowLimits.ParameterNameLengthMax + 1), "")]))));
        Assert.Throws<RefusalException>(() => Parse(Sent(Written([("n", new string('v', StartValues.ValueLengthMax + 1))]))));
        Assert.Throws<RefusalException>(() => Parse(Sent(Written(Enumerable.Range(0, 5).Select(i => ($"p{i}", new string('v', StartValues.ValueLengthMax)))))));
    }

    [Fact]
    public void Whatever_is_taken_comes_back_as_it_was() => Gen.Dictionary(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String)
        .Where(d => d.Values.All(v => !v.Contains('\0', StringComparison.Ordinal) && IsWellFormed(v)))
        .Sample(values =>
        {
            var stored = Parse(Sent(Written(values.Select(v => (v.Key, v.Value)))));
            Assert.Equal(values, StartValues.Read(stored) ?? []);
            Assert.Equal(stored.Length == 0, values.Count == 0);
            using var param = JsonDocument.Parse(StartValues.WriteCommandParam(stored));
            Assert.Equal(values.Count > 0, param.RootElement.TryGetProperty("StartParams", out var inner));
            Assert.Equal(values.Count > 0 ? stored : null, values.Count > 0 ? inner.GetString() : null);
        });

    [Fact]
    public void No_text_makes_it_fail_in_another_way() => Gen.OneOf(Gen.String, Gen.String.Select(s => $$"""{"a":"{{s}}"}"""), Gen.String.Select(s => $$"""[{"prop":"{{s}}"}]"""))
        .Sample(text =>
        {
            try
            {
                StartValues.Read(Parse(Sent(text)));
            }
            catch (RefusalException e)
            {
                Assert.Equal(ErrorCodes.BadParameter, e.Refusal.Code);
            }
        });

    /// <summary>As when the workflow is saved; a workflow without a shell script takes them there too.</summary>
    [Theory]
    [InlineData("PATH")]
    [InlineData("LD_PRELOAD")]
    [InlineData("PORPOISE_RUN_ID")]
    [InlineData("BASH_ENV")]
    public void A_name_that_is_the_shells_own_is_refused_where_a_SHELL_node_would_see_it(string name)
    {
        var text = Written([("ok", "1"), (name, "x"), ("IFS", "y")]);
        var refusal = Assert.Throws<RefusalException>(() => Parse(Sent(text), Exits(1))).Refusal;
        var saved = Assert.Single(WorkflowValidation.Check(Of(Exits(1)) with { GlobalParams = [new Parameter(name, ParameterDirection.In, "VARCHAR", "x")] }));
        Assert.Equal((ErrorCodes.BadParameter, "InvalidStartParams"), (refusal.Code, refusal.Gateway?.Code));
        Assert.Equal([$"startParams '{name}': {saved.Message}", $"startParams 'IFS': {saved.Message.Replace(name, "IFS", StringComparison.Ordinal)}"], refusal.Message.Split('\n'));
        Assert.Equal(refusal.Message, refusal.Gateway!.Message);
        Assert.Equal(3, StartValues.Read(Parse(Sent(text)))!.Count);
    }

    private static string Parse(Parameters parameters, params TaskDefinition[] tasks) => StartValues.Parse(parameters, Of(tasks.Length == 0 ? [Noop(1)] : tasks));

    private static string Written(IEnumerable<(string Name, string Value)> values)
    {
        var all = new JsonObject();
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        return all.ToJsonString();
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(r => r != System.Text.Rune.ReplacementChar);

    private static Parameters Sent(string value) => new(new Dictionary<string, string> { ["startParams"] = value });
}
