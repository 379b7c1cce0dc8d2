namespace Porpoise.Simulation;

/// <summary>Time that moves only when nothing else can happen. Timers come back into the scheduler, so that their callbacks are drawn like everything else.</summary>
public sealed class SimClock(SimScheduler scheduler) : TimeProvider
{
    public static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(SimTimer Timer, int Setting), (DateTimeOffset Due, long Order)> _timers = new();
    private DateTimeOffset _now = Beginning;
    private long _order;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new SimTimer(this, callback, state, dueTime, period);

    /// <summary>Jumps to the next timer and makes it ready. False: none is due before <paramref name="end"/>.</summary>
    internal bool JumpToNext(DateTimeOffset end)
    {
        while (_timers.TryPeek(out var next, out var due) && due.Due <= end)
        {
            _timers.Dequeue();
            if (next.Timer.Setting == next.Setting)
            {
                _now = due.Due > _now ? due.Due : _now;
                scheduler.Post(_ => next.Timer.Fire(next.Setting), null);
                return true;
            }
        }

        return false;
    }

    private sealed class SimTimer : ITimer
    {
        private readonly SimClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private TimeSpan _period;

        public SimTimer(SimClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            Change(dueTime, period);
        }

        /// <summary>Counts the settings: a timer that was set again or disposed does not fire for an earlier one.</summary>
        public int Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Setting++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _clock._timers.Enqueue((this, Setting), (_clock._now + dueTime, _clock._order++));
            }

            return true;
        }

        public void Fire(int setting)
        {
            if (setting != Setting)
            {
                return;
            }

            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            _callback(_state);
        }

        public void Dispose() => Setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
