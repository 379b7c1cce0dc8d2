using System.Globalization;

namespace Porpoise.Core.Workflows;

/// <summary>Finds nodes that wait for each other in a circle.</summary>
internal static class Cycle
{
    /// <summary>Names in a message; of a larger circle the first ones.</summary>
    private const int NamesMax = 100;

    /// <summary>The names of the nodes of one circle in the order of its edges, the first one again at the end, and the index of a node on it; null when there is none. All edges must lead to nodes.</summary>
    public static (string Names, int Node)? Find(WorkflowDefinition definition)
    {
        var graph = TaskGraph.Of(definition);
        var order = graph.InOrder();
        if (order.Count == graph.Count)
        {
            return null;
        }

        var isLeft = Enumerable.Repeat(true, graph.Count).ToArray();
        foreach (var index in order)
        {
            isLeft[index] = false;
        }

        // Every node that is left has a predecessor that is left: walking backwards must come round.
        var predecessor = new int[graph.Count];
        for (var from = 0; from < graph.Count; from++)
        {
            foreach (var to in graph.SuccessorsOf(from))
            {
                if (isLeft[from] && isLeft[to])
                {
                    predecessor[to] = from;
                }
            }
        }

        var at = Array.IndexOf(isLeft, true);
        var visited = new HashSet<int>();
        while (visited.Add(at))
        {
            at = predecessor[at];
        }

        var start = at;
        var names = new List<string>();
        do
        {
            names.Add($"'{graph.Tasks[at].Name}'");
            at = predecessor[at];
        }
        while (at != start);
        names.Reverse();
        var more = names.Count <= NamesMax ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{names.Count - NamesMax} more")];
        return (string.Join(" → ", [.. names.Take(NamesMax), .. more, names[0]]), start);
    }
}
