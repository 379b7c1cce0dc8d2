using CsCheck;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Workflows;

public sealed class TaskGraphTests
{
    [Fact]
    public void Nodes_keep_the_order_of_the_definition_whatever_their_codes()
    {
        var graph = TaskGraph.Of(Of([Shell(9, "a"), Shell(3, "b"), Noop(5, "c")], Edge(3, 9), Edge(5, 9)));
        Assert.Equal(3, graph.Count);
        Assert.Equal(["a", "b", "c"], graph.Tasks.Select(t => t.Name));
        Assert.Equal([1, 2], graph.Roots);
        Assert.Equal([0], graph.SuccessorsOf(1).ToArray());
        Assert.Equal([0], graph.SuccessorsOf(2).ToArray());
        Assert.Empty(graph.SuccessorsOf(0).ToArray());
    }

    [Fact]
    public void A_node_knows_how_many_it_waits_for_and_who_waits_for_it()
    {
        var graph = Graph([Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Shell(3, "d")], Edge(0, 1), Edge(0, 2), Edge(1, 3), Edge(2, 3));
        Assert.Equal([0, 1, 1, 2], Enumerable.Range(0, 4).Select(graph.PredecessorCountOf));
        Assert.Equal([1, 2], graph.SuccessorsOf(0).ToArray());
        Assert.Equal([0], graph.Roots);
    }

    [Fact]
    public void A_repeated_edge_counts_once()
    {
        var graph = Graph([Shell(0, "a"), Shell(1, "b")], Edge(0, 1), Edge(0, 1), Edge(0, 1));
        Assert.Equal(1, graph.PredecessorCountOf(1));
        Assert.Equal([1], graph.SuccessorsOf(0).ToArray());
    }

    [Fact]
    public void Only_a_NOOP_is_completed_without_a_worker()
    {
        var graph = Graph([Shell(0, "a"), Noop(1, "b")]);
        Assert.False(graph.IsNoop(0));
        Assert.True(graph.IsNoop(1));
    }

    [Fact]
    public void Without_edges_every_node_is_a_root()
    {
        var graph = Graph([Shell(0, "a"), Shell(1, "b"), Shell(2, "c")]);
        Assert.Equal([0, 1, 2], graph.Roots);
    }

    [Fact]
    public void In_order_each_node_comes_once_and_after_those_it_waits_for() => Gen.Select(Gen.Int[1, 30], Gen.Select(Gen.Int[0, 29], Gen.Int[0, 29]).Array[0, 80]).Sample((count, pairs) =>
    {
        // Edges from the larger number to the smaller: never a circle, and against the order in which the nodes are listed.
        Edge[] edges = [.. pairs.Where(p => p.Item1 < count && p.Item2 < count && p.Item1 > p.Item2).Select(p => Edge(p.Item1, p.Item2))];
        var order = Graph([.. Enumerable.Range(0, count).Select(i => Noop(i, $"n{i}"))], edges).InOrder().ToList();
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.All(pairs.Where(p => p.Item1 < count && p.Item1 > p.Item2), p => Assert.True(order.IndexOf(p.Item1) < order.IndexOf(p.Item2)));
    });

    [Fact]
    public void In_order_the_nodes_of_a_circle_and_those_behind_it_are_missing()
    {
        var graph = Graph([Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Shell(3, "d"), Shell(4, "e")], Edge(0, 1), Edge(1, 2), Edge(2, 1), Edge(2, 3), Edge(0, 4));
        Assert.Equal([0, 4], graph.InOrder());
    }
}
