using Porpoise.Bench.Limits;

namespace Porpoise.Bench.Workloads;

/// <summary>What the machine can do without us: durable commits one at a time, and processes started one after another.</summary>
internal static class MachineLimits
{
    private const int Processes = 1_000;

    public static void Measure(Trial trial)
    {
        trial.Add("limit.append_fdatasync", "ms", DurableCommits.AppendAndSync(trial.DataRoot));
        trial.Add("limit.sqlite_commit", "ms", DurableCommits.SqliteInsert(trial.DataRoot));
        foreach (var variant in BareLoop.Variants)
        {
            trial.Add("limit.bare_loop." + variant, "tasks/s", BareLoop.Measure(variant, Processes, trial.DataRoot).Rate);
        }
    }
}
