using Porpoise.Bench.Machine;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>How soon the server is ready: for the first time ever, on a folder it knows, and with ten thousand unfinished runs after a crash. And what it needs idle.</summary>
internal static class ColdStart
{
    private const int Unfinished = 10_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static void Measure(Trial trial)
    {
        var first = trial.StartServer(slots: 1);
        trial.Add("cold.first_start", "s", first.SecondsToReady);
        first.Stop();

        var second = trial.StartServer(first.DataFolder, slots: 1);
        trial.Add("cold.start", "s", second.SecondsToReady);
        Thread.Sleep(Settling);
        trial.Add("cold.idle_rss", "MB", ProcessFigures.ResidentMb(second.Pid));
        trial.Add("cold.idle_pss", "MB", ProcessFigures.ProportionalMb(second.Pid));
        using (var caller = new Caller(second))
        {
            var start = caller.Calls.Start(caller.Define(Shape.Shell("sleep", "exec sleep 1000")));
            _ = Throughput.StartMany(second.Port, start, Unfinished);
        }

        second.Crash();
        using var third = trial.StartServer(second.DataFolder, slots: 1);
        trial.Add("cold.start_10000_unfinished", "s", third.SecondsToReady);
    }
}
