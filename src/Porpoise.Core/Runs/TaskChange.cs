using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

/// <summary>One thing to write about a task instance. Several about the same task are written in their order.</summary>
public abstract record TaskChange(int Index, DateTimeOffset At)
{
    /// <summary>First row of the task, or the first step after <see cref="Reset"/>: it is ready and waits for a slot, or for its delay to be over (<see cref="Due"/>).</summary>
    public sealed record Submitted(int Index, DateTimeOffset At) : TaskChange(Index, At)
    {
        /// <summary>Null: at once.</summary>
        public DateTimeOffset? Due { get; init; }
    }

    /// <summary>A NOOP runs: its first row, or the first step after <see cref="Reset"/>, or the step after its delay.</summary>
    public sealed record NoopStarted(int Index, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>The intent to start this attempt; written before any worker hears of it. Its number was never used before.</summary>
    public sealed record AttemptStarted(int Index, int Attempt, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>The attempt ended and the task did not: it is queued again, at once (<paramref name="Due"/> null) or after a wait.</summary>
    public sealed record AttemptFailed(int Index, int Attempt, int? ExitCode, string Message, int Failures, int Losses, DateTimeOffset? Due, DateTimeOffset At)
        : TaskChange(Index, At);

    /// <summary>The wait before a retry is over.</summary>
    public sealed record Requeued(int Index, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>Somebody wants the end of the attempt that runs. Whoever takes the run over has to know.</summary>
    public sealed record StopRequested(int Index, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>The task, which had ended otherwise, counts as succeeded.</summary>
    public sealed record SuccessForced(int Index, TaskState Before, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>The task, which had ended, waits to be run again. It keeps its attempts and goes on with their numbers.</summary>
    public sealed record Reset(int Index, TaskState Before, DateTimeOffset At) : TaskChange(Index, At);

    /// <summary>The task has its final state; <paramref name="Attempt"/> is the attempt that ended with it, 0 if none was active.</summary>
    public sealed record Ended(int Index, int Attempt, TaskState State, int? ExitCode, string Message, int Failures, int Losses, DateTimeOffset At) : TaskChange(Index, At)
    {
        /// <summary>Of a task that succeeded: what it gave to those after it.</summary>
        public IReadOnlyDictionary<string, string> Outputs { get; init; } = TaskOutputs.None;
    }
}
