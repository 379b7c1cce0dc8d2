using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using Porpoise.Formats.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Tests;

/// <summary>The schema that editors use and the reader that decides say the same.</summary>
public sealed class SchemaTests
{
    private static readonly JsonNode Root = JsonNode.Parse(WorkflowSchema.Read())!;
    private static readonly JsonSchema Schema = JsonSchema.FromText(Root.ToJsonString());

    [Fact]
    public void Every_key_is_in_both()
    {
        Assert.Equal(FileKeys.Workflow.Order(), KeysAt("properties"));
        Assert.Equal(FileKeys.Task.Order(), KeysAt("$defs/task/properties"));
        Assert.Equal(FileKeys.Schedule.Order(), KeysAt("properties/schedule/properties"));
        Assert.Equal(FileKeys.TimeLimit.Order(), KeysAt("$defs/timeLimit/oneOf/1/properties"));
        Assert.Equal(FileKeys.Parameter.Order(), KeysAt("$defs/parameters/additionalProperties/oneOf/1/properties"));
        Assert.Equal(FileKeys.Edge.Order(), KeysAt("$defs/task/properties/after/oneOf/1/items/oneOf/1/properties"));
    }

    [Fact]
    public void Every_key_is_explained_and_in_the_page()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "yaml.md"));
        foreach (var key in FileKeys.Workflow.Concat(FileKeys.Task).Concat(FileKeys.Schedule).Concat(FileKeys.TimeLimit).Concat(FileKeys.Parameter).Concat(FileKeys.Edge))
        {
            Assert.True(page.Contains($"`{key}`", StringComparison.Ordinal), key);
        }
    }

    [Fact]
    public void What_is_written_keeps_to_the_schema() => Generators.Definition.Sample(
        definition => Schema.Evaluate(JsonOf(WorkflowFile.Write([(definition, null)]))).IsValid,
        print: d => WorkflowFile.Write([(d, null)]),
        iter: 150);

    [Theory]
    [InlineData("{name: w, tasks: {a: {run: x, retires: 1}}}")]
    [InlineData("{name: w, colour: red, tasks: {a: {run: x}}}")]
    [InlineData("{name: w, tasks: {a: {run: x, retries: -1}}}")]
    [InlineData("{name: w, tasks: {a: {run: x, timeout: soon}}}")]
    [InlineData("{tasks: {a: {run: x}}}")]
    [InlineData("{name: w}")]
    public void What_the_reader_refuses_the_schema_refuses(string yaml)
    {
        Assert.NotEmpty(WorkflowFile.Read(yaml).Check(Core.Workflows.WorkflowSurroundings.Standard));
        Assert.False(Schema.Evaluate(JsonOf(yaml)).IsValid);
    }

    private static JsonElement JsonOf(string yaml)
    {
        using var stream = new MemoryStream();
        using (var json = YamlJson.WriterOn(stream))
        {
            YamlJson.Write(json, Assert.Single(YamlComposer.Read(yaml)));
        }

        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static IEnumerable<string> KeysAt(string path)
    {
        var node = Root;
        foreach (var step in path.Split('/'))
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        return node.AsObject().Select(p => p.Key).Order();
    }
}
