using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Simulation;

/// <summary>A worker with the contract of the real one, over the simulated disk. It belongs to one incarnation of the server and falls silent with it.</summary>
public sealed class SimWorker(SimWorld world, Incarnation server) : IWorker
{
    private readonly HashSet<AttemptKey> _known = [];
    private readonly HashSet<AttemptKey> _ending = [];

    public IAttemptReports? Reports { get; set; }

    public void Start(AttemptOrder order)
    {
        world.Checker.Note($"worker start {order.Key}");
        if (!server.IsAlive || !_known.Add(order.Key))
        {
            return;
        }

        var isUnknown = server.IsZombie;

        // Once the process is on its way it starts even if the server dies now; only the claim decides.
        world.Scheduler.Start(async () =>
        {
            await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(world.Scheduler.Chance(0.05) ? 2_000 : 10));
            if (!server.IsAlive && world.Scheduler.Chance(0.5))
            {
                return; // died before the spawn
            }

            world.Disk.TryStart(order.Key, world.DrawScript(order), world.Bug == PlantedBug.ClaimIgnored, isUnknown);
            await FollowAsync(order); // also when it was claimed before: the owner has to hear of it
        });
    }

    public void Resume(AttemptOrder order)
    {
        world.Checker.Note($"worker resume {order.Key}");
        if (!server.IsAlive || !_known.Add(order.Key))
        {
            return;
        }

        world.Scheduler.Start(async () =>
        {
            await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(10));
            if (!server.IsAlive)
            {
                return;
            }

            var process = world.Disk.Of(order.Key);
            if (!process.IsClaimed)
            {
                process.IsClaimed = true;
                await ReportAsync(order, new AttemptOutcome.Lost("never started"));
                return;
            }

            await FollowAsync(order);
        });
    }

    public void End(AttemptOrder order)
    {
        world.Checker.Note($"worker end {order.Key}");
        if (!server.IsAlive || !_ending.Add(order.Key))
        {
            return;
        }

        var wasKnown = !_known.Add(order.Key);
        world.Scheduler.Start(async () =>
        {
            await world.Scheduler.DelayAsync(world.Scheduler.RandomTime(100));
            if (!server.IsAlive)
            {
                return;
            }

            var process = world.Disk.Of(order.Key);
            if (process.IsClaimed && !process.IsAlive)
            {
                if (!wasKnown)
                {
                    await FollowAsync(order);
                }

                return; // it ended by itself, and whoever follows it reports that
            }

            var wasAlive = process.IsAlive;
            process.IsClaimed = true;
            process.ExitCode = null;
            world.Disk.Kill(order.Key);
            if (!wasAlive || !wasKnown)
            {
                await ReportAsync(order, new AttemptOutcome.Killed());
            }
        });
    }

    private async Task FollowAsync(AttemptOrder order)
    {
        var process = world.Disk.Of(order.Key);
        while (process.IsAlive)
        {
            await process.Ended;
        }

        await ReportAsync(order, process.ExitCode is { } code ? new AttemptOutcome.Exited(code)
            : _ending.Contains(order.Key) ? new AttemptOutcome.Killed()
            : new AttemptOutcome.Lost("no exit code"));
    }

    private async Task ReportAsync(AttemptOrder order, AttemptOutcome outcome)
    {
        var at = world.Scheduler.Clock.GetUtcNow();
        world.Checker.Note($"worker report {order.Key} {outcome}");
        while (server.IsAlive)
        {
            try
            {
                await Reports!.ReportAsync(order, outcome, at);
                return;
            }
            catch (Exception) when (world.Bug != PlantedBug.ReportNotRepeated)
            {
                await world.Scheduler.DelayAsync(TimeSpan.FromMilliseconds(50));
            }
            catch (Exception)
            {
                return;
            }
        }
    }
}
