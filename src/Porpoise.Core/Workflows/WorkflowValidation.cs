using System.Globalization;
using Porpoise.Core.Parameters;

namespace Porpoise.Core.Workflows;

/// <summary>
/// Says everything that is wrong with a definition, in the order in which a reader meets it. A sound one has no offences and can be compiled to
/// a <see cref="TaskGraph"/>; whether its task types can be run is another question.
/// </summary>
public static class WorkflowValidation
{
    /// <summary>Further offences are not listed: nobody reads the hundredth.</summary>
    public const int OffencesMax = 50;

    /// <summary>Checks against a workspace as it is created.</summary>
    public static IReadOnlyList<Offence> Check(WorkflowDefinition definition) => Check(definition, WorkflowSurroundings.Standard);

    /// <param name="rows">
    /// The edges as somebody sent them, so that an edge's place counts as they count: with the rows that mark a root (from 0), and with rows that come
    /// twice. Null: the definition's own.
    /// </param>
    public static IReadOnlyList<Offence> Check(WorkflowDefinition definition, WorkflowSurroundings surroundings, IReadOnlyList<Edge>? rows = null)
    {
        var offences = new List<Offence>();
        CheckHead(definition, surroundings, offences);
        var indexes = CheckTasks(definition, surroundings, offences);
        if (rows is null)
        {
            CheckEdges(definition.Edges, indexes, takesRoots: false, offences);
        }
        else
        {
            CheckEdges(rows, indexes, takesRoots: true, offences);
        }

        foreach (var name in definition.EdgeNames)
        {
            TextRules.CheckLength(offences, Invariant($"edge from {name.Edge.From} to {name.Edge.To}"), "An edge's name", name.Name, WorkflowLimits.NameLengthMax);
        }

        if (IsGraph(definition, offences))
        {
            offences.AddRange(Cycle.Find(definition, OffencesMax - offences.Count)
                .Select(cycle => new Offence(OffenceKind.Cycle, "edges", "These nodes wait for each other in a circle: " + cycle.Names + ".") { Node = cycle.Node }));
        }

        return offences.Count <= OffencesMax ? offences : offences[..OffencesMax];
    }

    /// <summary>The place of a node's offences, or their place's beginning.</summary>
    public static string PlaceOf(int index, TaskDefinition task) => Invariant($"node {index + 1} '{TextRules.Start(task.Name)}'");

    /// <summary>The place of an edge's offences.</summary>
    public static string PlaceOf(int index, Edge edge) => Invariant($"edge {index + 1} ({edge.From} to {edge.To})");

    /// <summary>The place of a parameter's offences, in the list that has the place <paramref name="list"/>.</summary>
    public static string PlaceOf(string list, int index, Parameter parameter) => Invariant($"{list}[{index}] '{TextRules.Start(parameter.Name)}'");

    /// <summary>Characters of all texts of a definition.</summary>
    public static long LengthOf(WorkflowDefinition definition)
    {
        var length = (long)definition.Name.Length + definition.Description.Length + definition.Locations.Length + LengthOf(definition.GlobalParams) + LengthOf(definition.Tags) + definition.EdgeNames.Sum(n => (long)n.Name.Length);
        foreach (var task in definition.Tasks)
        {
            length += task.Name.Length + task.Description.Length + task.Params.Length + LengthOf(task.LocalParams) + LengthOf(task.Tags);
        }

        return length;
    }

    /// <summary>Whether circles can be looked for: codes and edges were all checked, and lead to nodes.</summary>
    private static bool IsGraph(WorkflowDefinition definition, List<Offence> offences) =>
        offences.Count < OffencesMax && definition.Tasks.Count <= WorkflowLimits.TasksMax && definition.Edges.Count <= WorkflowLimits.EdgesMax
        && !offences.Exists(o => o.Kind is OffenceKind.BadCode or OffenceKind.DuplicateCode or OffenceKind.UnknownNode or OffenceKind.SelfEdge);

