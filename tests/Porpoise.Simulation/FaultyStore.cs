using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Simulation;

/// <summary>
/// The real store with faults: late, failing before it did anything, failing after it did everything. The dead get no answer. Here also sit the
/// planted bugs of the storage kind.
/// </summary>
public sealed class FaultyStore(SimWorld world, Incarnation server, IStore inner) : IStore
{
    public event Action? Recovered;

    public StoreHealth Health => inner.Health;

    /// <summary>Clients talk to the successor of a zombie, so it starts nothing any more.</summary>
    public Task<StartRunResult> StartRunAsync(NewRun run) => WriteAsync(async () =>
    {
        await server.OnlyOwnerAsync();
        return await inner.StartRunAsync(run);
    });

    public async Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision)
    {
        if (world.Bug == PlantedBug.AcknowledgedBeforeCommit && world.Scheduler.Chance(0.3))
        {
            world.Scheduler.Start(async () =>
            {
                await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(50));
                if (server.IsAlive)
                {
                    await inner.SaveRunAsync(run, epoch, decision);
                }
            });
            return true;
        }

        var saved = await WriteAsync(async () =>
        {
            var used = world.Bug == PlantedBug.FenceDropped ? world.Checker.NewestEpoch(run, epoch) : epoch;
            var taken = await inner.SaveRunAsync(run, used, decision);
            world.Checker.Note($"decided {run}@{epoch} {string.Join(' ', decision.Changes.Select(c => $"{c.GetType().Name}({c.Index})"))} {decision.State} {taken}");
            if (taken)
            {
                world.Checker.OnSaved(run, epoch);
            }

            return taken;
        });
        return saved;
    }

    public async Task<OwnedRun?> TakeOverRunAsync(RunId run)
    {
        var owned = await WriteAsync(async () =>
        {
            var taken = await inner.TakeOverRunAsync(run);
            if (taken is { } t)
            {
                world.Checker.OnTakenOver(run, t.Epoch);
            }

            return taken;
        });
        return owned is null ? null : world.Bug switch
        {
            PlantedBug.StopForgotten when owned.Row.State == RunState.Stopping => owned with { Row = owned.Row with { State = RunState.Running } },
            PlantedBug.AttemptNumberReused => owned with { Tasks = [.. owned.Tasks.Select(t => t.State == TaskState.Queued && t.Attempt > 0 ? t with { Attempt = t.Attempt - 1 } : t)] },
            _ => owned,
        };
    }

    public async Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max)
    {
        var runs = await ReadAsync(() => inner.ListUnfinishedRunsAsync(after, max));
        return world.Bug == PlantedBug.RunningForgotten
            ? [.. runs.Select(r => r with { ActiveTasks = [.. r.ActiveTasks.Where(t => t.State != TaskState.Running)] })]
            : runs;
    }

    public async Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version)
    {
        if (await ReadAsync(() => inner.FindVersionAsync(code, version)) is not { } row)
        {
            return null;
        }

        var definition = row.Definition;
        return world.Bug switch
        {
            PlantedBug.RetryOffByOne => row with { Definition = definition with { Tasks = [.. definition.Tasks.Select(t => t with { RetryMax = t.RetryMax + 1 })] } },
            PlantedBug.EdgeForgotten => row with { Definition = definition with { Edges = [.. definition.Edges.Skip(1)] } },
            _ => row,
        };
    }

    public Task<RunRow?> FindRunAsync(WorkspaceId workspace, RunId run) => ReadAsync(() => inner.FindRunAsync(workspace, run));

    public Task<IReadOnlyList<TaskRow>> ListTasksAsync(RunId run, int max) => ReadAsync(() => inner.ListTasksAsync(run, max));

    public Task<TaskRow?> FindTaskAsync(WorkspaceId workspace, TaskId task) => ReadAsync(() => inner.FindTaskAsync(workspace, task));

    public Task<IReadOnlyDictionary<RunState, long>> CountRunsAsync(WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to) =>
        ReadAsync(() => inner.CountRunsAsync(workspace, from, to));

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

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        await server.GateAsync();
        if (world.Fault(0.2))
        {
            await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(server.IsZombie ? 1_000 : 100));
            await server.GateAsync();
        }

        if (world.Fault(0.02))
        {
            world.Checker.Note($"fault before");
            AnnounceRecovery();
            throw new StoreUnavailableException("failed before");
        }

        var result = await write();
        await server.GateAsync();
        if (world.Fault(0.02))
        {
            world.Checker.Note($"fault after");
            AnnounceRecovery();
            throw new StoreUnavailableException("failed after");
        }

        return result;
    }

    /// <summary>As the real store does after a failed commit, once a probe could write again.</summary>
    private void AnnounceRecovery() => world.Scheduler.Start(async () =>
    {
        await world.Scheduler.DelayAsync(TimeSpan.FromMilliseconds(500));
        if (server.IsAlive)
        {
            Recovered?.Invoke();
        }
    });

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        await server.GateAsync();
        var result = await read();
        await server.GateAsync();
        return result;
    }
}
