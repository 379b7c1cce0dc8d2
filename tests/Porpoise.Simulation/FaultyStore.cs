using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Decorators;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Simulation;

/// <summary>
/// The real store with faults: late, failing before it did anything, failing after it did everything. The dead get no answer. Here also sit the
/// planted bugs of the storage kind.
/// </summary>
public sealed class FaultyStore(SimWorld world, Incarnation server, IStore inner) : StoreDecorator(inner)
{
    /// <summary>Clients talk to the successor of a zombie, so it starts nothing any more.</summary>
    public override Task<StartRunResult> StartRunAsync(NewRun run) => WriteAsync(async () =>
    {
        await server.OnlyOwnerAsync();
        return await Inner.StartRunAsync(run);
    });

    public override async Task<bool> SaveRunAsync(RunId run, OwnerEpoch epoch, Decision decision)
    {
        if (world.Bug == PlantedBug.AcknowledgedBeforeCommit && world.Scheduler.Chance(0.3))
        {
            world.Scheduler.Start(async () =>
            {
                await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(50));
                if (server.IsAlive)
                {
                    await Inner.SaveRunAsync(run, epoch, decision);
                }
            });
            return true;
        }

        var saved = await WriteAsync(async () =>
        {
            var used = world.Bug == PlantedBug.FenceDropped ? world.Checker.NewestEpoch(run, epoch) : epoch;
            var taken = await Inner.SaveRunAsync(run, used, decision);
            world.Checker.Note($"decided {run}@{epoch} {string.Join(' ', decision.Changes.Select(c => $"{c.GetType().Name}({c.Index})"))} {decision.State} {taken}");
            if (taken)
            {
                world.Checker.OnSaved(run, epoch, decision.IsAfterEnd);
            }

            return taken;
        });
        return saved;
    }

    public override async Task<OwnedRun?> TakeOverRunAsync(RunId run)
    {
        var owned = await WriteAsync(async () =>
        {
            var taken = await Inner.TakeOverRunAsync(run);
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
            PlantedBug.TaskStopForgotten => owned with { Tasks = [.. owned.Tasks.Select(t => t with { IsStopRequested = false })] },
            PlantedBug.RestartForgotten => owned with { Row = owned.Row with { Restart = null } },
            PlantedBug.DeadlineLost => owned with { Tasks = [.. owned.Tasks.Select(t => t with { StartedAt = t.StartedAt?.AddDays(1) })] },
            _ => owned,
        };
    }

    public override async Task<IReadOnlyList<UnfinishedRun>> ListUnfinishedRunsAsync(RunId after, int max)
    {
        var runs = await ReadAsync(() => Inner.ListUnfinishedRunsAsync(after, max));
        return world.Bug switch
        {
            PlantedBug.RunningForgotten => [.. runs.Select(r => r with { ActiveTasks = [.. r.ActiveTasks.Where(t => t.State != TaskState.Running)] })],
            PlantedBug.GroupForgotten => [.. runs.Select(r => r with { WorkerGroup = r.WorkerGroup == StandardWorkerGroup.Name ? SimWorld.SmallGroup : StandardWorkerGroup.Name })],
            PlantedBug.QueueForgotten => [.. runs.Select(r => r with { Queue = "elsewhere", QueueIsChosen = true })],
            _ => runs,
        };
    }

    public override async Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version)
    {
        if (await ReadAsync(() => Inner.FindVersionAsync(code, version)) is not { } row)
        {
            return null;
        }

        var definition = row.Definition;
        return world.Bug switch
        {
            PlantedBug.RetryOffByOne => row with { Definition = definition with { Tasks = [.. definition.Tasks.Select(t => t with { RetryMax = t.RetryMax + 1 })] } },
            PlantedBug.DelayForgotten => row with { Definition = definition with { Tasks = [.. definition.Tasks.Select(t => t with { Delay = TimeSpan.Zero })] } },
            PlantedBug.ParallelismForgotten => row with { Definition = definition with { ParallelismMax = 0 } },
            PlantedBug.EdgeForgotten => row with { Definition = definition with { Edges = [.. definition.Edges.Skip(1)] } },
            _ => row,
        };
    }

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
            OnRecovered();
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
