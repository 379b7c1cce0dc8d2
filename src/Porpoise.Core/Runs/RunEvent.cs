using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

/// <summary>Something that happened to a run; the time arrives inside. Tasks are named by their index in the definition.</summary>
public abstract record RunEvent(DateTimeOffset At)
{
    /// <summary>A slot is held for the task. Once the event is acknowledged, the slot is that of the attempt that was started, or free.</summary>
    public sealed record Claimed(int Index, DateTimeOffset At) : RunEvent(At);

    /// <summary>A worker says how an attempt ended.</summary>
    public sealed record AttemptEnded(int Index, int Attempt, AttemptOutcome Outcome, DateTimeOffset At) : RunEvent(At);

    /// <summary>The start of a NOOP is durable: it can be completed.</summary>
    public sealed record NoopDue(int Index, DateTimeOffset At) : RunEvent(At);

    /// <summary>The wait before a retry is over.</summary>
    public sealed record RetryDue(int Index, DateTimeOffset At) : RunEvent(At);

    /// <summary>The attempt's time limit is over, counted from its start.</summary>
    public sealed record AttemptTimeUp(int Index, int Attempt, DateTimeOffset At) : RunEvent(At);

    /// <summary>The run's time limit is over, counted from its start.</summary>
    public sealed record RunTimeUp(DateTimeOffset At) : RunEvent(At);

    /// <summary>Somebody asked to stop the run.</summary>
    public sealed record StopRequested(DateTimeOffset At) : RunEvent(At);

    /// <summary>Somebody asked to stop the task.</summary>
    public sealed record TaskStopRequested(int Index, DateTimeOffset At) : RunEvent(At);

    /// <summary>Somebody says that the task, which has failed or was ended, is to count as succeeded.</summary>
    public sealed record SuccessForced(int Index, DateTimeOffset At) : RunEvent(At);

    /// <summary>Somebody asked for the run, which has ended, to be run again.</summary>
    public sealed record RerunRequested(RerunScope Scope, DateTimeOffset At) : RunEvent(At);

    /// <summary>Nothing happened: the run was taken over, and whatever it waits for is set going again.</summary>
    public sealed record Resumed(DateTimeOffset At) : RunEvent(At);
}
