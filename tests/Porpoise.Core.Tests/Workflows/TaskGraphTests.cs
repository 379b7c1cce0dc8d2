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
}
