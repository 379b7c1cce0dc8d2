using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>The stop of one task, successes that are forced, and runs that are run again, also across a death of the engine.</summary>
public abstract class ControlTests(IEngineHosting hosting)
{
    [Theory]
    [InlineData(FailureStrategy.Continue, TaskState.Succeeded)]
    [InlineData(FailureStrategy.End, TaskState.Killed)]
    public async Task A_task_that_is_stopped_is_ended_without_a_retry_and_the_failure_strategy_follows(FailureStrategy strategy, TaskState other)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a", "b");
        var run = await bench.StartAsync(Shape.Single("a", retries: 3).Shell("b").Shell("c").Edge("a", "c"), strategy);
        await bench.Worker.StartedAsync("a");
        await bench.Worker.StartedAsync("b");

        await bench.Engine.StopTaskAsync(run, 0);
        await bench.Store.ChangeIsDurableAsync<TaskChange.Ended>(run);
        // With END the engine ends "b" by itself: letting it go here would be a race of the two.
        if (strategy == FailureStrategy.Continue)
        {
            bench.Worker.Release("b");
        }

        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Equal([(0, TaskState.Killed), (1, other)], (await bench.TasksAsync(run)).Select(t => (t.Index, t.State)));
        Assert.Equal("the task was stopped", (await bench.TasksAsync(run))[0].Message);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_stop_of_a_task_outlives_the_engine()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.IsStubborn = true;
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a", retries: 3));
        await bench.Worker.StartedAsync("a");
        await bench.Engine.StopTaskAsync(run, 0);

        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Ends.Count >= 2, "the end of 'a' asked for by the next engine");
        bench.Worker.LetEnd();
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Equal(1, bench.Worker.StartCount);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_task_that_waits_for_a_slot_is_stopped_at_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Wide("x", 0).Shell("a").Shell("b"), FailureStrategy.Continue);
        await bench.Worker.StartedAsync("a");
        await bench.Engine.StopTaskAsync(run, 1);
        Assert.Equal(TaskState.Killed, (await bench.TasksAsync(run))[1].State);
        await bench.Happenings.UntilAsync(() => bench.Engine.Queue.Waiting == 0, "the empty queue"); // The commit comes first, and can be seen.
        bench.Worker.Release("a");
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_run_goes_on_from_its_failure(bool restarts)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("b", 1);
        var run = await bench.StartAsync(Shape.Chain("a", "b", "c"));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        if (restarts)
        {
            await bench.RestartAsync();
        }

        await bench.Engine.RerunAsync(run, RerunScope.FromFailure);
        var row = await bench.EndAsync(run);
        Assert.Equal((RunState.Succeeded, 1), (row.State, row.Restarts));
        Assert.Equal([("a", 1), ("b", 1), ("b", 2), ("c", 1)], bench.Worker.Starts.Select(o => (o.TaskName, o.Key.Number)));
        Assert.Equal(2, (await bench.Store.ListAttemptsAsync((await bench.TasksAsync(run))[1].Id)).Count);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_run_is_run_again_from_its_start_and_the_numbers_of_attempts_go_on()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        await bench.EndAsync(run);
        bench.Worker.Hold("a");
        await bench.Engine.RerunAsync(run, RerunScope.All);
        await bench.Worker.StartedAsync("a", 2);
        Assert.Equal([TaskState.Running, TaskState.Waiting], (await bench.TasksAsync(run)).Select(t => t.State));
        await bench.RestartAsync();
        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal([("a", 1), ("b", 1), ("a", 2), ("b", 2)], bench.Worker.Starts.Select(o => (o.TaskName, o.Key.Number)));
    }

    [Fact]
    public async Task Many_who_ask_at_once_run_it_again_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.EndAsync(run);
        bench.Worker.Hold("a");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.Engine.RerunAsync(run, RerunScope.FromFailure)));
        bench.Worker.Release("a");
        Assert.Equal(1, (await bench.EndAsync(run)).Restarts);
        Assert.Equal(2, bench.Worker.StartCount);
    }

    /// <summary>The write may have been carried out or not: after the failure the run is read again, and the rows say which.</summary>
    [Theory]
    [InlineData(Fault.Before, 0)]
    [InlineData(Fault.After, 1)]
    public async Task A_rerun_whose_write_fails_is_what_the_rows_say(Fault fault, int restarts)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.EndAsync(run);
        bench.Store.OnSave = decision => decision.Restart is null ? Fault.None : fault;
        await Assert.ThrowsAsync<Storage.StoreUnavailableException>(() => bench.Engine.RerunAsync(run, RerunScope.FromFailure));
        bench.Store.OnSave = _ => Fault.None;
        if (fault == Fault.After)
        {
            await bench.Worker.StartedAsync("a", 2);
        }

        Assert.Equal(restarts, (await bench.EndAsync(run)).Restarts);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_forced_success_lets_a_run_that_goes_on_go_further()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("a", 1);
        bench.Worker.Hold("b");
        var run = await bench.StartAsync(Shape.Single("a").Shell("b").Shell("c").Edge("a", "c"), FailureStrategy.Continue);
        await bench.Worker.StartedAsync("b");
        await bench.Store.ChangeIsDurableAsync<TaskChange.Ended>(run);
        await bench.Engine.ForceSuccessAsync(run, 0);
        await bench.Worker.StartedAsync("c");
        bench.Worker.Release("b");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.True((await bench.TasksAsync(run))[0].IsForced);
    }

    [Fact]
    public async Task A_delay_is_waited_for_also_across_a_restart()
    {
        var clock = new FakeTimeProvider();
        await using var bench = await EngineBench.OpenAsync(hosting, clock: clock);
        var run = await bench.StartAsync(Shape.Single("a").With(t => t with { Delay = TimeSpan.FromMinutes(5) }));
        Assert.Equal((TaskState.RetryWaiting, clock.GetUtcNow().AddMinutes(5)), (await bench.TasksAsync(run)).Select(t => (t.State, t.Due!.Value)).Single());
        await bench.RestartAsync();
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(0, bench.Worker.StartCount);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
    }
}
