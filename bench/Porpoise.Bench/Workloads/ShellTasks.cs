using System.Diagnostics;
using Porpoise.Bench.Limits;
using Porpoise.Bench.Load;
using Porpoise.Bench.Machine;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>W5: tasks that start a process. Eight callers in a closed loop, then one run of a thousand tasks at once; both against the bare loop, and against the one that a shell makes.</summary>
internal static class ShellTasks
{
    private const int Callers = BareLoop.AtOnce;
    private const int Count = 2_000;
    private const int WarmUps = 6_000;
    private const int Probes = 500;
    private const int Wide = 1_000;

    public static void Measure(Trial trial)
    {
        var fastest = BareLoop.Variants.MaxBy(variant => BareLoop.Measure(variant, Probes, trial.DataRoot).Rate)!;
        var shell = BareLoop.Measure("xargs", Probes, trial.DataRoot);
        var before = BareLoop.Measure(fastest, Count, trial.DataRoot);
        using var server = trial.StartServer(slots: BareLoop.AtOnce);
        using var caller = new Caller(server);
        var start = caller.Calls.Start(caller.Define(Shape.Shell("one-shell", "/bin/true")));
        _ = RunLoop(server, caller.Calls, start, WarmUps);
        var (own, tasks) = (ProcessFigures.OwnCpuSeconds(server.Pid), ProcessFigures.ChildrenCpuSeconds(server.Pid));
        var loop = Count / RunLoop(server, caller.Calls, start, Count);
        own = ProcessFigures.OwnCpuSeconds(server.Pid) - own;
        tasks = ProcessFigures.ChildrenCpuSeconds(server.Pid) - tasks;
        var wide = Wide / caller.TimeRun(caller.Calls.Start(caller.Define(Shape.Shell("wide-shell", "/bin/true", Wide))));
        var after = BareLoop.Measure(fastest, Count, trial.DataRoot);
        var bare = (before.Rate + after.Rate) / 2;
        trial.Add("w5.bare", "tasks/s", bare);
        trial.Add("w5.loop", "tasks/s", loop);
        trial.Add("w5.loop_to_bare", "ratio", loop / bare);
        trial.Add("w5.wide", "tasks/s", wide);
        trial.Add("w5.wide_to_bare", "ratio", wide / bare);
        trial.Add("w5.xargs", "tasks/s", shell.Rate);
        trial.Add("w5.loop_to_xargs", "ratio", loop / shell.Rate);
        trial.Add("w5.wide_to_xargs", "ratio", wide / shell.Rate);
        trial.Add("w5.bare_cpu", "us/task", (before.Cpu + after.Cpu) / 2 * 1e6);
        trial.Add("w5.server_cpu", "us/task", own / Count * 1e6);
        trial.Add("w5.children_cpu", "us/task", tasks / Count * 1e6);
    }

    private static double RunLoop(Server server, Calls calls, byte[] start, int count)
    {
        using var crowd = new Crowd(server.Port, Callers);
        var waiting = new bool[Callers];
        var left = count;
        var watch = Stopwatch.StartNew();
        crowd.Run((client, answer) =>
        {
            if (answer.Status != 0 && !waiting[client])
            {
                waiting[client] = true;
                return calls.Wait(answer.RunId());
            }

            if (waiting[client])
            {
                answer.RequireSuccess();
                waiting[client] = false;
            }

            return left-- > 0 ? start : default(ReadOnlySpan<byte>);
        });
        return watch.Elapsed.TotalSeconds;
    }
}
