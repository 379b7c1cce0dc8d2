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

    /// <summary>True when there is something to write.</summary>
    public bool HasChanges => Changes.Count > 0 || State is not null;
}
