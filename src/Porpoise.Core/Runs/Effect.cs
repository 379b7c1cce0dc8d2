namespace Porpoise.Core.Runs;

/// <summary>What has to be done after a decision is durable. Every effect can be derived again from the rows (<see cref="Run.Resume"/>), so none is stored.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Put the task into the backlog of its worker group.</summary>
    public sealed record Enqueue(int Index) : Effect;

    /// <summary>The task wants nothing any more: take it out of the backlog, and forget when its retry is due.</summary>
    public sealed record Withdraw(int Index) : Effect;

    /// <summary>Hand the attempt to the worker whose slot was claimed. A claim that is acknowledged without this effect has started nothing: its slot is free.</summary>
    public sealed record StartAttempt(int Index, int Attempt) : Effect;

    /// <summary>Ask the worker what became of the attempt: it may have been started before a crash.</summary>
    public sealed record ResumeAttempt(int Index, int Attempt) : Effect;

    /// <summary>End the attempt's process tree.</summary>
    /// <param name="Reason">For people. Who reads the run later knows it less exactly: which task failed first stands in no row.</param>
    public sealed record EndAttempt(int Index, int Attempt, string Reason) : Effect;

    /// <summary>The attempt is over: its slot is free.</summary>
    public sealed record FreeSlot(int Index) : Effect;

    /// <summary>Complete the NOOP.</summary>
    public sealed record CompleteNoop(int Index) : Effect;

    /// <summary>Send <see cref="RunEvent.RetryDue"/> at that time.</summary>
    public sealed record WakeAt(int Index, DateTimeOffset Due) : Effect;

    /// <summary>Send <see cref="RunEvent.AttemptTimeUp"/> at that time, unless the attempt is over before: <see cref="FreeSlot"/> says so.</summary>
    public sealed record WatchAttempt(int Index, int Attempt, DateTimeOffset Until) : Effect;

    /// <summary>Send <see cref="RunEvent.RunTimeUp"/> at that time, unless the run has ended before.</summary>
    public sealed record WatchRun(DateTimeOffset Until) : Effect;

    /// <summary>Say in the log that the attempt takes longer than it may. The one kind of effect that a crash can lose.</summary>
    public sealed record WarnOfAttempt(int Index, int Attempt, TimeSpan Limit) : Effect;

    /// <summary>Say in the log that the run takes longer than it may.</summary>
    public sealed record WarnOfRun(TimeSpan Limit) : Effect;

    /// <summary>Tell whoever waits for the end of the run.</summary>
    public sealed record AnnounceEnd(RunState State) : Effect;
}
