using Microsoft.Extensions.Logging;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Worker.Attempts;

namespace Porpoise.Api.Runs;

/// <summary>
/// Delete runs that have ended: first their rows, in one transaction, then the folders and logs of their attempts. A crash in between leaves
/// files that nobody asks for any more; the other way round it would leave a run without its logs.
/// </summary>
public sealed partial class DeleteOperations(IStore store, AttemptLogs logs, AccessGate gate, ILogger<DeleteOperations> log)
{
    /// <summary>Runs in one call.</summary>
    public const int BatchMax = 1_000;

    private const string Runs = "/dolphinscheduler/projects/{projectCode}/process-instances";
    private const string DeleteAction = "emr-serverless-spark:DeleteProcessInstance";

    public IEnumerable<Operation> Table =>
    [
        new("DELETE", Runs + "/{id}", DeleteAction, "Delete a run that has ended, with its tasks and logs", DeleteAsync),
        new("POST", Runs + "/batch-delete", "emr-serverless-spark:BatchDeleteProcessInstances", "Delete several runs that have ended", BatchDeleteAsync),
    ];

    private async Task<Answer> DeleteAsync(Call call)
    {
        await DeleteAsync(call, new RunId(call.Parameters.RequiredInt("id", 1)), call.Nonce);
        return Answer.Nothing;
    }

    /// <summary>Each run by itself: those that cannot be deleted are named, the others are gone.</summary>
    private async Task<Answer> BatchDeleteAsync(Call call)
    {
        gate.CheckAlso(call, DeleteAction, "*"); // else it would be a way around
        var ids = call.Parameters.RequiredIds("processInstanceIds", BatchMax);
        await Batch.ForEachAsync(call, store, ids, id => $"{id}", id => DeleteAsync(call, new RunId(id), nonce: null));
        return Answer.Nothing;
    }

    private async Task DeleteAsync(Call call, RunId id, NonceRow? nonce)
    {
        var run = await store.FindRunAsync(call, id);
        var tasks = run.State.IsFinal() ? await store.ListTasksAsync(id, WorkflowLimits.TasksMax) : [];
        switch (await store.DeleteRunAsync(call.Workspace.Id, id, nonce))
        {
            case DeleteRunResult.Deleted:
                RemoveFiles(id, tasks);
                return;
            case DeleteRunResult.NotEnded:
                throw new RefusalException(ErrorCodes.WrongState, $"Run {id} cannot be deleted: it has not ended ({States.Of(run.State)}). Stop it first.");
            case DeleteRunResult.NonceUsed:
                throw Nonces.WasUsed();
            default:
                throw RunLookup.NoSuchRun(id);
        }
    }

    private void RemoveFiles(RunId id, IReadOnlyList<TaskRow> tasks)
    {
        foreach (var task in tasks.Where(t => t.Attempt > 0))
        {
            if (logs.Remove(task.Id, task.Attempt) is { } problem)
            {
                LogLeftOver(id.Value, task.Id.Value, problem);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} is deleted; of its task {TaskId} some files are left: {Problem}")]
    private partial void LogLeftOver(int runId, int taskId, string problem);
}