    private static void CheckHead(WorkflowDefinition definition, WorkflowSurroundings surroundings, List<Offence> offences)
    {
        if (!TextRules.IsName(definition.Name))
        {
            offences.Add(new Offence(OffenceKind.BadName, "name", Invariant($"A workflow's name has 1 to {WorkflowLimits.NameLengthMax} characters, and no control characters.")));
        }

        TextRules.CheckLength(offences, "description", "A description", definition.Description, WorkflowLimits.DescriptionLengthMax);
        TextRules.CheckLength(offences, "locations", "The nodes' places in the editor", definition.Locations, WorkflowLimits.LocationsLengthMax);
        TextRules.CheckLength(offences, "alertEmailAddress", "The addresses", definition.AlertEmail, WorkflowLimits.AlertEmailLengthMax);
        TextRules.CheckLength(offences, "runAs", "A user id", definition.RunAs, WorkflowLimits.RunAsLengthMax);
        TextRules.CheckLength(offences, "regionId", "A region's id", definition.RegionId, WorkflowLimits.RegionIdLengthMax);
        TextRules.CheckTags(offences, "tags", definition.Tags);
        NodeRules.CheckTimeLimit(offences, "timeout", definition.TimeLimit);
        NodeRules.CheckQueue(offences, "resourceQueue", definition.Queue, surroundings);
        ParameterRules.Check(offences, "globalParams", definition.GlobalParams, inShell: ParameterRules.IsSeenInShell(definition));
        if (definition.ParallelismMax < 0)
        {
            offences.Add(new Offence(OffenceKind.BadParallelism, "taskParallelism", Invariant($"How many tasks of a run may run at once is a whole number from 0 to {int.MaxValue}; 0 for as many as there are slots.")));
        }

        if (definition.Tasks.Count == 0)
        {
            offences.Add(new Offence(OffenceKind.Empty, "tasks", "A workflow has at least one node."));
        }

        if (definition.Tasks.Count > 0 && definition.Tasks.All(t => t.IsDisabled))
        {
            offences.Add(new Offence(OffenceKind.NothingToRun, "tasks", "All nodes are disabled (flag NO): at least one has to be run."));
        }

        if (definition.Tasks.Count > WorkflowLimits.TasksMax || definition.Edges.Count > WorkflowLimits.EdgesMax)
        {
            offences.Add(new Offence(
                OffenceKind.TooLarge,
                "tasks",
                Invariant($"A workflow has at most {WorkflowLimits.TasksMax} nodes and {WorkflowLimits.EdgesMax} edges; this one has {definition.Tasks.Count} and {definition.Edges.Count}.")));
        }

        if (LengthOf(definition) is var length && length > WorkflowLimits.DefinitionLengthMax)
        {
            offences.Add(new Offence(
                OffenceKind.TooLarge,
                "definition",
                Invariant($"All texts of a workflow together have at most {WorkflowLimits.DefinitionLengthMax} characters; this one's have {length}.")));
        }
    }

    private static Dictionary<TaskCode, int> CheckTasks(WorkflowDefinition definition, WorkflowSurroundings surroundings, List<Offence> offences)
    {
        var indexes = new Dictionary<TaskCode, int>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < definition.Tasks.Count && offences.Count < OffencesMax; i++)
        {
            var task = definition.Tasks[i];
            var place = PlaceOf(i, task);
            if (!TextRules.IsName(task.Name))
            {
                offences.Add(new Offence(OffenceKind.BadName, place, Invariant($"A node's name has 1 to {WorkflowLimits.NameLengthMax} characters, and no control characters.")));
            }
            else if (!names.Add(task.Name))
            {
                offences.Add(new Offence(OffenceKind.DuplicateName, place, "Another node of this workflow has the same name."));
            }

            if (task.Code.Value is <= 0 or >= WorkflowLimits.CodeLimit)
            {
                offences.Add(new Offence(OffenceKind.BadCode, place, "A node's code is a positive number below 2^53."));
            }
            else if (!indexes.TryAdd(task.Code, i))
            {
                offences.Add(new Offence(OffenceKind.DuplicateCode, place, Invariant($"Another node of this workflow has the same code {task.Code}.")));
            }

            NodeRules.Check(offences, place, task, surroundings);
        }

        return indexes;
    }

    /// <param name="takesRoots">True: a row from 0 says that a node is a root.</param>
    private static void CheckEdges(IReadOnlyList<Edge> edges, Dictionary<TaskCode, int> indexes, bool takesRoots, List<Offence> offences)
    {
        var seen = new HashSet<Edge>(edges.Count);
        for (var i = 0; i < edges.Count && offences.Count < OffencesMax; i++)
        {
            var edge = edges[i];
            if (!seen.Add(edge))
            {
                continue;
            }

            var place = PlaceOf(i, edge);
            var marksRoot = takesRoots && edge.From == default;
            foreach (var end in (ReadOnlySpan<TaskCode>)(marksRoot ? [edge.To] : [edge.From, edge.To]))
            {
                if (!indexes.ContainsKey(end))
                {
                    offences.Add(new Offence(OffenceKind.UnknownNode, place, Invariant($"No node of this workflow has the code {end}.")));
                }
            }

            if (edge.From == edge.To && !marksRoot)
            {
                offences.Add(new Offence(OffenceKind.SelfEdge, place, "A node cannot wait for itself."));
            }
        }
    }

    private static long LengthOf(IReadOnlyList<Parameter> parameters) => parameters.Sum(p => (long)p.Name.Length + p.Type.Length + p.Value.Length);

    private static long LengthOf(IReadOnlyList<Tag> tags) => tags.Sum(t => (long)t.Key.Length + t.Value.Length);

    internal static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
