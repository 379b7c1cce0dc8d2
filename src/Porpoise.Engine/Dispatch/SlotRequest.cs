using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Engine.Dispatch;

/// <summary>A task that wants a slot, or has one, and whose limits it counts against.</summary>
/// <param name="Run">The run that it belongs to.</param>
/// <param name="Index">Its position in the definition.</param>
/// <param name="Task">Its id.</param>
/// <param name="Priority">The run's, against other runs.</param>
/// <param name="Queue">The queue that it counts in.</param>
/// <param name="ParallelismMax">How many tasks of the run may have slots at once; 0: no limit. The same for all tasks of a run.</param>
public readonly record struct SlotRequest(RunId Run, int Index, TaskId Task, Priority Priority, QueueKey Queue, int ParallelismMax)
{
    /// <summary>The worker group whose slot it wants.</summary>
    public string Group { get; init; } = StandardWorkerGroup.Name;

    /// <summary>Against other tasks of its run.</summary>
    public Priority TaskPriority { get; init; } = Priority.Medium;
}
