using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>On which terms the tasks of a run get slots; fixed at its start.</summary>
/// <param name="Workspace">Whose queues they are.</param>
/// <param name="Priority">Against other runs.</param>
/// <param name="Queue">The run's.</param>
/// <param name="NodesChooseQueue">True: a node that names a queue counts in that one. False in development runs, and where the caller named the run's queue.</param>
/// <param name="WorkerGroup">Of the nodes that name none.</param>
public sealed record RunTerms(WorkspaceId Workspace, Priority Priority, string Queue, bool NodesChooseQueue, string WorkerGroup)
{
    /// <summary>Of the nodes that name none.</summary>
    public EnvironmentCode Environment { get; init; }

    public static RunTerms Of(RunRow run) => Of(run.Workspace, run.Priority, run.Queue, run.IsProduction, run.QueueIsChosen, run.WorkerGroup) with { Environment = run.Environment };

    public static RunTerms Of(UnfinishedRun run) => Of(run.Workspace, run.Priority, run.Queue, run.IsProduction, run.QueueIsChosen, run.WorkerGroup);

    public static RunTerms Of(StartOrder run) =>
        Of(run.Workspace, run.Priority, run.Queue, run.IsProduction, run.QueueIsChosen, run.WorkerGroup) with { Environment = run.Environment };

    public SlotRequest RequestSlot(RunId run, int firstTaskId, CompiledVersion version, int index)
    {
        var task = version.Graph.Tasks[index];
        return new SlotRequest(run, index, new TaskId(firstTaskId + index), Priority, new QueueKey(Workspace, QueueOf(task)), version.Row.Definition.ParallelismMax) { TaskPriority = task.Priority, Group = GroupOf(task) };
    }

    /// <summary>The queue that a task of the run counts in.</summary>
    public string QueueOf(TaskDefinition task) => NodesChooseQueue && task.Queue.Length > 0 ? task.Queue : Queue;

    /// <summary>The worker group that runs a task of the run.</summary>
    public string GroupOf(TaskDefinition task) => task.WorkerGroup.Length > 0 ? task.WorkerGroup : WorkerGroup;

    private static RunTerms Of(WorkspaceId workspace, Priority priority, string queue, bool isProduction, bool queueIsChosen, string workerGroup) =>
        new(workspace, priority, queue, NodesChooseQueue: isProduction && !queueIsChosen, workerGroup);
}
