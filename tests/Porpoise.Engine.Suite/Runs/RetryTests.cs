using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Attempts that fail are followed by retries; attempts that are lost by new ones that use none up.</summary>
public abstract class RetryTests(IEngineHosting hosting)
{
    [Fact]
    public async Task Retries_without_an_interval_follow_at_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Fail("a", 1, 2);
        var run = await bench.StartAsync(Shape.Single("a", retries: 2));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((3, 2, 0), (task.Attempt, task.Failures, task.ExitCode));
        Assert.Equal([1, 2, 3], bench.Worker.Starts.Select(o => o.Key.Number));
    }

    [Fact]
    public async Task A_task_fails_when_its_retries_are_used_up()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("a", 1, 2);
        var run = await bench.StartAsync(Shape.Single("a", retries: 1));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Equal(2, bench.Worker.StartCount);
    }

    [Fact]
    public async Task A_retry_waits_for_its_time_and_leaves_its_slot_to_others()
    {
        var clock = new FakeTimeProvider();
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1, clock);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Single("a", retries: 1, seconds: 60));
        await bench.Store.ChangeIsDurableAsync<TaskChange.AttemptFailed>(run);
        var other = await bench.StartAsync(Shape.Single("other"));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(other)).State);

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TaskState.RetryWaiting, Assert.Single(await bench.TasksAsync(run)).State);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(["a", "other", "a"], bench.Worker.Starts.Select(o => o.TaskName));
    }

    [Fact]
    public async Task A_lost_attempt_gets_a_new_number_and_uses_no_retry()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Script("a", 1, new AttemptOutcome.Lost("power cut"));
        var run = await bench.StartAsync(Shape.Single("a"));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((2, 0, 1), (task.Attempt, task.Failures, task.Losses));
    }

    [Fact]
    public async Task A_task_whose_attempts_are_always_lost_is_given_up()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        for (var attempt = 1; attempt <= Run.LossesMax + 1; attempt++)
        {
            bench.Worker.Script("a", attempt, new AttemptOutcome.Lost("power cut"));
        }

        var run = await bench.StartAsync(Shape.Single("a", retries: 5));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Equal(Run.LossesMax + 1, bench.Worker.StartCount);
        Assert.Contains("given up", Assert.Single(await bench.TasksAsync(run)).Message, StringComparison.Ordinal);
    }
}
