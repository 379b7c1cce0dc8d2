using System.Globalization;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Runs;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Why a task does not run yet: a word for programs, and a sentence for people.</summary>
/// <param name="Reason">SLOT, WORKER_GROUP, PARALLELISM, QUEUE, STARTING, DELAY, RETRY or PREDECESSORS.</param>
/// <param name="WaitingFor">What it waits for.</param>
/// <param name="Until">When that is over, where it is known.</param>
internal sealed record TaskWait(string Reason, string WaitingFor, DateTimeOffset? Until)
{
    /// <summary>Null: it runs, or has ended.</summary>
    public static TaskWait? Of(TaskRow task, RunRow run, WorkflowDefinition definition, WorkerGroupQueue slots) => task.State switch
    {
        TaskState.Queued => OfQueued(task, run, definition, slots),
        TaskState.RetryWaiting when task.Failures > 0 => new("RETRY", $"Its next attempt, at {DolphinTime.Write(task.Due)} (UTC): {task.Message}", task.Due),
        TaskState.RetryWaiting => new("DELAY", $"The end of its delay, at {DolphinTime.Write(task.Due)} (UTC)", task.Due),
        TaskState.Waiting => new("PREDECESSORS", "The tasks before it", null),
        _ => null,
    };

    private static TaskWait OfQueued(TaskRow task, RunRow run, WorkflowDefinition definition, WorkerGroupQueue slots) => slots.WhyWaiting(task.Id) switch
    {
        WaitReason.RunParallelism => new("PARALLELISM", Invariant($"Another task of its run: at most {definition.ParallelismMax} of them run at once"), null),
        WaitReason.Queue => new("QUEUE", $"Room in queue '{RunTerms.Of(run).QueueOf(definition.Tasks[task.Index])}': as many of its tasks run as may at once", null),
        WaitReason.NoSlots => new("WORKER_GROUP", $"Slots of worker group '{GroupOf(task, run, definition)}': it has none", null),
        WaitReason.Slot => OfSlot(GroupOf(task, run, definition), slots),
        _ => new("STARTING", "Its start: it has a slot", null),
    };

    private static TaskWait OfSlot(string group, WorkerGroupQueue slots)
    {
        var (all, used, waiting) = slots.Count(group);
        return new("SLOT", Invariant($"A slot of worker group '{group}': {used} of {all} are taken; {waiting} tasks wait"), null);
    }

    private static string GroupOf(TaskRow task, RunRow run, WorkflowDefinition definition) => RunTerms.Of(run).GroupOf(definition.Tasks[task.Index]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The answer to why a task instance waits; an address of our own.</summary>
/// <param name="Reason">Null: it does not wait.</param>
internal sealed record TaskWaitAnswer(int TaskInstanceId, string State, string? Reason, string? WaitingFor, DateTimeOffset? Until);
