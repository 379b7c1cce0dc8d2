namespace Porpoise.Core.Workflows;

/// <summary>
/// A definition compiled for running: nodes are numbered by their position, and each knows its successors, so that deciding
/// what follows an event costs O(out-degree). Built once per version, shared by all its runs, never changed.
/// </summary>
public sealed class TaskGraph
{
    private readonly int[][] _successors;
    private readonly int[] _predecessorCounts;

    private TaskGraph(IReadOnlyList<TaskDefinition> tasks, int[][] successors, int[] predecessorCounts, int[] roots)
    {
        Tasks = tasks;
        _successors = successors;
        _predecessorCounts = predecessorCounts;
        Roots = roots;
    }

    /// <summary>The nodes, by index.</summary>
    public IReadOnlyList<TaskDefinition> Tasks { get; }

    /// <summary>The nodes without a predecessor.</summary>
    public IReadOnlyList<int> Roots { get; }

    public int Count => Tasks.Count;

    /// <summary>Nodes that are run.</summary>
    public int EnabledCount { get; private init; }

    public bool HasDisabled => EnabledCount < Count;

    /// <summary>True when the node is not run: what waits for it waits for what it would wait for.</summary>
    public bool IsDisabled(int index) => Tasks[index].IsDisabled;

    /// <summary>How long a run may take; null: as long as it likes.</summary>
    public TimeLimit? TimeLimit { get; private init; }

    public ReadOnlySpan<int> SuccessorsOf(int index) => _successors[index];

    public int PredecessorCountOf(int index) => _predecessorCounts[index];

    /// <summary>True when the engine completes the node by itself, without a worker.</summary>
    public bool IsNoop(int index) => Tasks[index].Type == TaskTypes.Noop;

    /// <summary>Each node after those it waits for; otherwise as the definition lists them. Nodes of a circle are missing, and those behind one.</summary>
    public IReadOnlyList<int> InOrder()
    {
        var waiting = (int[])_predecessorCounts.Clone();
        var ready = new Queue<int>(Roots);
        var order = new List<int>(Count);
        while (ready.TryDequeue(out var index))
        {
            order.Add(index);
            foreach (var next in SuccessorsOf(index))
            {
                if (--waiting[next] == 0)
                {
                    ready.Enqueue(next);
                }
            }
        }

        return order;
    }

    /// <summary>Compiles a definition that <see cref="WorkflowValidation"/> found sound. Repeated edges count once.</summary>
    public static TaskGraph Of(WorkflowDefinition definition)
    {
        var tasks = definition.Tasks;
        var indexes = new Dictionary<TaskCode, int>(tasks.Count);
        for (var i = 0; i < tasks.Count; i++)
        {
            indexes.Add(tasks[i].Code, i);
        }

        var seen = new HashSet<(int, int)>(definition.Edges.Count);
        var successors = new List<int>?[tasks.Count];
        var predecessorCounts = new int[tasks.Count];
        foreach (var edge in definition.Edges)
        {
            var (from, to) = (indexes[edge.From], indexes[edge.To]);
            if (seen.Add((from, to)))
            {
                (successors[from] ??= []).Add(to);
                predecessorCounts[to]++;
            }
        }

        var roots = new List<int>();
        for (var i = 0; i < tasks.Count; i++)
        {
            if (predecessorCounts[i] == 0)
            {
                roots.Add(i);
            }
        }

        return new TaskGraph(tasks, [.. successors.Select(s => s?.ToArray() ?? [])], predecessorCounts, [.. roots])
        {
            TimeLimit = definition.TimeLimit,
            EnabledCount = tasks.Count(t => !t.IsDisabled),
        };
    }
}
