using Porpoise.Core.DataSources;
using Porpoise.Core.Environments;
using Porpoise.Core.Library;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Environments;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Library;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Queues;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage.Decorators;

/// <summary>Stands before a real store and passes everything on, for tests that want to watch or to break some of it.</summary>
public abstract class StoreDecorator(IStore inner) : IStore
{
    /// <summary>Raised by the decorator, when it has failed writes and takes them again.</summary>
    public event Action? Recovered;

    public virtual StoreHealth Health => Inner.Health;

    protected IStore Inner { get; } = inner;

    public virtual Task<StartRunResult> StartRunAsync(NewRun run) => Inner.StartRunAsync(run);

    public virtual Task<RunId?> FindStartedAsync(WorkspaceId workspace, IdempotencyKey key) => Inner.FindStartedAsync(workspace, key);

    public virtual Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision) => Inner.SaveRunAsync(run, epoch, decision);

    public virtual Task<bool> IsOwnerAsync(RunId run, OwnerEpoch epoch) => Inner.IsOwnerAsync(run, epoch);

    public virtual Task<OwnedRun?> TakeOverRunAsync(RunId run) => Inner.TakeOverRunAsync(run);

    public virtual Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max) => Inner.ListUnfinishedRunsAsync(after, max);

    public virtual Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => Inner.FindRunAsync(workspace, run);

    public virtual Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => Inner.ListTasksAsync(run, max);

    public virtual Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => Inner.FindTaskAsync(workspace, task);

    public virtual Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) => Inner.CountRunsAsync(workspace, from, to);

    public virtual Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null) =>
        Inner.CreateWorkflowAsync(workspace, code, definition, publish, by, at, nonce, schedule);

    public virtual Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null, WorkflowRow? basis = null) =>
        Inner.UpdateWorkflowAsync(workspace, code, definition, published, by, at, nonce, schedule, basis);

    public virtual Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce) =>
        Inner.ReleaseWorkflowAsync(workspace, code, online, at, nonce);

    public virtual Task<bool> UseNonceAsync(NonceRow nonce) => Inner.UseNonceAsync(nonce);

    public virtual Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code) => Inner.FindWorkflowAsync(workspace, code);

    public virtual Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version) => Inner.FindVersionAsync(code, version);

    public virtual Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash) => Inner.FindVersionByHashAsync(code, hash);

    public virtual Task<long> ReserveCodesAsync(long bound) => Inner.ReserveCodesAsync(bound);

    public virtual Task<bool> CreateRootAsync(RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace) => Inner.CreateRootAsync(root, key, token, workspace);

    public virtual Task<RootAccountRow?> FindRootAsync() => Inner.FindRootAsync();

    public virtual Task<AccessKeyRow?> FindAccessKeyAsync(string accessKeyId) => Inner.FindAccessKeyAsync(accessKeyId);

    public virtual Task<ApiTokenRow?> FindApiTokenAsync(string tokenHash) => Inner.FindApiTokenAsync(tokenHash);

    public virtual Task<IReadOnlyList<WorkspaceRow>> ListWorkspacesAsync() => Inner.ListWorkspacesAsync();

    public virtual Task<IReadOnlyList<NonceRow>> ListNoncesAsync(DateTimeOffset now, int max) => Inner.ListNoncesAsync(now, max);

    public virtual Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset tokensBefore, int max) => Inner.PruneAsync(now, tokensBefore, max);

    public virtual Task<Page<RunRow>> ListRunsAsync(WorkspaceId workspace, RunFilter filter, PageRequest page) =>
        Inner.ListRunsAsync(workspace, filter, page);

    public virtual Task<Page<TaskInstanceRow>> ListTaskInstancesAsync(WorkspaceId workspace, TaskFilter filter, PageRequest page) =>
        Inner.ListTaskInstancesAsync(workspace, filter, page);

    public virtual Task<IReadOnlyDictionary<TaskState, long>> CountTasksAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) =>
        Inner.CountTasksAsync(workspace, from, to);

    public virtual Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(TaskId task) =>
        Inner.ListAttemptsAsync(task);

    public virtual Task<DeleteRunResult> DeleteRunAsync(WorkspaceId workspace, RunId run, NonceRow? nonce) =>
        Inner.DeleteRunAsync(workspace, run, nonce);

    public virtual Task<Page<WorkflowRow>> ListWorkflowsAsync(WorkspaceId workspace, string? search, PageRequest page) =>
        Inner.ListWorkflowsAsync(workspace, search, page);

    public virtual Task<WorkflowRow?> FindWorkflowByNameAsync(WorkspaceId workspace, string name) =>
        Inner.FindWorkflowByNameAsync(workspace, name);

    public virtual Task<Page<WorkflowVersionRow>> ListVersionsAsync(WorkflowCode code, TaskCode? node, PageRequest page) =>
        Inner.ListVersionsAsync(code, node, page);

    public virtual Task<ChangeWorkflowResult> SwitchVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, string by, DateTimeOffset at, NonceRow? nonce) =>
        Inner.SwitchVersionAsync(workspace, code, version, by, at, nonce);

    public virtual Task<ChangeWorkflowResult> DeleteVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, NonceRow? nonce) =>
        Inner.DeleteVersionAsync(workspace, code, version, nonce);

    public virtual Task<ChangeWorkflowResult> DeleteWorkflowAsync(WorkspaceId workspace, WorkflowCode code, NonceRow? nonce) =>
        Inner.DeleteWorkflowAsync(workspace, code, nonce);

    public virtual Task<ChangeWorkflowResult> MoveWorkflowAsync(WorkspaceId workspace, WorkflowCode code, WorkspaceId target, string by, DateTimeOffset at, NonceRow? nonce) =>
        Inner.MoveWorkflowAsync(workspace, code, target, by, at, nonce);

    public virtual Task<ChangeWorkspaceResult> CreateWorkspaceAsync(WorkspaceRow workspace, NonceRow? nonce, string? ownerId = null) =>
        Inner.CreateWorkspaceAsync(workspace, nonce, ownerId);

    public virtual Task<ChangeWorkspaceResult> UpdateWorkspaceAsync(WorkspaceId workspace, string name, string? description, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateWorkspaceAsync(workspace, name, description, at, nonce);

    public virtual Task<ChangeWorkspaceResult> DeleteWorkspaceAsync(WorkspaceId workspace, NonceRow? nonce) =>
        Inner.DeleteWorkspaceAsync(workspace, nonce);

    public virtual Task<long> CountWorkflowsAsync(WorkspaceId workspace) =>
        Inner.CountWorkflowsAsync(workspace);

    public virtual Task<IReadOnlyList<EnvironmentRow>> ListEnvironmentsAsync() => Inner.ListEnvironmentsAsync();

    public virtual Task<SaveEnvironmentResult> CreateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, string by, DateTimeOffset at, NonceRow? nonce) =>
        Inner.CreateEnvironmentAsync(code, settings, by, at, nonce);

    public virtual Task<SaveEnvironmentResult> UpdateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateEnvironmentAsync(code, settings, at, nonce);

    public virtual Task<DeleteEnvironmentResult> DeleteEnvironmentAsync(EnvironmentCode code, NonceRow? nonce) => Inner.DeleteEnvironmentAsync(code, nonce);

    public virtual Task<IReadOnlyList<WorkerGroupRow>> ListWorkerGroupsAsync() => Inner.ListWorkerGroupsAsync();

    public virtual Task<SaveWorkerGroupResult> CreateWorkerGroupAsync(WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce) => Inner.CreateWorkerGroupAsync(settings, at, nonce);

    public virtual Task<SaveWorkerGroupResult> UpdateWorkerGroupAsync(int id, WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateWorkerGroupAsync(id, settings, at, nonce);

    public virtual Task<SaveWorkerGroupResult> DeleteWorkerGroupAsync(int id, NonceRow? nonce) => Inner.DeleteWorkerGroupAsync(id, nonce);

    public virtual Task<IReadOnlyList<QueueRow>> ListQueuesAsync(WorkspaceId? workspace) =>
        Inner.ListQueuesAsync(workspace);

    public virtual Task<SaveQueueResult> CreateQueueAsync(WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        Inner.CreateQueueAsync(workspace, settings, at, nonce);

    public virtual Task<SaveQueueResult> UpdateQueueAsync(WorkspaceId workspace, int id, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateQueueAsync(workspace, id, settings, at, nonce);

    public virtual Task<SaveDevelopmentTaskResult> CreateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce) =>
        Inner.CreateDevelopmentTaskAsync(workspace, id, task, terms, nonce);

    public virtual Task<SaveDevelopmentTaskResult> UpdateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce, int? basis = null) =>
        Inner.UpdateDevelopmentTaskAsync(workspace, id, task, terms, nonce, basis);

    public virtual Task<SaveDevelopmentTaskResult> PublishDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, int? version, DateTimeOffset at, NonceRow? nonce) =>
        Inner.PublishDevelopmentTaskAsync(workspace, id, version, at, nonce);

    public virtual Task<DeleteDevelopmentTaskResult> DeleteDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DateTimeOffset at, NonceRow? nonce) =>
        Inner.DeleteDevelopmentTaskAsync(workspace, id, at, nonce);

    public virtual Task<DevelopmentTaskRow?> FindDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id) =>
        Inner.FindDevelopmentTaskAsync(workspace, id);

    public virtual Task<DevelopmentTaskVersionRow?> FindDevelopmentTaskVersionAsync(DevelopmentTaskId id, int version) =>
        Inner.FindDevelopmentTaskVersionAsync(id, version);

    public virtual Task<Page<DevelopmentTaskRow>> ListDevelopmentTasksAsync(WorkspaceId workspace, string? search, PageRequest page) =>
        Inner.ListDevelopmentTasksAsync(workspace, search, page);

    public virtual Task<Page<DevelopmentTaskVersionRow>> ListDevelopmentTaskVersionsAsync(DevelopmentTaskId id, PageRequest page) =>
        Inner.ListDevelopmentTaskVersionsAsync(id, page);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }

    protected void OnRecovered() => Recovered?.Invoke();

    public virtual Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAsync(WorkspaceId workspace) =>
        Inner.ListDataSourcesAsync(workspace);

    public virtual Task<DataSourceRow?> FindDataSourceAsync(WorkspaceId workspace, int id) =>
        Inner.FindDataSourceAsync(workspace, id);

    public virtual Task<SaveDataSourceResult> CreateDataSourceAsync(WorkspaceId workspace, DataSourceSettings settings, Func<int, byte[]>? encrypt, DateTimeOffset at, NonceRow? nonce) =>
        Inner.CreateDataSourceAsync(workspace, settings, encrypt, at, nonce);

    public virtual Task<SaveDataSourceResult> UpdateDataSourceAsync(DataSourceRow before, DataSourceSettings settings, byte[]? encryptedPassword, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateDataSourceAsync(before, settings, encryptedPassword, at, nonce);

    public virtual Task<SaveDataSourceResult> DeleteDataSourceAsync(WorkspaceId workspace, int id, NonceRow? nonce) =>
        Inner.DeleteDataSourceAsync(workspace, id, nonce);

    public virtual Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAfterAsync(int after, int max) =>
        Inner.ListDataSourcesAfterAsync(after, max);

    public virtual Task<bool> ReplaceDataSourcePasswordAsync(int id, byte[] before, byte[] after) =>
        Inner.ReplaceDataSourcePasswordAsync(id, before, after);
}
