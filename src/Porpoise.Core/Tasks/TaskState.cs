namespace Porpoise.Core.Tasks;

/// <summary>Where a task instance stands. The numbers are what the store holds: never reuse one.</summary>
public enum TaskState
{
    /// <summary>Its predecessors have not all succeeded. No row means waiting; a row with it belongs to a task that ran before its run was run again.</summary>
    Waiting = 0,

    /// <summary>Ready, and in the backlog of its worker group.</summary>
    Queued = 1,

    /// <summary>An attempt was handed to a worker (or the engine is about to complete a NOOP).</summary>
    Running = 2,

    /// <summary>The next attempt is due at a known time: one failed, or none was yet and the node has a delay.</summary>
    RetryWaiting = 3,

    Succeeded = 4,
    Failed = 5,

    /// <summary>Ended by a stop of the task or of the run, or because another task of it failed for good.</summary>
    Killed = 6,
}
