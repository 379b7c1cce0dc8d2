using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Runs;

/// <summary>Runs, their tasks and attempts.</summary>
public interface IRunStore
{
    /// <summary>Writes a new run with its first tasks, its nonce and its idempotency key, all or nothing.</summary>
    Task<StartRunResult> StartRunAsync(NewRun run);

    /// <summary>The run that the same call with this key started in the workspace. Null: none.</summary>
    Task<RunId?> FindStartedAsync(WorkspaceId workspace, IdempotencyKey key);

    /// <summary>Writes what a run's owner decided; the owner's epoch is one higher afterwards if <see cref="Decision.IsAfterEnd"/>. False: the epoch, or an attempt's number, is not the newest; nothing was written, and the caller is no longer the owner.</summary>
    Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision);

    /// <summary>Whether the epoch is the newest of the run: what its holder knows of it is how it is.</summary>
    Task<bool> IsOwnerAsync(RunId run, OwnerEpoch epoch);

    /// <summary>Makes the caller the owner: raises the run's epoch and reads the run. Null: no such run. A run that has ended is read without being taken over.</summary>
    Task<OwnedRun?> TakeOverRunAsync(RunId run);

    /// <summary>Unfinished runs with what each waits for, for start-up: those with ids above <paramref name="after"/>, ascending, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max);

    /// <summary>Null: no such run in this workspace.</summary>
    Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run);

    /// <summary>
    /// The run's task instances that have become ready so far, in the order of the definition, at most <paramref name="max"/>; those that wait again
    /// because the run was run again are <see cref="TaskState.Waiting"/>.
    /// </summary>
    Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max);

    /// <summary>Null: no such task instance in this workspace.</summary>
    Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task);

    /// <summary>How many runs of the workspace are in each state. With bounds: those that started at or after <paramref name="from"/> and before or at <paramref name="to"/>.</summary>
    Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to);
}
