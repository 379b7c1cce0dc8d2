using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Finds what a call names, in the workspace that its path names and in no other.</summary>
internal static class RunLookup
{
    public static Task<RunRow> FindRunAsync(this IRunStore store, Call call, string name) => store.FindRunAsync(call, new RunId(call.Parameters.RequiredInt(name, 1)));

    public static async Task<RunRow> FindRunAsync(this IRunStore store, Call call, RunId id) => await store.FindRunAsync(call.Workspace.Id, id) ?? throw NoSuchRun(id);

    /// <summary>Those of its task instances that have become ready since it began, or began anew.</summary>
    public static async Task<IReadOnlyList<TaskRow>> ListReadyTasksAsync(this IRunStore store, RunId run) =>
        [.. (await store.ListTasksAsync(run, WorkflowLimits.TasksMax)).Where(t => t.State != TaskState.Waiting)];

    public static async Task<TaskRow> FindTaskAsync(this IRunStore store, Call call, string name)
    {
        var id = new TaskId(call.Parameters.RequiredInt(name, 1));
        return await store.FindTaskAsync(call.Workspace.Id, id)
            ?? throw new RefusalException(ErrorCodes.TaskNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no task instance {id} in this workspace."));
    }

    public static RefusalException NoSuchRun(RunId id) =>
        new(ErrorCodes.RunNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no run {id} in this workspace."));
}
