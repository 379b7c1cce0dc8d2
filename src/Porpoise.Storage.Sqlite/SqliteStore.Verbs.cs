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

namespace Porpoise.Storage.Sqlite;

// The verbs of the port, each a line: what they do to the tables stands in the classes named …Sql.
public sealed partial class SqliteStore
{
    public Task<StartRunResult> StartRunAsync(NewRun run) => WriteAsync(s => RunSql.Start(s, run));

    public Task<RunId?> FindStartedAsync(WorkspaceId workspace, IdempotencyKey key) => ReadAsync(s => (RunSql.FindRepeated(s, workspace, key) as StartRunResult.Repeated)?.Run);

    public Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision) =>
        WriteAsync(s => Same(RunSql.Save(s, run, epoch, decision)), goesOn: true); // a driver decides in microseconds, and then waits for its next commit

    public Task<bool> IsOwnerAsync(RunId run, OwnerEpoch epoch) => ReadAsync(s => RunSql.IsOwner(s, run, epoch));

    public Task<OwnedRun?> TakeOverRunAsync(RunId run) => WriteAsync(s => (RunSql.TakeOver(s, run), true));

    public Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max) => ReadAsync(s => RunSql.ListUnfinished(s, after, max));

    public Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => ReadAsync(s => RunSql.Find(s, run) is { } row && row.Workspace == workspace ? row : null);

    public Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => ReadAsync(s => RunSql.ListTasks(s, run, max));

    public Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => ReadAsync(s => RunSql.FindTask(s, workspace, task));

    public Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) =>
        ReadAsync(s => RunListSql.Count(s, workspace, from, to));

    public Task<Page<RunRow>> ListRunsAsync(WorkspaceId workspace, RunFilter filter, PageRequest page) => ReadAsync(s => RunListSql.List(s, workspace, filter, page.Bounded));

    public Task<Page<TaskInstanceRow>> ListTaskInstancesAsync(WorkspaceId workspace, TaskFilter filter, PageRequest page) =>
        ReadAsync(s => TaskListSql.List(s, workspace, filter, page.Bounded));

    public Task<IReadOnlyDictionary<TaskState, long>> CountTasksAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) =>
        ReadAsync(s => TaskListSql.Count(s, workspace, from, to));

    public Task<IReadOnlyList<AttemptRow>> ListAttemptsAsync(TaskId task) => ReadAsync(s => TaskListSql.ListAttempts(s, task));

    public Task<DeleteRunResult> DeleteRunAsync(WorkspaceId workspace, RunId run, NonceRow? nonce) =>
        WriteAsync(s => Kept(RunDeletion.Delete(s, workspace, run, nonce), DeleteRunResult.Deleted), readsCounters: true);

    public Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null) =>
        WriteAsync(s => Kept(WorkflowSql.Create(s, workspace, code, definition, publish, by, at, nonce, schedule)));

    public Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null, WorkflowRow? basis = null) =>
        WriteAsync(s => Kept(WorkflowSql.Update(s, workspace, code, definition, published, by, at, nonce, schedule, basis)));

    public Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => (WorkflowSql.Release(s, workspace, code, online, at, nonce), true));

    public Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code) => ReadAsync(s => WorkflowSql.Find(s, workspace, code));

    public Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version) => ReadAsync(s => WorkflowSql.FindVersion(s, code, version));

    public Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash) => ReadAsync(s => WorkflowSql.FindVersionByHash(s, code, hash));

    public Task<Page<WorkflowRow>> ListWorkflowsAsync(WorkspaceId workspace, string? search, PageRequest page) =>
        ReadAsync(s => WorkflowListSql.List(s, workspace, search, page.Bounded));

    public Task<long> CountWorkflowsAsync(WorkspaceId workspace) => ReadAsync(s => WorkflowListSql.Count(s, workspace, name: null));

    public Task<WorkflowRow?> FindWorkflowByNameAsync(WorkspaceId workspace, string name) => ReadAsync(s => WorkflowListSql.FindByName(s, workspace, name));

    public Task<Page<WorkflowVersionRow>> ListVersionsAsync(WorkflowCode code, TaskCode? node, PageRequest page) =>
        ReadAsync(s => WorkflowListSql.ListVersions(s, code, node, page.Bounded));

    public Task<ChangeWorkflowResult> SwitchVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, string by, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowListSql.SwitchVersion(s, workspace, code, version, by, at, nonce), ChangeWorkflowResult.Changed));

    public Task<ChangeWorkflowResult> DeleteVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowListSql.DeleteVersion(s, workspace, code, version, nonce), ChangeWorkflowResult.Changed), readsCounters: true);

    public Task<ChangeWorkflowResult> DeleteWorkflowAsync(WorkspaceId workspace, WorkflowCode code, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowListSql.Delete(s, workspace, code, nonce), ChangeWorkflowResult.Changed), readsCounters: true);

    public Task<ChangeWorkflowResult> MoveWorkflowAsync(WorkspaceId workspace, WorkflowCode code, WorkspaceId target, string by, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowListSql.Move(s, workspace, code, target, by, at, nonce), ChangeWorkflowResult.Changed), readsCounters: true);

    public Task<long> ReserveCodesAsync(long bound) => WriteAsync(s => (WorkflowSql.ReserveCodes(s, bound), true));

    public Task<bool> CreateRootAsync(RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace) =>
        WriteAsync(s => Same(IdentitySql.CreateRoot(s, root, key, token, workspace)));

    public Task<RootAccountRow?> FindRootAsync() => ReadAsync(IdentitySql.FindRoot);

    public Task<AccessKeyRow?> FindAccessKeyAsync(string accessKeyId) => ReadAsync(s => IdentitySql.FindAccessKey(s, accessKeyId));

    public Task<ApiTokenRow?> FindApiTokenAsync(string tokenHash) => ReadAsync(s => IdentitySql.FindApiToken(s, tokenHash));

    public Task<IReadOnlyList<WorkspaceRow>> ListWorkspacesAsync() => ReadAsync(WorkspaceSql.List);

    public Task<ChangeWorkspaceResult> CreateWorkspaceAsync(WorkspaceRow workspace, NonceRow? nonce, string? ownerId = null) =>
        WriteAsync(s => Kept(WorkspaceSql.Create(s, workspace, nonce, ownerId), ChangeWorkspaceResult.Changed));

    public Task<ChangeWorkspaceResult> UpdateWorkspaceAsync(WorkspaceId workspace, string name, string? description, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkspaceSql.Update(s, workspace, name, description, at, nonce), ChangeWorkspaceResult.Changed));

    public Task<ChangeWorkspaceResult> DeleteWorkspaceAsync(WorkspaceId workspace, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkspaceSql.Delete(s, workspace, nonce), ChangeWorkspaceResult.Changed));

    public Task<IReadOnlyList<EnvironmentRow>> ListEnvironmentsAsync() => ReadAsync(EnvironmentSql.List);

    public Task<SaveEnvironmentResult> CreateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, string by, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(EnvironmentSql.Create(s, code, settings, by, at, nonce)));

    public Task<SaveEnvironmentResult> UpdateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(EnvironmentSql.Update(s, code, settings, at, nonce)));

    public Task<DeleteEnvironmentResult> DeleteEnvironmentAsync(EnvironmentCode code, NonceRow? nonce) =>
        WriteAsync(s => Kept(EnvironmentSql.Delete(s, code, nonce)));

    public Task<IReadOnlyList<QueueRow>> ListQueuesAsync(WorkspaceId? workspace) => ReadAsync(s => QueueSql.List(s, workspace));

    public Task<SaveQueueResult> CreateQueueAsync(WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(QueueSql.Create(s, workspace, settings, at, nonce)));

    public Task<SaveQueueResult> UpdateQueueAsync(WorkspaceId workspace, int id, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(QueueSql.Update(s, workspace, id, settings, at, nonce)));

    public Task<SaveDevelopmentTaskResult> CreateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce) =>
        WriteAsync(s => Kept(LibrarySql.Create(s, workspace, id, task, terms, nonce)));

    public Task<SaveDevelopmentTaskResult> UpdateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce, int? basis = null) =>
        WriteAsync(s => Kept(LibrarySql.Update(s, workspace, id, task, terms, nonce, basis)));

    public Task<SaveDevelopmentTaskResult> PublishDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, int? version, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(LibrarySql.Publish(s, workspace, id, version, at, nonce)));

    public Task<DeleteDevelopmentTaskResult> DeleteDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => LibrarySql.Delete(s, workspace, id, at, nonce) is var result && result is DeleteDevelopmentTaskResult.Deleted ? (result, true) : (result, false));

    public Task<DevelopmentTaskRow?> FindDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id) => ReadAsync(s => LibrarySql.Find(s, workspace, id));

    public Task<DevelopmentTaskVersionRow?> FindDevelopmentTaskVersionAsync(DevelopmentTaskId id, int version) => ReadAsync(s => LibrarySql.FindVersion(s, id, version));

    public Task<Page<DevelopmentTaskRow>> ListDevelopmentTasksAsync(WorkspaceId workspace, string? search, PageRequest page) =>
        ReadAsync(s => LibrarySql.List(s, workspace, search, page.Bounded));

    public Task<Page<DevelopmentTaskVersionRow>> ListDevelopmentTaskVersionsAsync(DevelopmentTaskId id, PageRequest page) =>
        ReadAsync(s => LibrarySql.ListVersions(s, id, page.Bounded));

    public Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAsync(WorkspaceId workspace) => ReadAsync(s => DataSourceSql.List(s, workspace));

    public Task<DataSourceRow?> FindDataSourceAsync(WorkspaceId workspace, int id) => ReadAsync(s => DataSourceSql.Find(s, workspace, id));

    public Task<SaveDataSourceResult> CreateDataSourceAsync(WorkspaceId workspace, DataSourceSettings settings, Func<int, byte[]>? encrypt, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(DataSourceSql.Create(s, workspace, settings, encrypt, at, nonce)));

    public Task<SaveDataSourceResult> UpdateDataSourceAsync(DataSourceRow before, DataSourceSettings settings, byte[]? encryptedPassword, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(DataSourceSql.Update(s, before, settings, encryptedPassword, at, nonce)));

    public Task<SaveDataSourceResult> DeleteDataSourceAsync(WorkspaceId workspace, int id, NonceRow? nonce) => WriteAsync(s => Kept(DataSourceSql.Delete(s, workspace, id, nonce)));

    public Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAfterAsync(int after, int max) => ReadAsync(s => DataSourceSql.ListAfter(s, after, max));

    public Task<bool> ReplaceDataSourcePasswordAsync(int id, byte[] before, byte[] after) => WriteAsync(s => Same(DataSourceSql.ReplacePassword(s, id, before, after)));

    public Task<IReadOnlyList<WorkerGroupRow>> ListWorkerGroupsAsync() => ReadAsync(WorkerGroupSql.List);

    public Task<SaveWorkerGroupResult> CreateWorkerGroupAsync(WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkerGroupSql.Create(s, settings, at, nonce)));

    public Task<SaveWorkerGroupResult> UpdateWorkerGroupAsync(int id, WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkerGroupSql.Update(s, id, settings, at, nonce)));

    public Task<SaveWorkerGroupResult> DeleteWorkerGroupAsync(int id, NonceRow? nonce) => WriteAsync(s => Kept(WorkerGroupSql.Delete(s, id, nonce)));

    public Task<bool> UseNonceAsync(NonceRow nonce) => WriteAsync(s => Same(IdentitySql.UseNonce(s, nonce)));

    public Task<IReadOnlyList<NonceRow>> ListNoncesAsync(DateTimeOffset now, int max) => ReadAsync(s => IdentitySql.ListNonces(s, now, max));

    public Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset tokensBefore, int max) => WriteAsync(s => (IdentitySql.Prune(s, now, tokensBefore, max), true));

    private static (bool Result, bool Keep) Same(bool kept) => (kept, kept);

    private static (T Result, bool Keep) Kept<T>(T result, T done)
        where T : struct, Enum => (result, EqualityComparer<T>.Default.Equals(result, done));

    private static (SaveEnvironmentResult Result, bool Keep) Kept(SaveEnvironmentResult result) => (result, result is SaveEnvironmentResult.Saved);

    private static (DeleteEnvironmentResult Result, bool Keep) Kept(DeleteEnvironmentResult result) => (result, result is DeleteEnvironmentResult.Deleted);

    private static (SaveWorkerGroupResult Result, bool Keep) Kept(SaveWorkerGroupResult result) => (result, result is SaveWorkerGroupResult.Saved);

    private static (SaveQueueResult Result, bool Keep) Kept(SaveQueueResult result) => (result, result is SaveQueueResult.Saved);

    private static (SaveDevelopmentTaskResult Result, bool Keep) Kept(SaveDevelopmentTaskResult result) => (result, result is SaveDevelopmentTaskResult.Saved);

    private static (SaveDataSourceResult Result, bool Keep) Kept(SaveDataSourceResult result) => (result, result is SaveDataSourceResult.Saved);

    private static (SaveWorkflowResult Result, bool Keep) Kept(SaveWorkflowResult result) => (result, result is SaveWorkflowResult.Saved);
}
