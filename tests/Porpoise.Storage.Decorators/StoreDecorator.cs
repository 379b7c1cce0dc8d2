using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage.Decorators;

/// <summary>Stands before a real store and passes everything on, for tests that want to watch or to break some of it.</summary>
public abstract class StoreDecorator(IStore inner) : IStore
{
    /// <summary>Raised by the decorator, when it has failed writes and takes them again.</summary>
    public event Action? Recovered;

    public StoreHealth Health => Inner.Health;

    protected IStore Inner { get; } = inner;

    public virtual Task<StartRunResult> StartRunAsync(NewRun run) => Inner.StartRunAsync(run);

    public virtual Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision) => Inner.SaveRunAsync(run, epoch, decision);

    public virtual Task<OwnedRun?> TakeOverRunAsync(RunId run) => Inner.TakeOverRunAsync(run);

    public virtual Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max) => Inner.ListUnfinishedRunsAsync(after, max);

    public virtual Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => Inner.FindRunAsync(workspace, run);

    public virtual Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => Inner.ListTasksAsync(run, max);

    public virtual Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => Inner.FindTaskAsync(workspace, task);

    public virtual Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) => Inner.CountRunsAsync(workspace, from, to);

    public virtual Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce) =>
        Inner.CreateWorkflowAsync(workspace, code, definition, publish, by, at, nonce);

    public virtual Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce) =>
        Inner.UpdateWorkflowAsync(workspace, code, definition, published, by, at, nonce);

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

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }

    protected void OnRecovered() => Recovered?.Invoke();
}
