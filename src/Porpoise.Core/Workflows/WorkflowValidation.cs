using System.Globalization;

namespace Porpoise.Core.Workflows;

/// <summary>What is wrong with a definition, in the order in which a reader meets it.</summary>
/// <param name="Kind">Which rule it breaks.</param>
/// <param name="Place">Where: a node, an edge or a field of the definition.</param>
/// <param name="Message">What is wrong there, and what would be right.</param>
public sealed record Offence(OffenceKind Kind, string Place, string Message);

public enum OffenceKind
{
    Empty,
    TooLarge,
    BadName,
    DuplicateName,
    BadCode,
    DuplicateCode,
    UnknownTaskType,
    BadRetry,
    UnknownNode,
    SelfEdge,
    Cycle,
}

/// <summary>Says everything that is wrong with a definition; a sound one has no offences and can be compiled to a <see cref="TaskGraph"/>.</summary>
public static class WorkflowValidation
{
    /// <summary>Further offences are not listed: nobody reads the hundredth.</summary>
    public const int OffencesMax = 50;

    public static IReadOnlyList<Offence> Check(WorkflowDefinition definition)
    {
        var offences = new List<Offence>();
        CheckHead(definition, offences);
        var indexes = CheckTasks(definition, offences);
        CheckEdges(definition, indexes, offences);
        if (offences.Count == 0 && FindCycle(definition, indexes) is { } cycle)
        {
            offences.Add(new Offence(OffenceKind.Cycle, "edges", "These nodes wait for each other in a circle: " + cycle + "."));
        }

        return offences.Count <= OffencesMax ? offences : offences[..OffencesMax];
    }

    private static void CheckHead(WorkflowDefinition definition, List<Offence> offences)
    {
        if (string.IsNullOrWhiteSpace(definition.Name) || definition.Name.Length > WorkflowLimits.NameLengthMax)
        {
            offences.Add(new Offence(OffenceKind.BadName, "name", Invariant($"A workflow's name has 1 to {WorkflowLimits.NameLengthMax} characters.")));
        }

        if (definition.Description.Length > WorkflowLimits.DescriptionLengthMax)
        {
            offences.Add(new Offence(OffenceKind.TooLarge, "description", Invariant($"A description has at most {WorkflowLimits.DescriptionLengthMax} characters.")));
        }

        if (definition.Tasks.Count == 0)
        {
            offences.Add(new Offence(OffenceKind.Empty, "tasks", "A workflow has at least one node."));
        }

        if (definition.Tasks.Count > WorkflowLimits.TasksMax || definition.Edges.Count > WorkflowLimits.EdgesMax)
        {
            offences.Add(new Offence(
                OffenceKind.TooLarge,
                "tasks",
                Invariant($"A workflow has at most {WorkflowLimits.TasksMax} nodes and {WorkflowLimits.EdgesMax} edges; this one has {definition.Tasks.Count} and {definition.Edges.Count}.")));
        }
    }

    private static Dictionary<TaskCode, int> CheckTasks(WorkflowDefinition definition, List<Offence> offences)
    {
        var indexes = new Dictionary<TaskCode, int>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < definition.Tasks.Count && offences.Count < OffencesMax; i++)
        {
            var task = definition.Tasks[i];
            var place = Invariant($"node {i + 1} '{task.Name}'");
            if (string.IsNullOrWhiteSpace(task.Name) || task.Name.Length > WorkflowLimits.NameLengthMax)
            {
                offences.Add(new Offence(OffenceKind.BadName, place, Invariant($"A node's name has 1 to {WorkflowLimits.NameLengthMax} characters.")));
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

            if (!TaskTypes.IsKnown(task.Type))
            {
                offences.Add(new Offence(OffenceKind.UnknownTaskType, place, $"The task type '{task.Type}' cannot be run by this version; it runs {TaskTypes.Shell} and {TaskTypes.Noop}."));
            }

            if (task.RetryMax is < 0 or > WorkflowLimits.RetriesMax || task.RetryInterval < TimeSpan.Zero || task.RetryInterval > WorkflowLimits.RetryIntervalMax || task.RetryInterval.Ticks % TimeSpan.TicksPerSecond != 0)
            {
                offences.Add(new Offence(OffenceKind.BadRetry, place, Invariant($"A node has 0 to {WorkflowLimits.RetriesMax} retries, whole seconds and at most {WorkflowLimits.RetryIntervalMax.TotalDays} days apart.")));
            }
        }

        return indexes;
    }

    private static void CheckEdges(WorkflowDefinition definition, Dictionary<TaskCode, int> indexes, List<Offence> offences)
    {
        for (var i = 0; i < definition.Edges.Count && offences.Count < OffencesMax; i++)
        {
            var edge = definition.Edges[i];
            var place = Invariant($"edge {i + 1} ({edge.From} to {edge.To})");
            foreach (var end in (ReadOnlySpan<TaskCode>)[edge.From, edge.To])
            {
                if (!indexes.ContainsKey(end))
                {
                    offences.Add(new Offence(OffenceKind.UnknownNode, place, Invariant($"No node of this workflow has the code {end}.")));
                }
            }

            if (edge.From == edge.To)
            {
                offences.Add(new Offence(OffenceKind.SelfEdge, place, "A node cannot wait for itself."));
            }
        }
    }

    /// <summary>Peels off nodes without open predecessors; what remains holds a cycle, which is then walked once so that it can be named in order.</summary>
    private static string? FindCycle(WorkflowDefinition definition, Dictionary<TaskCode, int> indexes)
    {
        var graph = TaskGraph.Of(definition);
        var open = new int[graph.Count];
        var ready = new Queue<int>(graph.Roots);
        for (var i = 0; i < graph.Count; i++)
        {
            open[i] = graph.PredecessorCountOf(i);
        }

        var peeled = 0;
        while (ready.TryDequeue(out var index))
        {
            peeled++;
            foreach (var successor in graph.SuccessorsOf(index))
            {
                if (--open[successor] == 0)
                {
                    ready.Enqueue(successor);
                }
            }
        }

        if (peeled == graph.Count)
        {
            return null;
        }

        // Every node that is left has a predecessor that is left: walking backwards must come round.
        var predecessor = new int[graph.Count];
        foreach (var edge in definition.Edges)
        {
            var (from, to) = (indexes[edge.From], indexes[edge.To]);
            if (open[from] > 0 && open[to] > 0)
            {
                predecessor[to] = from;
            }
        }

        var at = Array.FindIndex(open, o => o > 0);
        var visited = new HashSet<int>();
        while (visited.Add(at))
        {
            at = predecessor[at];
        }

        var start = at;
        var names = new List<string>();
        do
        {
            names.Add(graph.Tasks[at].Name);
            at = predecessor[at];
        }
        while (at != start);
        names.Reverse();
        names.Add(names[0]);
        return string.Join(" → ", names.Select(n => $"'{n}'"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
