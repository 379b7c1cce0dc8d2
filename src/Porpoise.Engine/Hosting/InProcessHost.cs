using System.Collections.Concurrent;
using Porpoise.Core.Runs;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine.Hosting;

/// <summary>The embedded host: drivers are plain objects in a dictionary. Idle ones are paged out, oldest first, when there are too many.</summary>
public sealed class InProcessHost : IRunHost, IDriverHost
{
    /// <summary>Drivers kept in memory while idle.</summary>
    public const int DriversMax = 4096;

    private readonly ConcurrentDictionary<RunId, RunDriver> _drivers = new();
    private readonly ConcurrentQueue<RunDriver> _idle = new();
    private readonly TimeProvider _clock;
    private readonly Func<IDriverHost, RunDriverParts> _makeParts;
    private RunDriverParts? _parts;

    /// <param name="clock">The time.</param>
    /// <param name="makeParts">Makes what the drivers work with, given their host.</param>
    public InProcessHost(TimeProvider clock, Func<IDriverHost, RunDriverParts> makeParts)
    {
        _clock = clock;
        _makeParts = makeParts;
    }

    /// <summary>Drivers in memory.</summary>
    public int Count => _drivers.Count;

    private RunDriverParts Parts => _parts ??= _makeParts(this);

    public void Begin(StartedRun run)
    {
        var driver = new RunDriver(run, Parts);
        if (_drivers.TryAdd(run.Id, driver))
        {
            driver.Begin(run.Effects);
        }
    }

    public Task DeliverAsync(RunId run, RunEvent e)
    {
        while (true)
        {
            var driver = _drivers.GetOrAdd(run, static (id, host) => new RunDriver(id, host.Parts), this);
            if (driver.Deliver(e) is { } done)
            {
                return done;
            }

            _drivers.TryRemove(new KeyValuePair<RunId, RunDriver>(run, driver));
        }
    }

    public void OnIdle(RunDriver driver)
    {
        _idle.Enqueue(driver);
        while (_drivers.Count > DriversMax && _idle.TryDequeue(out var oldest))
        {
            Remove(oldest); // one that is busy again comes back here when it is idle
        }

        while (_idle.Count > 2 * DriversMax && _idle.TryDequeue(out _))
        {
            // A driver is queued each time it goes idle: drop the oldest mentions.
        }
    }

    public void OnEnded(RunDriver driver) => Remove(driver);

    public void OnPoisoned(RunDriver driver, bool isOwner) => _ = ReviveAsync(driver.Id);

    private void Remove(RunDriver driver)
    {
        if (driver.TryRetire())
        {
            _drivers.TryRemove(new KeyValuePair<RunId, RunDriver>(driver.Id, driver));
        }
    }

    private async Task ReviveAsync(RunId run)
    {
        await Parts.UntilRevivalAsync();
        try
        {
            await DeliverAsync(run, new RunEvent.Resumed(_clock.GetUtcNow()));
        }
        catch (Exception)
        {
            // The driver was poisoned again, logged why, and asked for the next revival itself.
        }
    }
}
