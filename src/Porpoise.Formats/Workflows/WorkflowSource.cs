using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>One workflow of a file.</summary>
/// <param name="Definition">Nodes without a code of their own have provisional ones, until it is put <see cref="Onto"/> what is stored.</param>
/// <param name="Schedule">Null: it has none.</param>
public sealed record WorkflowSource(WorkflowDefinition Definition, Schedule? Schedule)
{
    internal PlaceMap Places { get; init; } = new(default);

    /// <summary>The nodes to which the file gives a code.</summary>
    internal IReadOnlySet<TaskCode> GivenCodes { get; init; } = new HashSet<TaskCode>();

    /// <summary>Where its text begins.</summary>
    public Position At { get; init; }

    /// <summary>A definition that comes with the codes of its nodes, from a file that has them.</summary>
    public static WorkflowSource WithItsCodes(WorkflowDefinition definition, Schedule? schedule) => new(definition, schedule) { GivenCodes = definition.Tasks.Select(t => t.Code).ToHashSet() };

    /// <summary>What is wrong with the definition itself, each with its place in the file.</summary>
    public IReadOnlyList<Fault> Check(WorkflowSurroundings surroundings) => [.. WorkflowValidation.Check(Definition, surroundings).Select(o => Places.FaultOf(o, Definition))];

    /// <summary>Names of nodes that need a new code.</summary>
    /// <param name="before">The definition that it replaces; null: it is new.</param>
    public int CountNewCodes(WorkflowDefinition? before) => Definition.Tasks.Count(t => CodeOf(t, CodesOf(before)) is null);

    /// <summary>
    /// The definition to store: a node keeps the code that it has there by its name; where nodes were drawn, and what else is no part of the content, stays. When nothing is
    /// different but the order of edges or of a node's parameters, which means nothing, it is the stored definition itself.
    /// </summary>
    /// <param name="before">The definition that it replaces; null: it is new.</param>
    /// <param name="newCodes">As many as <see cref="CountNewCodes"/> says.</param>
    public WorkflowDefinition Onto(WorkflowDefinition? before, IEnumerable<TaskCode> newCodes)
    {
        var known = CodesOf(before);
        using var fresh = newCodes.GetEnumerator();
        var codes = Definition.Tasks.ToDictionary(t => t.Code, t => CodeOf(t, known) ?? (fresh.MoveNext() ? fresh.Current : throw new ArgumentException("There are too few codes.", nameof(newCodes))));
        Edge Coded(Edge edge) => new(edge.From == default ? default : codes[edge.From], codes[edge.To]);
        var coded = Definition with
        {
            Tasks = [.. Definition.Tasks.Select(t => t with { Code = codes[t.Code] })],
            Edges = [.. Definition.Edges.Select(Coded)],
            EdgeNames = [.. Definition.EdgeNames.Select(n => n with { Edge = Coded(n.Edge) })],
            Locations = Definition.Locations.Length > 0 ? Definition.Locations : before?.Locations ?? "",
            RegionId = Definition.RegionId.Length > 0 ? Definition.RegionId : before?.RegionId ?? "",
        };
        return before is not null && VersionHash.Of(InOneOrder(before)) == VersionHash.Of(InOneOrder(coded)) ? before : coded;
    }

    private static Dictionary<string, TaskCode> CodesOf(WorkflowDefinition? before) => before?.Tasks.ToDictionary(t => t.Name, t => t.Code, StringComparer.Ordinal) ?? [];

    private TaskCode? CodeOf(TaskDefinition task, Dictionary<string, TaskCode> known) =>
        GivenCodes.Contains(task.Code) ? task.Code : known.TryGetValue(task.Name, out var code) && !GivenCodes.Contains(code) ? code : null;

    /// <summary>Names of edges that are not there are no part of it: no client shows them.</summary>
    private static WorkflowDefinition InOneOrder(WorkflowDefinition definition)
    {
        var edges = definition.Edges.Concat(definition.Tasks.Select(t => new Edge(default, t.Code))).ToHashSet();
        return definition with
        {
            Tasks = [.. definition.Tasks.Select(t => t with { LocalParams = [.. t.LocalParams.OrderBy(p => p.Direction)] })],
            GlobalParams = [.. definition.GlobalParams.OrderBy(p => p.Direction)],
            Edges = [.. definition.Edges.Distinct().OrderBy(e => e.From.Value).ThenBy(e => e.To.Value)],
            EdgeNames = [.. definition.EdgeNames.Where(n => edges.Contains(n.Edge)).DistinctBy(n => n.Edge).OrderBy(n => n.Edge.From.Value).ThenBy(n => n.Edge.To.Value)],
        };
    }
}
