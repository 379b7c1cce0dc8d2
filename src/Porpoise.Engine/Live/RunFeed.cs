using System.Collections.Concurrent;
using System.Threading.Channels;
using Porpoise.Core.Runs;

namespace Porpoise.Engine.Live;

/// <summary>
/// Tells whoever watches a run what changed in it, after the commit. Watch first, then read the rows: what changes in between is told twice, and nothing is missed.
/// A watcher that does not keep up is cut off instead of holding up a driver or filling the memory; it comes again, and begins with the rows.
/// </summary>
public sealed class RunFeed : IDisposable
{
    /// <summary>Runs and logs that may be watched at once, all together.</summary>
    public const int WatchersMax = 2_000;

    /// <summary>Commits that a watcher may lag behind.</summary>
    public const int LagMax = 4_096;

    private readonly ConcurrentDictionary<RunId, Watch[]> _watches = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private int _count;

    public RunFeed() => Closed = _closed.Token;

    /// <summary>Cancelled when the engine stops: nothing will be told any more.</summary>
    public CancellationToken Closed { get; }

    /// <summary>What changes in the run from now on. Null: <see cref="WatchersMax"/> watch already.</summary>
    public Watch? TryWatch(RunId run)
    {
        lock (_gate)
        {
            if (_count >= WatchersMax)
            {
                return null;
            }

            _count++;
            var watch = new Watch(this, run);
            _watches.AddOrUpdate(run, static (_, added) => [added], static (_, others, added) => [.. others, added], watch);
            return watch;
        }
    }

    /// <summary>Called by the run's driver after each of its commits. Costs a look-up where nobody watches.</summary>
    public void Publish(RunId run, Decision decision)
    {
        if (!_watches.TryGetValue(run, out var watches))
        {
            return;
        }

        var update = new RunUpdate([.. decision.Changes], decision.State, decision.StateAt);
        foreach (var watch in watches)
        {
            watch.Add(update);
        }
    }

    public void Dispose()
    {
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _closed.Dispose();
        }
    }

    private void Leave(Watch watch)
    {
        lock (_gate)
        {
            _count--;
            var others = Array.FindAll(_watches[watch.Run], other => other != watch);
            if (others.Length == 0)
            {
                _watches.TryRemove(watch.Run, out _);
            }
            else
            {
                _watches[watch.Run] = others;
            }
        }
    }

    /// <summary>One watcher's view of a run. Dispose it once.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly RunFeed _feed;
        private readonly Channel<RunUpdate> _updates = Channel.CreateBounded<RunUpdate>(new BoundedChannelOptions(LagMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

        internal Watch(RunFeed feed, RunId run)
        {
            _feed = feed;
            Run = run;
        }

        public RunId Run { get; }

        /// <summary>Ends when the watcher has lagged behind too far.</summary>
        public ChannelReader<RunUpdate> Updates => _updates.Reader;

        public void Dispose() => _feed.Leave(this);

        internal void Add(RunUpdate update)
        {
            if (!_updates.Writer.TryWrite(update))
            {
                _updates.Writer.TryComplete();
            }
        }
    }
}
