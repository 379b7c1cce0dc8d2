using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>What can be asked of runs and of their tasks: to stop, to run again, to count as succeeded. An answer means that the request is on disk.</summary>
public sealed class ControlOperations(IStore store, RunEngine engine, WorkerGroupCatalog groups, AccessGate gate)
{
    /// <summary>Runs in one call.</summary>
    public const int BatchMax = 1_000;

    private const string Project = "/dolphinscheduler/projects/{projectCode}";
    private const string Stop = "STOP";
    private const string RunAgain = "REPEAT_RUNNING";
    private const string GoOnFromFailure = "START_FAILURE_TASK_PROCESS";
    private const string GoOnFromStop = "RECOVER_SUSPENDED_PROCESS";

    /// <summary>DolphinScheduler's others: a client that sends one is right, and is told something else than one that sends no word of it.</summary>
    private static readonly string[] NotBuilt = ["NONE", "PAUSE", "EXECUTE_TASK"];

    private const string ExecuteAction = "emr-serverless-spark:Execute";

    public IEnumerable<Operation> Table =>
    [
        new("POST", Project + "/executors/execute", ExecuteAction, "Stop a run, or run it again", ExecuteAsync),
        new("POST", Project + "/executors/batch-execute", "emr-serverless-spark:BatchExecuteProcessInstances", "Stop several runs, or run them again", BatchExecuteAsync),
        new("POST", Project + "/task-instances/{id}/stop", "emr-serverless-spark:StopTaskInstance", "Stop one task of a run", StopTaskAsync),
        new("POST", Project + "/task-instances/{id}/force-success", "emr-serverless-spark:ForceTaskInstanceSuccess", "Let a task that failed or was ended count as succeeded", ForceSuccessAsync),
    ];

    private async Task<Answer> ExecuteAsync(Call call)
    {
        var run = await store.FindRunAsync(call, "processInstanceId");
        var type = ReadType(call.Parameters);
        await CheckAsync(run, type);
        await Nonces.UseAsync(call, store);
        await ExecuteAsync(run.Id, type);
        return Answer.Nothing;
    }

    /// <summary>Each run by itself: those of which it cannot be asked are named, the others do it.</summary>
    private async Task<Answer> BatchExecuteAsync(Call call)
    {
        var ids = call.Parameters.RequiredIds("processInstanceIds", BatchMax);
        var type = ReadType(call.Parameters);
        gate.CheckNotForbidden(call, ExecuteAction);
        await Batch.ForEachAsync(call, store, ids, id => $"{id}", async id =>
        {
            var run = await store.FindRunAsync(call, new RunId(id));
            await CheckAsync(run, type);
            await ExecuteAsync(run.Id, type);
        });
        return Answer.Nothing;
    }

    private static string ReadType(Parameters parameters)
    {
        if (NotBuilt.FirstOrDefault(n => n.Equals(parameters.Text("executeType"), StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new RefusalException(ErrorCodes.NotHonoured, $"This version cannot honour executeType {other} yet. Send {Stop}, {RunAgain}, {GoOnFromFailure} or {GoOnFromStop}.");
        }

        return parameters.Word("executeType", Stop, RunAgain, GoOnFromFailure, GoOnFromStop) ?? throw Parameters.Missing("executeType");
    }

    private async Task CheckAsync(RunRow run, string type)
    {
        CheckState(run, type);
        if (type != Stop && await engine.Catalog.LoadAsync(run.Workflow, run.Version) is { } version)
        {
            var done = type == RunAgain ? [] : (await store.ListTasksAsync(run.Id, WorkflowLimits.TasksMax)).Where(static t => t.State == TaskState.Succeeded).Select(static t => t.Index).ToHashSet();
            var tasks = version.Graph.Tasks.Where((_, index) => !done.Contains(index)).ToList();
            StartChoices.CheckGroups(groups, tasks, run.WorkerGroup);
            StartChoices.CheckEnvironments(engine.Environments, tasks, run.Environment);
        }
    }

    private static void CheckState(RunRow run, string type)
    {
        switch (type, run.State)
        {
            case (Stop, RunState.Running):
            case (RunAgain or GoOnFromFailure or GoOnFromStop, RunState.Failed or RunState.Stopped):
            case (RunAgain, RunState.Succeeded):
                return;
            case (Stop, RunState.Stopping):
                throw new RefusalException(ErrorCodes.AlreadyRequested, $"Run {run.Id} is being stopped already.");
            case (Stop, _):
                throw new RefusalException(ErrorCodes.WrongState, $"Run {run.Id} cannot be stopped: it has ended with {States.Of(run.State)}.");
            case (_, RunState.Succeeded):
                throw new RefusalException(ErrorCodes.WrongState, $"Run {run.Id} has succeeded: there is no failure to go on from. {RunAgain} runs all of it again.");
            default:
                throw new RefusalException(ErrorCodes.WrongState, $"Run {run.Id} cannot be run again: it has not ended ({States.Of(run.State)}).");
        }
    }

    private Task ExecuteAsync(RunId run, string type) => type switch
    {
        Stop => engine.StopAsync(run),
        RunAgain => engine.RerunAsync(run, RerunScope.All),
        _ => engine.RerunAsync(run, RerunScope.FromFailure),
    };

    private async Task<Answer> StopTaskAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "id");
        if (task.State is not (TaskState.Queued or TaskState.Running or TaskState.RetryWaiting))
        {
            throw new RefusalException(ErrorCodes.TaskWrongState, $"Task instance {task.Id} cannot be stopped: it is {States.Of(task)}.");
        }

        if (task.IsStopRequested)
        {
            throw new RefusalException(ErrorCodes.AlreadyRequested, $"Task instance {task.Id} is being stopped already.");
        }

        await Nonces.UseAsync(call, store);
        await engine.StopTaskAsync(task.Run, task.Index);
        return await store.FindTaskAsync(call, "id") is { IsStopRequested: true }
            ? Answer.Nothing
            : throw new RefusalException(ErrorCodes.TaskWrongState, $"Task instance {task.Id} was not stopped: it has ended by itself, or its run is being ended.");
    }

    private async Task<Answer> ForceSuccessAsync(Call call)
    {
        var task = await store.FindTaskAsync(call, "id");
        if (task.State is not (TaskState.Failed or TaskState.Killed))
        {
            throw new RefusalException(ErrorCodes.TaskWrongState, $"Task instance {task.Id} cannot be forced to succeed: it is {States.Of(task)}, and has to be FAILURE or KILL.");
        }

        await Nonces.UseAsync(call, store);
        await engine.ForceSuccessAsync(task.Run, task.Index);
        return await store.FindTaskAsync(call, "id") is { IsForced: true }
            ? Answer.Nothing
            : throw new RefusalException(ErrorCodes.TaskWrongState, $"Task instance {task.Id} was not forced to succeed: its run is being ended. Try again when it has ended.");
    }
}
