using System.Diagnostics;
using Porpoise.Bench.Load;
using Porpoise.Bench.Machine;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>W2: chains of three NOOPs, 64 starters; from the first start until all are complete. First on a server that has run nothing yet, then warm.</summary>
internal static class Throughput
{
    private const int Starters = 64;
    private const int ColdCount = 3_000;
    private const int WarmCount = 20_000;

    public static void Measure(Trial trial)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        var start = caller.Calls.Start(caller.Define(Shape.Chain(3)));
        var cold = MeasureRuns(server, caller, start, ColdCount, already: 0);
        trial.Add("w2.cold.workflows", "/s", ColdCount / cold.Total);
        trial.Add("w2.cold.starts", "/s", ColdCount / cold.Starts);

        var cpu = (Server: ProcessFigures.CpuSeconds(server.Pid), Load: ProcessFigures.CpuSeconds(Environment.ProcessId));
        var warm = MeasureRuns(server, caller, start, WarmCount, already: ColdCount);
        trial.Add("w2.workflows", "/s", WarmCount / warm.Total);
        trial.Add("w2.starts", "/s", WarmCount / warm.Starts);
        trial.Add("w2.server_cpu", "us/workflow", (ProcessFigures.CpuSeconds(server.Pid) - cpu.Server) / WarmCount * 1e6);
        trial.Add("w2.load_cpu", "us/workflow", (ProcessFigures.CpuSeconds(Environment.ProcessId) - cpu.Load) / WarmCount * 1e6);
        trial.Add("w2.peak_rss", "MB", ProcessFigures.PeakResidentMb(server.Pid));
    }

    /// <summary>Starts so many runs as fast as the server takes them; seconds.</summary>
    public static double StartMany(int port, byte[] start, int count)
    {
        using var crowd = new Crowd(port, Starters);
        var left = count;
        var watch = Stopwatch.StartNew();
        crowd.Run((_, answer) =>
        {
            if (answer.Status != 0)
            {
                _ = answer.RunId();
            }

            return left-- > 0 ? start : default(ReadOnlySpan<byte>);
        });
        return watch.Elapsed.TotalSeconds;
    }

    private static (double Starts, double Total) MeasureRuns(Server server, Caller caller, byte[] start, int count, int already)
    {
        var watch = Stopwatch.StartNew();
        var starts = StartMany(server.Port, start, count);
        caller.WaitForSucceeded(already + count);
        return (starts, watch.Elapsed.TotalSeconds);
    }
}
