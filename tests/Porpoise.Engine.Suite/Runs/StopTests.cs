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
        await bench.Happenings.UntilAsync(() => bench.Engine.Queue.Waiting == 0, "the empty queue"); // The commit comes first, and can be seen.
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

    /// <summary>The stop asks for the end of an attempt of which the next event says that it is over: its slot is free, and stays so.</summary>
    [Fact]
    public async Task A_stop_and_the_end_of_an_attempt_in_one_turn_leave_no_slot_taken()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 2);
        bench.Worker.Hold("a", "b");
        var run = await bench.StartAsync(Shape.Single("a").Shell("b").Shell("c").Edge("a", "c"));
        await bench.Worker.StartedAsync("a");
        await bench.Worker.StartedAsync("b");
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Store.Gate = gate.Task;
        var saves = bench.Store.SaveCount;
        bench.Worker.Release("b");
        await bench.Happenings.UntilAsync(() => bench.Store.SaveCount > saves, "a turn that waits for its commit");
        var reports = bench.Worker.ReportsSent;
        var stop = bench.Engine.StopAsync(run);
        bench.Worker.Release("a");
        await bench.Happenings.UntilAsync(() => bench.Worker.ReportsSent > reports, "the report on 'a'");
        gate.SetResult();
        await stop;
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        await bench.AssertSlotsAreFreeAsync();
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
