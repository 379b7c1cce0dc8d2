using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Tests.Hosting;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Dispatch;

public sealed class RetryTimersTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingHost _host = new();
    private readonly RetryTimers _timers;

    public RetryTimersTests() => _timers = new RetryTimers(_clock, () => _host);

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
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([1, 2, 3], Woken.Order());
    }

    public ValueTask DisposeAsync() => _timers.DisposeAsync();

    private void Add(int run, int seconds) => _timers.Add(new RunId(run), 0, _clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));
}
