namespace Porpoise.Simulation;

/// <summary>Bugs that can be planted to prove that the checkers find them. They live here, outside the product.</summary>
public enum PlantedBug
{
    None,

    /// <summary>A write is taken though its owner epoch is old.</summary>
    FenceDropped,

    /// <summary>The wait before a retry is never over.</summary>
    TimerLost,

    /// <summary>One retry too many.</summary>
    RetryOffByOne,

    /// <summary>A decision is acted upon, and acknowledged, before it is durable.</summary>
    AcknowledgedBeforeCommit,

    /// <summary>A task that became ready is not put into the backlog.</summary>
    WakeUpLost,

    /// <summary>An attempt starts though its claim was taken or revoked.</summary>
    ClaimIgnored,

    /// <summary>A task does not wait for one of its predecessors.</summary>
    EdgeForgotten,

    /// <summary>After a restart, nobody asks what became of the attempts that were running.</summary>
    RunningForgotten,

    /// <summary>The slot of an attempt that ended is not given back.</summary>
    SlotLeaked,

    /// <summary>A take-over forgets that the run is being stopped.</summary>
    StopForgotten,

    /// <summary>A report that failed is not repeated.</summary>
    ReportNotRepeated,

    /// <summary>A take-over forgets the newest attempt's number.</summary>
    AttemptNumberReused,

    /// <summary>After a restart, tasks count in another queue than before.</summary>
    QueueForgotten,

    /// <summary>After a restart, tasks want a slot of another worker group than before.</summary>
    GroupForgotten,

    /// <summary>A run has more tasks at once than its definition says.</summary>
    ParallelismForgotten,

    /// <summary>A take-over forgets when the running attempts were started, and so when they have to be over.</summary>
    DeadlineLost,

    /// <summary>Nobody looks at the time limit of a run.</summary>
    RunDeadlineLost,

    /// <summary>A take-over forgets that a task is to be stopped.</summary>
    TaskStopForgotten,

    /// <summary>A take-over forgets that the run began anew, and counts its time from its first start.</summary>
    RestartForgotten,

    /// <summary>A node is run before its delay is over.</summary>
    DelayForgotten,
}
