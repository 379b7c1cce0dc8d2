using Porpoise.Bench.Limits;
using Porpoise.Bench.Reports;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>W3 and W4: one large run at a time, from its start to the answer that it succeeded. The first warms up, the median of five counts.</summary>
internal static class SingleRuns
{
    private const int FanWidth = 1_000;
    private const int ChainLength = 200;
    private const int Repetitions = 5;

    public static void MeasureFan(Trial trial)
    {
        var (first, seconds) = Time(trial, Shape.Fan(FanWidth));
        trial.Add("w3.first_run", "s", first);
        trial.Add("w3.run", "s", seconds);
    }

    public static void MeasureChain(Trial trial)
    {
        var before = DurableCommits.SqliteInsert(trial.DataRoot);
        var (first, seconds) = Time(trial, Shape.Chain(ChainLength));
        var commit = (before + DurableCommits.SqliteInsert(trial.DataRoot)) / 2;
        var step = seconds * 1000 / ChainLength;
        trial.Add("w4.first_step", "ms", first * 1000 / ChainLength);
        trial.Add("w4.step", "ms", step);
        trial.Add("w4.sqlite_commit", "ms", commit);
        trial.Add("w4.step_to_commit", "ratio", step / commit);
    }

    private static (double First, double Median) Time(Trial trial, Shape shape)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        var start = caller.Calls.Start(caller.Define(shape));
        var first = caller.TimeRun(start);
        var times = Enumerable.Range(0, Repetitions).Select(_ => caller.TimeRun(start)).Order().ToList();
        return (first, Sheet.Percentile(times, 0.5));
    }
}
