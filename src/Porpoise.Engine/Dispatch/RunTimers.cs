using System.Diagnostics;
using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;
using Porpoise.Storage;

namespace Porpoise.Engine.Dispatch;

/// <summary>
/// Sends runs the events whose time has come: a retry is due, a time limit is over. One timer for the whole process, set to the earliest; all
/// times follow from the rows, so a restart loses none. An event that comes twice, or for something that is over, does nothing.
/// </summary>
public sealed class RunTimers : IAsyncDisposable
{
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1); // timers cannot be set further than 49 days
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly PlacedHeap<Wait> _byTime = new();
    private readonly Dictionary<Key, Wait> _waits = [];
    private readonly TimeProvider _clock;
    private readonly Func<IRunHost> _host;
    private readonly ITimer _timer;

    public RunTimers(TimeProvider clock, Func<IRunHost> host)
    {
        _clock = clock;
        _host = host;
        _timer = clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum Kind
    {
        Retry,
        AttemptLimit,
        RunLimit,
    }

    /// <summary>Events that are still to be sent.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waits.Count;
            }
        }
    }

    /// <summary>Sends the event at the time that it says, instead of one of the same kind for the same task that was to be sent before.</summary>
    public void Set(RunId run, RunEvent e)
    {
        lock (_gate)
        {
            Put(KeyOf(run, e), e);
        }
    }

    /// <summary>The task waits for no retry any more.</summary>
    public void CancelRetry(RunId run, int index) => Cancel(new Key(run, Kind.Retry, index));

    /// <summary>The task's attempt is over.</summary>
    public void CancelAttemptLimit(RunId run, int index) => Cancel(new Key(run, Kind.AttemptLimit, index));

    /// <summary>The run is over.</summary>
    public void CancelRunLimit(RunId run) => Cancel(new Key(run, Kind.RunLimit, 0));

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private static Key KeyOf(RunId run, RunEvent e) => e switch
    {
        RunEvent.RetryDue due => new Key(run, Kind.Retry, due.Index),
        RunEvent.AttemptTimeUp up => new Key(run, Kind.AttemptLimit, up.Index),
        RunEvent.RunTimeUp => new Key(run, Kind.RunLimit, 0),
        _ => throw new UnreachableException($"{e.GetType().Name} has no time."),
    };

    private void Put(Key key, RunEvent e)
    {
        if (_waits.TryGetValue(key, out var wait))
        {
            _byTime.Remove(wait);
            wait.Event = e;
        }
        else
        {
            wait = new Wait(key, e);
            _waits.Add(key, wait);
        }

        _byTime.Add(wait);
        if (_byTime.First == wait)
        {
            SetTimer();
        }
    }

    private void Cancel(Key key)
    {
        lock (_gate)
        {
            if (_waits.Remove(key, out var wait))
            {
                _byTime.Remove(wait); // the timer may come for nothing
            }
        }
    }

    private void Fire()
    {
        var now = _clock.GetUtcNow();
        var due = new List<Wait>();
        lock (_gate)
        {
            while (_byTime.First is { } first && first.Event.At <= now)
            {
                _byTime.Remove(first);
                _waits.Remove(first.Key);
                due.Add(first);
            }

            SetTimer();
        }

        foreach (var wait in due)
        {
            _ = SendAsync(wait.Key, wait.Event with { At = now });
        }
    }

    /// <summary>Called under the lock.</summary>
    private void SetTimer()
    {
        if (_byTime.First is { } next)
        {
            var wait = next.Event.At - _clock.GetUtcNow();
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < TimerMax ? wait : TimerMax, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task SendAsync(Key key, RunEvent e)
    {
        try
        {
            await _host().DeliverAsync(key.Run, e);
        }
        catch (StoreUnavailableException)
        {
            // Mostly the driver is poisoned, and its revival sets the timer again; but perhaps the event never reached a driver.
            lock (_gate)
            {
                if (!_waits.ContainsKey(key))
                {
                    Put(key, e with { At = _clock.GetUtcNow() + AgainAfter });
                }
            }
        }
        catch (Exception)
        {
            // The driver logged why.
        }
    }

    private readonly record struct Key(RunId Run, Kind Kind, int Index);

    private sealed class Wait(Key key, RunEvent e) : IPlaced<Wait>
    {
        public Key Key => key;

        public RunEvent Event { get; set; } = e;

        public int Place { get; set; } = -1;

        public bool IsBefore(Wait other) => Event.At != other.Event.At ? Event.At < other.Event.At : Key.Run.Value < other.Key.Run.Value;
    }
}
