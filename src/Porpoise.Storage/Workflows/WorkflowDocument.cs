using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Workflows;

/// <summary>The JSON text in which a definition is stored. Versions are kept for ever, so its members may only ever be added to. What is empty is left out.</summary>
public static class WorkflowDocument
{
    public static string Write(WorkflowDefinition definition) => JsonSerializer.Serialize(
        new Document(
            definition.Name,
            definition.Description,
            [.. definition.Tasks.Select(Write)],
            [.. definition.Edges.Select(e => new[] { e.From.Value, e.To.Value })],
            definition.Locations)
        {
            GlobalParams = Write(definition.GlobalParams),
            TimeLimit = Write(definition.TimeLimit),
            ParallelismMax = definition.ParallelismMax,
            Queue = Write(definition.Queue),
            AlertEmail = Write(definition.AlertEmail),
            RunAs = Write(definition.RunAs),
            RegionId = Write(definition.RegionId),
            Tags = Write(definition.Tags),
            EdgeNames = definition.EdgeNames.Count == 0 ? null : [.. definition.EdgeNames.Select(n => new EdgeNameDocument(n.Edge.From.Value, n.Edge.To.Value, n.Name))],
        },
        WorkflowDocumentJson.Default.Document);

    /// <exception cref="JsonException">The stored text is not a definition.</exception>
    public static WorkflowDefinition Read(string text)
    {
        var document = JsonSerializer.Deserialize(text, WorkflowDocumentJson.Default.Document) ?? throw new JsonException("A stored definition is null.");
        return new WorkflowDefinition(
            document.Name,
            document.Description,
            [.. document.Tasks.Select(Read)],
            [.. document.Edges.Select(e => new Edge(new TaskCode(e[0]), new TaskCode(e[1])))],
            document.Locations)
        {
            GlobalParams = Read(document.GlobalParams),
            TimeLimit = Read(document.TimeLimit),
            ParallelismMax = document.ParallelismMax,
            Queue = document.Queue ?? "",
            AlertEmail = document.AlertEmail ?? "",
            RunAs = document.RunAs ?? "",
            RegionId = document.RegionId ?? "",
            Tags = Read(document.Tags),
            EdgeNames = [.. (document.EdgeNames ?? []).Select(n => new EdgeName(new Edge(new TaskCode(n.From), new TaskCode(n.To)), n.Name))],
        };
    }

    private static TaskDocument Write(TaskDefinition t) =>
        new(t.Code.Value, t.Name, t.Description, t.Type, t.Params, t.RetryMax, (long)t.RetryInterval.TotalSeconds, (int)t.Priority)
        {
            LocalParams = Write(t.LocalParams),
            TimeLimit = Write(t.TimeLimit),
            DelaySeconds = (long)t.Delay.TotalSeconds,
            IsDisabled = t.IsDisabled,
            WorkerGroup = Write(t.WorkerGroup),
            Queue = Write(t.Queue),
            Environment = t.Environment.Value,
            AlertEmail = Write(t.AlertEmail),
            AlertOnStart = t.AlertOnStart,
            AlertOnFailure = t.AlertOnFailure,
            Tags = Write(t.Tags),
        };

    private static TaskDefinition Read(TaskDocument t) =>
        new(new TaskCode(t.Code), t.Name, t.Description, t.Type, t.Params, t.RetryMax, TimeSpan.FromSeconds(t.RetryIntervalSeconds), (Priority)t.Priority)
        {
            LocalParams = Read(t.LocalParams),
            TimeLimit = Read(t.TimeLimit),
            Delay = TimeSpan.FromSeconds(t.DelaySeconds),
            IsDisabled = t.IsDisabled,
            WorkerGroup = t.WorkerGroup ?? "",
            Queue = t.Queue ?? "",
            Environment = new EnvironmentCode(t.Environment),
            AlertEmail = t.AlertEmail ?? "",
            AlertOnStart = t.AlertOnStart,
            AlertOnFailure = t.AlertOnFailure,
            Tags = Read(t.Tags),
        };

    private static string? Write(string text) => text.Length == 0 ? null : text;

    private static string[][]? Write(IReadOnlyList<Tag> tags) => tags.Count == 0 ? null : [.. tags.Select(t => new[] { t.Key, t.Value })];

    private static ParameterDocument[]? Write(IReadOnlyList<Parameter> parameters) =>
        parameters.Count == 0 ? null : [.. parameters.Select(p => new ParameterDocument(p.Name, (int)p.Direction, p.Type, p.Value))];

    private static TimeLimitDocument? Write(TimeLimit? limit) => limit is null ? null : new TimeLimitDocument((long)limit.After.TotalSeconds, (int)limit.Action);

    private static IReadOnlyList<Tag> Read(string[][]? tags) => [.. (tags ?? []).Select(t => new Tag(t[0], t[1]))];

    private static IReadOnlyList<Parameter> Read(ParameterDocument[]? parameters) =>
        [.. (parameters ?? []).Select(p => new Parameter(p.Name, (ParameterDirection)p.Direction, p.Type, p.Value))];

    private static TimeLimit? Read(TimeLimitDocument? limit) => limit is null ? null : new TimeLimit(TimeSpan.FromSeconds(limit.Seconds), (TimeLimitAction)limit.Action);
}

internal sealed record Document(string Name, string Description, TaskDocument[] Tasks, long[][] Edges, string Locations)
{
    public ParameterDocument[]? GlobalParams { get; init; }

    public TimeLimitDocument? TimeLimit { get; init; }

    public int ParallelismMax { get; init; }

    public string? Queue { get; init; }

    public string? AlertEmail { get; init; }

    public string? RunAs { get; init; }

    public string? RegionId { get; init; }

    public string[][]? Tags { get; init; }

    public EdgeNameDocument[]? EdgeNames { get; init; }
}

internal sealed record EdgeNameDocument(long From, long To, string Name);

internal sealed record TaskDocument(long Code, string Name, string Description, string Type, string Params, int RetryMax, long RetryIntervalSeconds, int Priority)
{
    public ParameterDocument[]? LocalParams { get; init; }

    public TimeLimitDocument? TimeLimit { get; init; }

    public long DelaySeconds { get; init; }

    public bool IsDisabled { get; init; }

    public string? WorkerGroup { get; init; }

    public string? Queue { get; init; }

    public long Environment { get; init; }

    public string? AlertEmail { get; init; }

    public bool AlertOnStart { get; init; }

    public bool AlertOnFailure { get; init; }

    public string[][]? Tags { get; init; }
}

internal sealed record ParameterDocument(string Name, int Direction, string Type, string Value);

internal sealed record TimeLimitDocument(long Seconds, int Action);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Document))]
internal sealed partial class WorkflowDocumentJson : JsonSerializerContext;
