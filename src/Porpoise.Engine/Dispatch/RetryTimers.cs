using Porpoise.Core.Runs;
using Porpoise.Engine.Hosting;

namespace Porpoise.Engine.Dispatch;

/// <summary>
/// Wakes runs whose next retry is due. One timer for the whole process, set to the earliest; the due times stand in the rows, so a restart
/// loses none. Waking a run twice, or one that no longer waits, does nothing.
/// </summary>
public sealed class RetryTimers : IAsyncDisposable
{
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1); // timers cannot be set further than 49 days

    private readonly Lock _gate = new();
    private readonly PriorityQueue<(RunId Run, int Index), DateTimeOffset> _due = new();
    private readonly Dictionary<(RunId Run, int Index), DateTimeOffset> _waiting = [];
    private readonly TimeProvider _clock;
    private readonly Func<IRunHost> _host;
    private readonly ITimer _timer;

    public RetryTimers(TimeProvider clock, Func<IRunHost> host)
    {
        _clock = clock;
        _host = host;
        _timer = clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(RunId run, int index, DateTimeOffset due)
    {
        lock (_gate)
        {
            // A run that is read again sets its timers again: once is enough.
            if (_waiting.TryGetValue((run, index), out var known) && known == due)
            {
                return;
            }

            _waiting[(run, index)] = due;
            _due.Enqueue((run, index), due);
            Set();
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Fire()
    {
        var now = _clock.GetUtcNow();
        var woken = new List<(RunId Run, int Index)>();
        lock (_gate)
        {
            while (_due.TryPeek(out _, out var due) && due <= now)
            {
                var waiter = _due.Dequeue();
                if (_waiting.TryGetValue(waiter, out var current) && current == due)
                {
                    _waiting.Remove(waiter);
                }

                woken.Add(waiter);
            }

            Set();
        }

        foreach (var (run, index) in woken)
        {
            _ = WakeAsync(run, index, now);
        }
    }

    /// <summary>Called under the lock.</summary>
    private void Set()
    {
        if (_due.TryPeek(out _, out var next))
        {
            var wait = next - _clock.GetUtcNow();
            _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < TimerMax ? wait : TimerMax, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task WakeAsync(RunId run, int index, DateTimeOffset now)
    {
        try
        {
            await _host().DeliverAsync(run, new RunEvent.RetryDue(index, now));
        }
        catch (Exception)
        {
            // The driver logged why. It is poisoned, and its revival sets this timer again.
        }
    }
}
