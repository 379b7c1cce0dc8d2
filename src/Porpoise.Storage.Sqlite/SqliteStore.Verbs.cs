using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage.Sqlite;

// The verbs of the port, each a line: what they do to the tables stands in RunSql, WorkflowSql and IdentitySql.
public sealed partial class SqliteStore
{
    public Task<StartRunResult> StartRunAsync(NewRun run) => WriteAsync(s => RunSql.Start(s, run));

    public Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision) =>
        WriteAsync(s => Same(RunSql.Save(s, run, epoch, decision)), goesOn: true); // a driver decides in microseconds, and then waits for its next commit

    public Task<OwnedRun?> TakeOverRunAsync(RunId run) => WriteAsync(s => (RunSql.TakeOver(s, run), true));

    public Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max) => ReadAsync(s => RunSql.ListUnfinished(s, after, max));

    public Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => ReadAsync(s => RunSql.Find(s, run) is { } row && row.Workspace == workspace ? row : null);

    public Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => ReadAsync(s => RunSql.ListTasks(s, run, max));

    public Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => ReadAsync(s => RunSql.FindTask(s, workspace, task));

    public Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) =>
        ReadAsync(s => RunSql.Count(s, workspace, from, to));

    public Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowSql.Create(s, workspace, code, definition, publish, by, at, nonce)));

    public Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => Kept(WorkflowSql.Update(s, workspace, code, definition, published, by, at, nonce)));

    public Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce) =>
        WriteAsync(s => (WorkflowSql.Release(s, workspace, code, online, at, nonce), true));

    public Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code) => ReadAsync(s => WorkflowSql.Find(s, workspace, code));

    public Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version) => ReadAsync(s => WorkflowSql.FindVersion(s, code, version));

    public Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash) => ReadAsync(s => WorkflowSql.FindVersionByHash(s, code, hash));

    public Task<long> ReserveCodesAsync(long bound) => WriteAsync(s => (WorkflowSql.ReserveCodes(s, bound), true));

    public Task<bool> CreateRootAsync(RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace) =>
        WriteAsync(s => Same(IdentitySql.CreateRoot(s, root, key, token, workspace)));

    public Task<RootAccountRow?> FindRootAsync() => ReadAsync(IdentitySql.FindRoot);

    public Task<AccessKeyRow?> FindAccessKeyAsync(string accessKeyId) => ReadAsync(s => IdentitySql.FindAccessKey(s, accessKeyId));

    public Task<ApiTokenRow?> FindApiTokenAsync(string tokenHash) => ReadAsync(s => IdentitySql.FindApiToken(s, tokenHash));

    public Task<IReadOnlyList<WorkspaceRow>> ListWorkspacesAsync() => ReadAsync(IdentitySql.ListWorkspaces);

    public Task<bool> UseNonceAsync(NonceRow nonce) => WriteAsync(s => Same(IdentitySql.UseNonce(s, nonce)));

    public Task<IReadOnlyList<NonceRow>> ListNoncesAsync(DateTimeOffset now, int max) => ReadAsync(s => IdentitySql.ListNonces(s, now, max));

    public Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset tokensBefore, int max) => WriteAsync(s => (IdentitySql.Prune(s, now, tokensBefore, max), true));

    private static (bool Result, bool Keep) Same(bool kept) => (kept, kept);

    private static (SaveWorkflowResult Result, bool Keep) Kept(SaveWorkflowResult result) => (result, result is SaveWorkflowResult.Saved);
}
