using CsCheck;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>Small graphs of every shape: from no edges at all to a full order, with NOOPs, retries, waits and time limits.</summary>
internal static class RandomDefinition
{
    public static readonly Gen<FailureStrategy> Strategy = Gen.OneOfConst(FailureStrategy.End, FailureStrategy.Continue);

    private static readonly Gen<TimeLimitAction> Action = Gen.OneOfConst(TimeLimitAction.Warn, TimeLimitAction.Fail, TimeLimitAction.Fail, TimeLimitAction.WarnAndFail);

    private static readonly Gen<DrawnNode> Node =
        from kind in Gen.Int[0, 4]
        from retryMax in Gen.Int[0, 3]
        from retrySeconds in Gen.OneOfConst(0, 0, 30)
        from limit in LimitOf(chance: 3, seconds: 20)
        from delay in Gen.OneOfConst(0, 0, 0, 0, 0, 15)
        from disabled in Gen.Int[1, 8]
        select new DrawnNode(kind == 0, retryMax, retrySeconds, limit, delay, disabled == 1);

    public static readonly Gen<WorkflowDefinition> Any =
        from nodes in Node.Array[1, 9]
        from density in Gen.OneOfConst(0, 15, 40, 100)
        from seed in Gen.ULong
        from limit in LimitOf(chance: 4, seconds: 60)
        select Draw(nodes, density, new Dice(seed)) with { TimeLimit = limit };

    private static Gen<TimeLimit?> LimitOf(int chance, int seconds) =>
        from hit in Gen.Int[1, chance]
        from action in Action
        select hit == 1 ? new TimeLimit(TimeSpan.FromSeconds(seconds), action) : null;

    private static WorkflowDefinition Draw(DrawnNode[] nodes, int density, Dice dice)
    {
        var tasks = nodes.Select((n, i) => (n.IsNoop ? Noop(i, $"t{i}") : Shell(i, $"t{i}", n.RetryMax, n.RetrySeconds)) with
        {
            TimeLimit = n.Limit,
            Delay = TimeSpan.FromSeconds(n.DelaySeconds),
            IsDisabled = n.IsDisabled && i > 0, // somebody has to run
        }).ToList();
        var order = Enumerable.Range(0, tasks.Count).OrderBy(_ => dice.Below(1000)).ToList();
        var edges =
            from a in Enumerable.Range(0, order.Count)
            from b in Enumerable.Range(a + 1, order.Count - a - 1)
            where dice.Percent(density)
            select Edge(order[a], order[b]);
        return Of(tasks, [.. edges]);
    }

    private sealed record DrawnNode(bool IsNoop, int RetryMax, int RetrySeconds, TimeLimit? Limit, int DelaySeconds, bool IsDisabled);
}
