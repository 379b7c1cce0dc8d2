namespace Porpoise.Engine.Dispatch;

/// <summary>Why a task in the backlog does not run yet.</summary>
public enum WaitReason
{
    /// <summary>All slots are taken, or others go first.</summary>
    Slot = 0,

    /// <summary>As many tasks of its run have slots as may at once.</summary>
    RunParallelism = 1,

    /// <summary>As many tasks of its queue have slots as may at once.</summary>
    Queue = 2,

    /// <summary>Its worker group has no slots, or is not there.</summary>
    NoSlots = 3,
}
