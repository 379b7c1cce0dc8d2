namespace Porpoise.Core.Runs;

/// <summary>What a run decided on one or more events: first everything in <see cref="Changes"/> and <see cref="State"/> is made durable at once, then the effects are performed.</summary>
public sealed class Decision
{
    public List<TaskChange> Changes { get; } = [];

    public List<Effect> Effects { get; } = [];

    /// <summary>The run's new state, if it changed.</summary>
    public RunState? State { get; internal set; }

    /// <summary>When it changed.</summary>
    public DateTimeOffset StateAt { get; internal set; }

    /// <summary>
    /// True when it changes a run that had ended, which nobody owns for sure: the write that makes it durable also takes the run over, so the owner's
    /// epoch is one higher afterwards.
    /// </summary>
    public bool IsAfterEnd { get; internal set; }

    /// <summary>The run begins anew: its time limit counts from there. Null: it does not.</summary>
    public RunRestart? Restart { get; internal set; }

    /// <summary>True when there is something to write.</summary>
    public bool HasChanges => Changes.Count > 0 || State is not null;
}
