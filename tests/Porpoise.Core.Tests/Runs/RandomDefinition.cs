using CsCheck;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>Small graphs of every shape: from no edges at all to a full order, with NOOPs, retries and waits.</summary>
internal static class RandomDefinition
{
    public static readonly Gen<FailureStrategy> Strategy = Gen.OneOfConst(FailureStrategy.End, FailureStrategy.Continue);

    private static readonly Gen<(bool IsNoop, int RetryMax, int RetrySeconds)> Node = Gen.Select(Gen.Int[0, 4].Select(n => n == 0), Gen.Int[0, 3], Gen.OneOfConst(0, 0, 30));

    public static readonly Gen<WorkflowDefinition> Any =
        from nodes in Node.Array[1, 9]
        from density in Gen.OneOfConst(0, 15, 40, 100)
        from seed in Gen.ULong
        select Draw(nodes, density, new Dice(seed));

    private static WorkflowDefinition Draw((bool IsNoop, int RetryMax, int RetrySeconds)[] nodes, int density, Dice dice)
    {
        var tasks = nodes.Select((n, i) => n.IsNoop ? Noop(i, $"t{i}") : Shell(i, $"t{i}", n.RetryMax, n.RetrySeconds)).ToList();
        var order = Enumerable.Range(0, tasks.Count).OrderBy(_ => dice.Below(1000)).ToList();
        var edges =
            from a in Enumerable.Range(0, order.Count)
            from b in Enumerable.Range(a + 1, order.Count - a - 1)
            where dice.Percent(density)
            select Edge(order[a], order[b]);
        return Of(tasks, [.. edges]);
    }
}
