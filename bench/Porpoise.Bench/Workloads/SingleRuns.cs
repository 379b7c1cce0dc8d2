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
    private const int AgeingRuns = 30;

    public static void MeasureFan(Trial trial)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        var start = caller.Calls.Start(caller.Define(Shape.Fan(FanWidth)));
        trial.Add("w3.first_run", "s", caller.TimeRun(start));
        trial.Add("w3.run", "s", MedianRun(caller, start));
    }

    /// <summary>
    /// Twice: on a young store, whose log still grows with each commit, and after so many steps that the log is written over, which the
    /// disk does faster.
    /// </summary>
    public static void MeasureChain(Trial trial)
    {
        var before = DurableCommits.SqliteInsert(trial.DataRoot);
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        var start = caller.Calls.Start(caller.Define(Shape.Chain(ChainLength)));
        var first = MillisecondsPerStep(caller.TimeRun(start));
        var young = MillisecondsPerStep(MedianRun(caller, start));
        for (var i = 0; i < AgeingRuns; i++)
        {
            _ = caller.TimeRun(start);
        }

        var old = MillisecondsPerStep(MedianRun(caller, start));
        var commit = (before + DurableCommits.SqliteInsert(trial.DataRoot)) / 2;
        trial.Add("w4.first_step", "ms", first);
        trial.Add("w4.step", "ms", young);
        trial.Add("w4.old_store_step", "ms", old);
        trial.Add("w4.sqlite_commit", "ms", commit);
        trial.Add("w4.step_to_commit", "ratio", young / commit);
        trial.Add("w4.old_store_step_to_commit", "ratio", old / commit);
    }

    private static double MillisecondsPerStep(double seconds) => seconds * 1000 / ChainLength;

    private static double MedianRun(Caller caller, byte[] start) =>
        Sheet.Percentile(Enumerable.Range(0, Repetitions).Select(_ => caller.TimeRun(start)).Order().ToList(), 0.5);
}
