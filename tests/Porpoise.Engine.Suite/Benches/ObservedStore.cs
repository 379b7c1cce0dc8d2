using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>Where a write fails: not at all, before it did anything, or after it did everything.</summary>
public enum Fault
{
    None,
    Before,
    After,
}

/// <summary>The real store, with faults on order, and notice of what became durable.</summary>
public sealed class ObservedStore(IStore inner, Happenings happenings) : IStore
{
    private readonly Lock _gate = new();
    private readonly HashSet<RunId> _ended = [];
    private readonly HashSet<(RunId Run, int Index, Type Change)> _changes = [];
    private int _saves;
    private int _takeOvers;

    public event Action? Recovered;

    /// <summary>Asked at each save.</summary>
    public Func<Decision, Fault> OnSave { get; set; } = _ => Fault.None;

    /// <summary>Asked at each start of a run.</summary>
    public Func<Fault> OnStart { get; set; } = () => Fault.None;

    /// <summary>Saves wait until it completes.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Saves so far.</summary>
    public int SaveCount => Volatile.Read(ref _saves);

    /// <summary>How often a run was read from its rows.</summary>
    public int TakeOverCount => Volatile.Read(ref _takeOvers);

    public StoreHealth Health => inner.Health;

    public void RaiseRecovered() => Recovered?.Invoke();

    /// <summary>Completes when the end of the run is durable, whether anybody was told or not.</summary>
    public Task EndIsDurableAsync(RunId run) => happenings.UntilAsync(() => Locked(() => _ended.Contains(run)), $"the commit of the end of run {run}");

    public Task ChangeIsDurableAsync<T>(RunId run, int index = 0)
        where T : TaskChange =>
        happenings.UntilAsync(() => Locked(() => _changes.Contains((run, index, typeof(T)))), $"the commit of {typeof(T).Name} for task {index} of run {run}");

    public async Task<StartRunResult> StartRunAsync(NewRun run)
    {
        var fault = OnStart();
        ThrowIf(fault == Fault.Before);
        var result = await inner.StartRunAsync(run);
        ThrowIf(fault == Fault.After);
        return result;
    }

    public async Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision)
    {
        Interlocked.Increment(ref _saves);
        happenings.Note();
        await Gate;
        var fault = OnSave(decision);
        ThrowIf(fault == Fault.Before);
        var saved = await inner.SaveRunAsync(run, epoch, decision);
        if (saved)
        {
            lock (_gate)
            {
                _changes.UnionWith(decision.Changes.Select(c => (run, c.Index, c.GetType())));
                if (decision.State?.IsFinal() == true)
                {
                    _ended.Add(run);
                }
            }

            happenings.Note();
        }

        ThrowIf(fault == Fault.After);
        return saved;
    }

    public Task<OwnedRun?> TakeOverRunAsync(RunId run)
    {
        Interlocked.Increment(ref _takeOvers);
        return inner.TakeOverRunAsync(run);
    }

    public Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max) => inner.ListUnfinishedRunsAsync(after, max);

    public Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => inner.FindRunAsync(workspace, run);

    public Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => inner.ListTasksAsync(run, max);

    public Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => inner.FindTaskAsync(workspace, task);

    public Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) => inner.CountRunsAsync(workspace, from, to);

    public Task<SaveWorkflowResult> CreateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce) =>
        inner.CreateWorkflowAsync(workspace, code, definition, publish, by, at, nonce);

    public Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce) =>
        inner.UpdateWorkflowAsync(workspace, code, definition, published, by, at, nonce);

    public Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce) =>
        inner.ReleaseWorkflowAsync(workspace, code, online, at, nonce);

    public Task<bool> UseNonceAsync(NonceRow nonce) => inner.UseNonceAsync(nonce);

    public Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code) => inner.FindWorkflowAsync(workspace, code);

    public Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version) => inner.FindVersionAsync(code, version);

    public Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash) => inner.FindVersionByHashAsync(code, hash);

    public Task<long> ReserveCodesAsync(long bound) => inner.ReserveCodesAsync(bound);

    public Task<bool> CreateRootAsync(RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace) => inner.CreateRootAsync(root, key, token, workspace);

    public Task<RootAccountRow?> FindRootAsync() => inner.FindRootAsync();

    public Task<AccessKeyRow?> FindAccessKeyAsync(string accessKeyId) => inner.FindAccessKeyAsync(accessKeyId);

    public Task<ApiTokenRow?> FindApiTokenAsync(string tokenHash) => inner.FindApiTokenAsync(tokenHash);

    public Task<IReadOnlyList<WorkspaceRow>> ListWorkspacesAsync() => inner.ListWorkspacesAsync();

    public Task<IReadOnlyList<NonceRow>> ListNoncesAsync(DateTimeOffset now, int max) => inner.ListNoncesAsync(now, max);

    public Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset tokensBefore, int max) => inner.PruneAsync(now, tokensBefore, max);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static void ThrowIf(bool failed)
    {
        if (failed)
        {
            throw new StoreUnavailableException("The disk is on strike.");
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
