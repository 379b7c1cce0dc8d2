using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>A stop reaches a run wherever it stands.</summary>
public abstract class StopTests(IEngineHosting hosting)
{
    [Fact]
    public async Task A_run_that_waits_for_a_slot_is_stopped_at_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Hold("blocker");
        var blocker = await bench.StartAsync(Shape.Single("blocker"));
        await bench.Worker.StartedAsync("blocker");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Effects.PerformedAsync(run, new Effect.Enqueue(0));

        await bench.Engine.StopAsync(run);
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        Assert.Equal(0, bench.Engine.Queue.Waiting);
        bench.Worker.Release("blocker");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(blocker)).State);
        await bench.AssertSlotsAreFreeAsync();
        Assert.DoesNotContain(bench.Worker.Starts, o => o.TaskName == "a");
    }

    [Fact]
    public async Task A_run_whose_task_runs_has_stopped_when_no_process_is_left()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.IsStubborn = true;
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        await bench.Worker.StartedAsync("a");

        await bench.Engine.StopAsync(run);
        Assert.Equal(RunState.Stopping, (await bench.FindAsync(run)).State);
        Assert.Equal("a", Assert.Single(bench.Worker.Ends).TaskName);
        bench.Worker.LetEnd();
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        Assert.Equal(TaskState.Killed, Assert.Single(await bench.TasksAsync(run)).State);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_run_that_waits_for_a_retry_is_stopped_and_never_wakes()
    {
        var clock = new FakeTimeProvider();
        await using var bench = await EngineBench.OpenAsync(hosting, clock: clock);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Single("a", retries: 1, seconds: 60));
        await bench.Store.ChangeIsDurableAsync<TaskChange.AttemptFailed>(run);

        await bench.Engine.StopAsync(run);
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        clock.Advance(TimeSpan.FromMinutes(2));
        await bench.AssertSlotsAreFreeAsync();
        Assert.Single(bench.Worker.Starts, o => o.TaskName == "a");
    }

    [Fact]
    public async Task A_stop_that_comes_twice_or_too_late_changes_nothing()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        await Task.WhenAll(bench.Engine.StopAsync(run), bench.Engine.StopAsync(run));
        var end = await bench.EndAsync(run);
        await bench.Engine.StopAsync(run);
        Assert.Equal(end, await bench.FindAsync(run));
    }

    [Fact]
    public async Task The_stop_of_a_run_that_does_not_exist_says_so()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => bench.Engine.StopAsync(new RunId(99)));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => bench.Engine.StopAsync(new RunId(99)));
    }
}
