namespace Porpoise.Worker.Processes;

/// <summary>One attempt's processes, while they are being ended.</summary>
internal sealed class ProcessTree(string tag, ProcessIdentity? shim, bool shimFirst)
{
    /// <summary>The value of <see cref="ProcessTable.TagVariable"/> in its processes' environment.</summary>
    public string Tag { get; } = tag;

    /// <summary>Null if nobody knows it: then only the tag counts.</summary>
    public ProcessIdentity? Shim { get; } = shim;

    /// <summary>Whether the shim dies before its task, so that it can write no exit code.</summary>
    public bool ShimFirst { get; } = shimFirst;

    /// <summary>What its processes get between TERM and KILL; null: what all get.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>When its oldest process can have started, at the earliest.</summary>
    public long Since => Shim?.Start ?? 0;

    /// <summary>Every process once found to belong to it: it still does when its parents are gone and it has wiped its environment.</summary>
    public HashSet<ProcessIdentity> Seen { get; } = [];

    /// <summary>Those alive at the last look.</summary>
    public List<ProcessStat> Alive { get; } = [];

    /// <summary>Whether anything but the shim was ever found alive.</summary>
    public bool HadTask { get; private set; }

    /// <summary>Null: not asked to end yet.</summary>
    public DateTimeOffset? KillAt { get; set; }

    public DateTimeOffset? StuckAt { get; set; }

    public int EmptyLooks { get; set; }

    public TaskCompletionSource Gone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Clear() => Alive.Clear();

    public void Add(ProcessStat process)
    {
        Seen.Add(process.Identity);
        if (process.IsAlive)
        {
            Alive.Add(process);
            HadTask |= process.Identity != Shim;
        }
    }
}
