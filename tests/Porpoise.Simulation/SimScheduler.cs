namespace Porpoise.Simulation;

/// <summary>
/// Runs everything on one thread, in an order drawn by the seed. Every continuation comes here, because each step runs under a fresh
/// <see cref="SynchronizationContext"/>: so no await ever resumes inline, and another seed is another interleaving.
/// Time stands still while anything is ready; then it jumps to the next timer.
/// </summary>
public sealed class SimScheduler
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public SimScheduler(int seed)
    {
        Random = new Random(seed);
        Clock = new SimClock(this);
    }

    /// <summary>The only source of chance in a simulation.</summary>
    public Random Random { get; }

    public SimClock Clock { get; }

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    public void Post(SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Something left the simulator's thread: the order is not the seed's any more.");
        }

        _ready.Add((callback, state));
    }

    /// <summary>Runs until <paramref name="isDone"/>, or until the clock passes <paramref name="end"/>, or nothing is left to do.</summary>
    public void Run(Func<bool> isDone, DateTimeOffset end)
    {
        while (!isDone())
        {
            if (_ready.Count == 0 && !Clock.JumpToNext(end))
            {
                return;
            }

            while (_ready.Count > 0)
            {
                Step();
            }
        }
    }

    /// <summary>Starts something inside the simulation.</summary>
    public void Start(Func<Task> work) => Post(_ => _ = work(), null);

    public Task DelayAsync(TimeSpan time) => Task.Delay(time, Clock);

    public TimeSpan RandomTime(int millisecondsMax) => TimeSpan.FromMilliseconds(Random.Next(millisecondsMax + 1));

    public bool Chance(double probability) => Random.NextDouble() < probability;

    private void Step()
    {
        // The last one is moved into the gap: which one is drawn is random anyway.
        var i = Random.Next(_ready.Count);
        var (callback, state) = _ready[i];
        _ready[i] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Steps++;
        SynchronizationContext.SetSynchronizationContext(new Hop(this));
        try
        {
            callback(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private sealed class Hop(SimScheduler target) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => target.Post(d, state);
    }
}
