using System.Globalization;

namespace Porpoise.Core.Workflows;

/// <summary>Finds nodes that wait for each other in a circle.</summary>
internal static class Cycle
{
    /// <summary>Names in a message; of a larger circle the first ones.</summary>
    private const int NamesMax = 100;

    /// <summary>
    /// Circles that have no node in common, at most <paramref name="max"/>: of each the names of its nodes in the order of its edges, the first one again at the
    /// end, and the index of a node on it. Empty when there is none. All edges must lead to nodes.
    /// </summary>
    public static IReadOnlyList<(string Names, int Node)> Find(WorkflowDefinition definition, int max)
    {
        var graph = TaskGraph.Of(definition);
        var order = graph.InOrder();
        return order.Count == graph.Count ? [] : [.. new Rest(graph, order).TakeCircles().Take(max)];
    }

    /// <summary>The nodes that no order has a place for: each has a predecessor that is one of them, so that walking backwards must come round.</summary>
    private sealed class Rest
    {
        private readonly TaskGraph _graph;
        private readonly bool[] _isLeft;

        /// <summary>Of each node that is left, those of its predecessors that may be left.</summary>
        private readonly Stack<int>[] _predecessors;

        /// <summary>Of each node that is left, how many of its predecessors are.</summary>
        private readonly int[] _waiting;

        public Rest(TaskGraph graph, IReadOnlyList<int> order)
        {
            _graph = graph;
            _isLeft = Enumerable.Repeat(true, graph.Count).ToArray();
            foreach (var index in order)
            {
                _isLeft[index] = false;
            }

            _predecessors = [.. _isLeft.Select(_ => new Stack<int>())];
            _waiting = new int[graph.Count];
            for (var from = 0; from < graph.Count; from++)
            {
                foreach (var to in graph.SuccessorsOf(from))
                {
                    if (_isLeft[from])
                    {
                        _predecessors[to].Push(from);
                        _waiting[to]++;
                    }
                }
            }
        }

        public IEnumerable<(string Names, int Node)> TakeCircles()
        {
            for (var first = 0; first < _graph.Count; first++)
            {
                while (_isLeft[first])
                {
                    var circle = FindBefore(first);
                    Remove(circle);
                    yield return (NamesOf(circle), circle[^1]);
                }
            }
        }

        /// <summary>The circle that is met on the way back from a node, in the order of its edges.</summary>
        private List<int> FindBefore(int node)
        {
            var visited = new HashSet<int>();
            while (visited.Add(node))
            {
                node = PredecessorOf(node);
            }

            var circle = new List<int>();
            for (var at = node; circle.Count == 0 || at != node; at = PredecessorOf(at))
            {
                circle.Add(at);
            }

            circle.Reverse();
            return circle;
        }

        private int PredecessorOf(int node)
        {
            var predecessors = _predecessors[node];
            while (!_isLeft[predecessors.Peek()])
            {
                predecessors.Pop(); // what is not left never is again
            }

            return predecessors.Peek();
        }

        /// <summary>Takes away the nodes of a circle, and with them those that waited for nothing else.</summary>
        private void Remove(List<int> circle)
        {
            circle.ForEach(node => _isLeft[node] = false);
            var removed = new Queue<int>(circle);
            while (removed.TryDequeue(out var node))
            {
                foreach (var next in _graph.SuccessorsOf(node))
                {
                    if (--_waiting[next] == 0 && _isLeft[next])
                    {
                        _isLeft[next] = false;
                        removed.Enqueue(next);
                    }
                }
            }
        }

        private string NamesOf(List<int> circle)
        {
            var names = circle.Select(index => $"'{_graph.Tasks[index].Name}'").ToList();
            var more = names.Count <= NamesMax ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{names.Count - NamesMax} more")];
            return string.Join(" → ", [.. names.Take(NamesMax), .. more, names[0]]);
        }
    }
}
