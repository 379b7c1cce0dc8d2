namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>Time that stands still until the test moves it; its timers fire on the thread that does.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(t => t.TakeIfDue(_now))];
        }

        due.ForEach(t => t.Fire());
    }

    private sealed class Timer(ManualClock clock, Action fire) : ITimer
    {
        private DateTimeOffset? _due;

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
            }

            return true;
        }

        public bool TakeIfDue(DateTimeOffset now)
        {
            var isDue = _due <= now;
            _due = isDue ? null : _due;
            return isDue;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
