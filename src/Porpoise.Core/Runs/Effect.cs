namespace Porpoise.Core.Runs;

/// <summary>What has to be done after a decision is durable. Every effect can be derived again from the rows (<see cref="Run.Resume"/>), so none is stored.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Put the task into the backlog of its worker group.</summary>
    public sealed record Enqueue(int Index) : Effect;

    /// <summary>Take the task out of the backlog again.</summary>
    public sealed record Withdraw(int Index) : Effect;

    /// <summary>Hand the attempt to the worker whose slot was claimed.</summary>
    public sealed record StartAttempt(int Index, int Attempt) : Effect;

    /// <summary>Ask the worker what became of the attempt: it may have been started before a crash.</summary>
    public sealed record ResumeAttempt(int Index, int Attempt) : Effect;

    /// <summary>End the attempt's process tree.</summary>
    public sealed record EndAttempt(int Index, int Attempt) : Effect;

    /// <summary>The attempt is over, or the claim is not wanted: the slot is free.</summary>
    public sealed record FreeSlot(int Index) : Effect;

    /// <summary>Complete the NOOP.</summary>
    public sealed record CompleteNoop(int Index) : Effect;

    /// <summary>Send <see cref="RunEvent.RetryDue"/> at that time.</summary>
    public sealed record WakeAt(int Index, DateTimeOffset Due) : Effect;

    /// <summary>Tell whoever waits for the end of the run.</summary>
    public sealed record AnnounceEnd(RunState State) : Effect;
}
