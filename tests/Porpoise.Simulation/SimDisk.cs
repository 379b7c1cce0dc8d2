using Porpoise.Core.Tasks;

namespace Porpoise.Simulation;

/// <summary>What outlives a crash of the server: claim files, processes, exit codes.</summary>
public sealed class SimDisk(SimScheduler scheduler, Checker checker)
{
    private readonly Dictionary<AttemptKey, SimProcess> _processes = [];

    public SimProcess Of(AttemptKey key)
    {
        if (!_processes.TryGetValue(key, out var process))
        {
            process = new SimProcess();
            _processes.Add(key, process);
        }

        return process;
    }

    /// <summary>What the shim does: claim, then run. False: somebody was there before.</summary>
    /// <param name="key">Which attempt.</param>
    /// <param name="script">What it will do.</param>
    /// <param name="ignoreClaim">A planted bug.</param>
    /// <param name="isUnknown">Started by a zombie: its successor may not know of it yet.</param>
    public bool TryStart(AttemptKey key, SimScript script, bool ignoreClaim, bool isUnknown)
    {
        var process = Of(key);
        if (process.IsClaimed && !ignoreClaim)
        {
            return false;
        }

        process.IsClaimed = true;
        checker.OnProcessStarted(key, isUnknown);
        process.IsAlive = true;
        scheduler.Start(async () =>
        {
            await scheduler.DelayAsync(script.Duration);
            if (process.IsAlive)
            {
                process.ExitCode = script.Vanishes ? null : script.ExitCode;
                checker.OnProcessEnded(key, process.ExitCode);
                process.End();
            }
        });
        return true;
    }

    public void Kill(AttemptKey key)
    {
        var process = Of(key);
        if (process.IsAlive)
        {
            checker.OnProcessEnded(key, null);
            process.End();
        }
    }
}

/// <summary>One attempt's files and process.</summary>
public sealed class SimProcess
{
    private readonly TaskCompletionSource _ended = new();

    /// <summary>The claim file exists: by the shim, or as a revocation.</summary>
    public bool IsClaimed { get; set; }

    public bool IsAlive { get; set; }

    public int? ExitCode { get; set; }

    public Task Ended => _ended.Task;

    public void End()
    {
        IsAlive = false;
        _ended.TrySetResult();
    }
}

/// <summary>What a task's attempt will do, drawn when it is started.</summary>
public readonly record struct SimScript(TimeSpan Duration, int ExitCode, bool Vanishes);
