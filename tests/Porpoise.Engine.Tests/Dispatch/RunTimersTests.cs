using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Tests.Hosting;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Dispatch;

public sealed class RunTimersTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingHost _host = new();
    private readonly RunTimers _timers;

    public RunTimersTests() => _timers = new RunTimers(_clock, () => _host);

    private IEnumerable<int> Woken => _host.Delivered.Select(d => d.Run.Value);

    [Fact]
    public void Runs_are_woken_at_their_time_and_in_its_order()
    {
        Add(1, seconds: 30);
        Add(2, seconds: 10);
        Add(3, seconds: 20);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(Woken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([2], Woken);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([2, 3, 1], Woken);
        Assert.All(_host.Delivered, d => Assert.IsType<RunEvent.RetryDue>(d.Event));
    }

    [Fact]
    public void A_time_that_has_come_already_wakes_at_once()
    {
        Add(1, seconds: -5);
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal([1], Woken);
    }

    [Fact]
    public void The_same_wait_added_again_wakes_once()
    {
        Add(1, seconds: 10);
        Add(1, seconds: 10);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1], Woken);
    }

    [Fact]
    public void A_later_wait_of_the_same_task_wakes_at_its_own_time()
    {
        Add(1, seconds: 10);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Add(1, seconds: 10);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 1], Woken);
    }

    [Fact]
    public void Waits_longer_than_a_timer_can_be_set_are_kept()
    {
        Add(1, seconds: 60 * 24 * 3600);
        for (var day = 0; day < 59; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Empty(Woken);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal([1], Woken);
    }

    [Fact]
    public void A_run_that_cannot_be_woken_keeps_nobody_else_asleep()
    {
        _host.Answer = run => run.Value == 1 ? Task.FromException(new StoreUnavailableException("no")) : Task.CompletedTask;
        Add(1, seconds: 10);
        Add(2, seconds: 10);
        Add(3, seconds: 20);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2], Woken.Order());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2, 3], Woken.Distinct().Order());
    }

    [Fact]
    public void What_could_not_be_sent_is_sent_again_later()
    {
        _host.Answer = _ => Task.FromException(new StoreUnavailableException("no"));
        Add(1, seconds: 10);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _host.Answer = _ => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([1, 1], Woken);
        Assert.Equal(0, _timers.Count);
    }

    [Fact]
    public void Each_kind_of_event_has_a_time_of_its_own_and_comes_with_the_time_at_which_it_is_sent()
    {
        var now = _clock.GetUtcNow();
        _timers.Set(new RunId(1), new RunEvent.RunTimeUp(now.AddSeconds(30)));
        _timers.Set(new RunId(1), new RunEvent.AttemptTimeUp(4, 2, now.AddSeconds(20)));
        _timers.Set(new RunId(1), new RunEvent.RetryDue(4, now.AddSeconds(10)));
        for (var i = 0; i < 4; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(
            [new RunEvent.RetryDue(4, now.AddSeconds(10)), new RunEvent.AttemptTimeUp(4, 2, now.AddSeconds(20)), new RunEvent.RunTimeUp(now.AddSeconds(30))],
            _host.Delivered.Select(d => d.Event));
    }

    [Fact]
    public void A_time_that_is_set_anew_counts_alone()
    {
        Add(1, seconds: 10);
        Add(1, seconds: 30);
        Add(2, seconds: 20);
        Add(2, seconds: 5);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal([2], Woken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([2, 1], Woken);
    }

    [Fact]
    public void What_is_cancelled_does_not_come_and_takes_no_room()
    {
        var soon = _clock.GetUtcNow().AddSeconds(10);
        _timers.Set(new RunId(1), new RunEvent.RunTimeUp(soon));
        _timers.Set(new RunId(1), new RunEvent.AttemptTimeUp(4, 2, soon));
        _timers.Set(new RunId(1), new RunEvent.RetryDue(4, soon));
        _timers.CancelAttemptLimit(new RunId(1), 4);
        _timers.CancelRunLimit(new RunId(1));
        _timers.CancelRunLimit(new RunId(2));
        Assert.Equal(1, _timers.Count);
        _timers.CancelRetry(new RunId(1), 4);
        Assert.Equal(0, _timers.Count);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(Woken);
    }

    public ValueTask DisposeAsync() => _timers.DisposeAsync();

    private void Add(int run, int seconds) => _timers.Set(new RunId(run), new RunEvent.RetryDue(0, _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds)));
}
