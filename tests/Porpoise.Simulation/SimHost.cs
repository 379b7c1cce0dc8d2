using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;

namespace Porpoise.Simulation;

/// <summary>The simulated host: messages are late and overtake each other, idle drivers are paged out at whim, and nothing moves any more once the server has died.</summary>
public sealed class SimHost(SimScheduler scheduler, Incarnation server, Func<IDriverHost, RunDriverParts> makeParts) : IRunHost, IDriverHost
{
    private readonly Dictionary<RunId, RunDriver> _drivers = [];
    private RunDriverParts? _parts;

    private RunDriverParts Parts => _parts ??= makeParts(this);

    public void Begin(StartedRun run)
    {
        if (!server.IsAlive)
        {
            return;
        }

        var driver = new RunDriver(run, Parts);
        if (_drivers.TryAdd(run.Id, driver))
        {
            driver.Begin(run.Effects);
        }
    }

    public async Task DeliverAsync(RunId run, RunEvent e)
    {
        await scheduler.DelayAsync(scheduler.RandomTime(20));
        await server.GateAsync();
        while (true)
        {
            if (!_drivers.TryGetValue(run, out var driver))
            {
                driver = new RunDriver(run, Parts);
                _drivers.Add(run, driver);
            }

            if (driver.Deliver(e) is { } done)
            {
                await done;
                await server.GateAsync();
                return;
            }

            _drivers.Remove(run);
        }
    }

    public void OnIdle(RunDriver driver)
    {
        if (scheduler.Chance(0.3))
        {
            OnEnded(driver);
        }
    }

    public void OnEnded(RunDriver driver)
    {
        if (driver.TryRetire() && _drivers.TryGetValue(driver.Id, out var current) && current == driver)
        {
            _drivers.Remove(driver.Id);
        }
    }

    public void OnPoisoned(RunDriver driver, bool isOwner)
    {
        if (!isOwner && server.IsZombie)
        {
            server.Die(); // it has learnt that it was replaced
            return;
        }

        scheduler.Start(async () =>
        {
            await scheduler.DelayAsync(TimeSpan.FromMilliseconds(500));
            if (server.IsAlive)
            {
                try
                {
                    await DeliverAsync(driver.Id, new RunEvent.Resumed(scheduler.Clock.GetUtcNow()));
                }
                catch (Exception)
                {
                    // Poisoned again: the next revival is on its way.
                }
            }
        });
    }
}
