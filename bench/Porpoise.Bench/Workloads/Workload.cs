namespace Porpoise.Bench.Workloads;

/// <summary>Something to measure, once per run.</summary>
internal sealed record Workload(string Name, Action<Trial> Measure)
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("limits", MachineLimits.Measure),
        new("w1", StartLatency.Measure),
        new("access", StartLatency.MeasureAccess),
        new("policies", PolicyDecisions.Measure),
        new("w2", Throughput.Measure),
        new("w3", SingleRuns.MeasureFan),
        new("w4", SingleRuns.MeasureChain),
        new("w5", ShellTasks.Measure),
        new("cold", ColdStart.Measure),
        new("waiting", WaitingRuns.Measure),
        new("lists", Lists.Measure),
        new("decide", Deciding.Measure),
    ];
}
