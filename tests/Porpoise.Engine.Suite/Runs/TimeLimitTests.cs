using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Runs and attempts that take too long are ended, whatever becomes of the server meanwhile.</summary>
public abstract class TimeLimitTests(IEngineHosting hosting)
{
    private static readonly TimeLimit Minute = new(TimeSpan.FromMinutes(1), TimeLimitAction.Fail);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_ended_and_retried_until_the_task_fails()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, clock: _clock);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a", retries: 1).With(t => t with { TimeLimit = Minute }));
        await bench.Effects.PerformedAsync(run, new Effect.WatchAttempt(0, 1, _clock.GetUtcNow() + Minute.After));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(bench.Worker.Ends);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await bench.Effects.PerformedAsync(run, new Effect.WatchAttempt(0, 2, _clock.GetUtcNow() + Minute.After));
        Assert.Equal(1, bench.Worker.Running);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((TaskState.Failed, 2, 2, "timed out after 1 m"), (task.State, task.Attempt, task.Failures, task.Message));
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_ended_and_fails()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1, _clock);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a", retries: 3).Shell("b").Shell("c").Edge("b", "c").WithAll(d => d with { TimeLimit = Minute }), FailureStrategy.Continue);
        await bench.Worker.StartedAsync("a");
        await bench.Effects.PerformedAsync(run, new Effect.Enqueue(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        var tasks = await bench.TasksAsync(run);
        Assert.Equal(2, tasks.Count);
        Assert.All(tasks, t => Assert.Equal((TaskState.Killed, "the run timed out after 1 m"), (t.State, t.Message)));
        Assert.Equal(1, bench.Worker.StartCount);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_limit_that_only_warns_ends_nothing()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, clock: _clock);
        bench.Worker.Hold("a");
        var warning = Minute with { Action = TimeLimitAction.Warn };
        var run = await bench.StartAsync(Shape.Single("a").With(t => t with { TimeLimit = warning }).WithAll(d => d with { TimeLimit = warning }));
        await bench.Effects.PerformedAsync(run, new Effect.WatchAttempt(0, 1, _clock.GetUtcNow() + Minute.After));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await bench.Effects.PerformedAsync(run, new Effect.WarnOfAttempt(0, 1, Minute.After));
        await bench.Effects.PerformedAsync(run, new Effect.WarnOfRun(Minute.After));
        Assert.Empty(bench.Worker.Ends);
        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
    }

    [Fact]
    public async Task Limits_that_are_over_when_the_server_comes_back_are_kept_at_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, clock: _clock);
        bench.Worker.Hold("a", "b");
        var attempt = await bench.StartAsync(Shape.Single("a").With(t => t with { TimeLimit = Minute }));
        var run = await bench.StartAsync(Shape.Single("b").WithAll(d => d with { TimeLimit = Minute }));
        await bench.Worker.StartedAsync("a");
        await bench.Worker.StartedAsync("b");
        await bench.DieAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await bench.BootAsync();
        await TimePassesUntilAsync(() => bench.Worker.Ends.DistinctBy(e => e.TaskName).Count() == 2, "the end of both attempts");
        Assert.Equal([RunState.Failed, RunState.Failed], [(await bench.EndAsync(attempt)).State, (await bench.EndAsync(run)).State]);
        Assert.Equal("timed out after 1 m", Assert.Single(await bench.TasksAsync(attempt)).Message);
        Assert.Equal("the run timed out after 1 m", Assert.Single(await bench.TasksAsync(run)).Message);
        await bench.AssertSlotsAreFreeAsync();
    }

    /// <summary>No row says that the attempt was to end: that it was killed while nobody stops the run says it.</summary>
    [Fact]
    public async Task An_attempt_that_ended_by_its_limit_while_the_server_was_away_has_timed_out()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, clock: _clock);
        bench.Worker.IsStubborn = true;
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a").With(t => t with { TimeLimit = Minute }));
        await bench.Effects.PerformedAsync(run, new Effect.WatchAttempt(0, 1, _clock.GetUtcNow() + Minute.After));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await bench.Happenings.UntilAsync(() => bench.Worker.Ends.Count == 1, "the request to end 'a'");
        await bench.DieAsync();
        bench.Worker.LetEnd();
        await bench.BootAsync();
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((TaskState.Failed, 1, "timed out after 1 m"), (task.State, task.Failures, task.Message));
    }

    [Fact]
    public async Task A_run_that_waits_for_a_slot_longer_than_it_may_take_is_ended_on_time_also_after_a_restart()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1, _clock);
        bench.Worker.Hold("blocker");
        await bench.StartAsync(Shape.Single("blocker"));
        await bench.Worker.StartedAsync("blocker");
        var run = await bench.StartAsync(Shape.Single("a").WithAll(d => d with { TimeLimit = Minute }));
        await bench.Effects.PerformedAsync(run, new Effect.Enqueue(0));
        await bench.RestartAsync();
        Assert.Equal(1, bench.Engine.Queue.Waiting);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        await bench.Happenings.UntilAsync(() => bench.Engine.Queue.Waiting == 0, "the empty queue"); // The commit comes first, and can be seen.
        Assert.DoesNotContain(bench.Worker.Starts, o => o.TaskName == "a");
        bench.Worker.Release("blocker");
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task What_ends_in_time_leaves_no_timer()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, clock: _clock);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Single("a", retries: 1, seconds: 30).With(t => t with { TimeLimit = Minute }).WithAll(d => d with { TimeLimit = Minute }));
        await bench.Effects.PerformedAsync(run, new Effect.WakeAt(0, _clock.GetUtcNow().AddSeconds(30)));
        Assert.Equal(2, bench.Engine.Timers); // the retry's and the run's
        await bench.Engine.StopAsync(run);
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        await bench.Happenings.UntilAsync(() => bench.Engine.Timers == 0, "the end of the last timer");
    }

    private async Task TimePassesUntilAsync(Func<bool> holds, string transition)
    {
        for (var watch = Stopwatch.StartNew(); !holds(); await Task.Yield())
        {
            Assert.True(watch.Elapsed < Happenings.Patience, $"This never came: {transition}.");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
