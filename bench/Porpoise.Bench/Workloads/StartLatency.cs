using System.Diagnostics;
using Porpoise.Bench.Load;
using Porpoise.Bench.Reports;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>W1: one NOOP, one run at a time, signed starts. How long until the start is acknowledged, and until the run is known to be complete.</summary>
internal static class StartLatency
{
    private const int WarmUps = 50;
    private const int Count = 500;

    /// <summary>The same starts on one server, by turns: with the owner's token, and signed by a user whom policies and a role in the workspace let through.</summary>
    public static void MeasureAccess(Trial trial)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        using var connection = new Connection(server.Port);
        var workflow = caller.Define(Shape.Single);
        var user = new Calls(server, caller.CreateUser("ann"));
        var (token, signed) = (new List<double>(Count), new List<double>(Count));
        for (var i = 0; i < 2 * (WarmUps + Count); i++)
        {
            var isSigned = i % 2 == 1;
            var start = isSigned ? user.SignedStart(workflow) : caller.Calls.Start(workflow);
            var begin = Stopwatch.GetTimestamp();
            var run = connection.Exchange(start).RunId();
            var acknowledged = Stopwatch.GetElapsedTime(begin);
            connection.Exchange(caller.Calls.Wait(run)).RequireSuccess();
            if (i >= 2 * WarmUps)
            {
                (isSigned ? signed : token).Add(acknowledged.TotalMilliseconds);
            }
        }

        Report(trial, "access.token", token);
        Report(trial, "access.signed", signed);
        trial.Add("access.cost.p50", "ms", Sheet.Percentile(signed, 0.50) - Sheet.Percentile(token, 0.50));
    }

    public static void Measure(Trial trial)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        using var connection = new Connection(server.Port);
        var workflow = caller.Define(Shape.Single);
        var starts = Enumerable.Range(0, WarmUps + Count).Select(_ => caller.Calls.SignedStart(workflow)).ToList();
        var (started, done) = (new List<double>(Count), new List<double>(Count));
        for (var i = 0; i < starts.Count; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            var run = connection.Exchange(starts[i]).RunId();
            var acknowledged = Stopwatch.GetElapsedTime(begin);
            connection.Exchange(caller.Calls.Wait(run)).RequireSuccess();
            if (i >= WarmUps)
            {
                started.Add(acknowledged.TotalMilliseconds);
                done.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
        }

        Report(trial, "w1.start", started);
        Report(trial, "w1.done", done);
    }

    private static void Report(Trial trial, string name, List<double> times)
    {
        times.Sort();
        trial.Add(name + ".p50", "ms", Sheet.Percentile(times, 0.50));
        trial.Add(name + ".p95", "ms", Sheet.Percentile(times, 0.95));
        trial.Add(name + ".p99", "ms", Sheet.Percentile(times, 0.99));
    }
}
