using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Workflows;

/// <summary>The JSON text in which a definition is stored. Versions are kept for ever, so its members may only ever be added to.</summary>
public static class WorkflowDocument
{
    public static string Write(WorkflowDefinition definition) => JsonSerializer.Serialize(
        new Document(
            definition.Name,
            definition.Description,
            [.. definition.Tasks.Select(t => new TaskDocument(t.Code.Value, t.Name, t.Description, t.Type, t.Params, t.RetryMax, (long)t.RetryInterval.TotalSeconds, (int)t.Priority))],
            [.. definition.Edges.Select(e => new[] { e.From.Value, e.To.Value })],
            definition.Locations),
        WorkflowDocumentJson.Default.Document);

    /// <exception cref="JsonException">The stored text is not a definition.</exception>
    public static WorkflowDefinition Read(string text)
    {
        var document = JsonSerializer.Deserialize(text, WorkflowDocumentJson.Default.Document) ?? throw new JsonException("A stored definition is null.");
        return new WorkflowDefinition(
            document.Name,
            document.Description,
            [.. document.Tasks.Select(t => new TaskDefinition(
                new TaskCode(t.Code), t.Name, t.Description, t.Type, t.Params, t.RetryMax, TimeSpan.FromSeconds(t.RetryIntervalSeconds), (Priority)t.Priority))],
            [.. document.Edges.Select(e => new Edge(new TaskCode(e[0]), new TaskCode(e[1])))],
            document.Locations);
    }
}

internal sealed record Document(string Name, string Description, TaskDocument[] Tasks, long[][] Edges, string Locations);

internal sealed record TaskDocument(long Code, string Name, string Description, string Type, string Params, int RetryMax, long RetryIntervalSeconds, int Priority);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Document))]
internal sealed partial class WorkflowDocumentJson : JsonSerializerContext;
