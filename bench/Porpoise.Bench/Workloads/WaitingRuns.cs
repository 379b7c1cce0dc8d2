using Porpoise.Bench.Machine;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>A hundred thousand runs that wait for the only slot: how fast they are taken, and what they cost in memory.</summary>
internal static class WaitingRuns
{
    private const int Count = 100_000;

    public static void Measure(Trial trial)
    {
        using var server = trial.StartServer(slots: 1);
        using var caller = new Caller(server);
        var sleep = caller.Define(Shape.Shell("occupy", "exec sleep 1000"));
        var wait = caller.Define(Shape.Shell("wait", "/bin/true"));
        _ = caller.Start(caller.Calls.Start(sleep));
        var seconds = Throughput.StartMany(server.Port, caller.Calls.Start(wait), Count);
        trial.Add("waiting.starts", "/s", Count / seconds);
        trial.Add("waiting.rss", "MB", ProcessFigures.ResidentMb(server.Pid));
        trial.Add("waiting.pss", "MB", ProcessFigures.ProportionalMb(server.Pid));
        trial.Add("waiting.peak_rss", "MB", ProcessFigures.PeakResidentMb(server.Pid));
    }
}
