using Porpoise.Core.Runs;
using Porpoise.Engine.Live;

namespace Porpoise.Engine.Tests.Live;

public sealed class RunFeedTests : IDisposable
{
    private static readonly RunId Run = new(1);
    private readonly RunFeed _feed = new();

    public void Dispose() => _feed.Dispose();

    [Fact]
    public void Each_watcher_of_a_run_hears_of_each_commit_and_others_do_not()
    {
        using var one = Watch(Run);
        using var two = Watch(Run);
        using var other = Watch(new RunId(2));
        _feed.Publish(Run, Submits(0));
        _feed.Publish(Run, Submits(1));
        Assert.Equal([0, 1], Read(one));
        Assert.Equal([0, 1], Read(two));
        Assert.Empty(Read(other));
    }

    [Fact]
    public void Who_came_later_or_left_hears_nothing()
    {
        var left = Watch(Run);
        left.Dispose();
        _feed.Publish(Run, Submits(0));
        using var later = Watch(Run);
        Assert.Empty(Read(left));
        Assert.Empty(Read(later));
    }

    [Fact]
    public async Task A_watcher_that_does_not_keep_up_is_cut_off_and_the_others_go_on()
    {
        using var slow = Watch(Run);
        using var quick = Watch(Run);
        for (var i = 0; i <= RunFeed.LagMax; i++)
        {
            _feed.Publish(Run, Submits(i));
            Assert.Equal([i], Read(quick));
        }

        Assert.Equal(RunFeed.LagMax, Read(slow).Count);
        Assert.False(await slow.Updates.WaitToReadAsync(TestContext.Current.CancellationToken));
        _feed.Publish(Run, Submits(7));
        Assert.Equal([7], Read(quick));
    }

    [Fact]
    public void There_are_so_many_watchers_and_no_more()
    {
        var watches = Enumerable.Range(1, RunFeed.WatchersMax).Select(i => Watch(new RunId(i))).ToList();
        Assert.Null(_feed.TryWatch(Run));
        watches[5].Dispose();
        using var again = Watch(Run);
        Assert.Null(_feed.TryWatch(Run));
    }

    [Fact]
    public void Who_watches_hears_that_the_engine_stops()
    {
        var closed = _feed.Closed;
        Assert.False(closed.IsCancellationRequested);
        _feed.Dispose();
        Assert.True(closed.IsCancellationRequested);
    }

    private RunFeed.Watch Watch(RunId run) => _feed.TryWatch(run) ?? throw new InvalidOperationException("Too many watch.");

    private static Decision Submits(int index)
    {
        var decision = new Decision();
        decision.Changes.Add(new TaskChange.Submitted(index, DateTimeOffset.UnixEpoch));
        return decision;
    }

    private static List<int> Read(RunFeed.Watch watch)
    {
        var indexes = new List<int>();
        while (watch.Updates.TryRead(out var update))
        {
            indexes.AddRange(update.Changes.Select(change => change.Index));
        }

        return indexes;
    }
}
