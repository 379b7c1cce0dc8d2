using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>What a failed task does to the rest of its run.</summary>
public abstract class FailureStrategyTests(IEngineHosting hosting)
{
    [Fact]
    public async Task End_ends_the_siblings_that_run_and_withdraws_those_that_wait()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 2);
        bench.Worker.Hold("runs", "fails");
        bench.Worker.Fail("fails", 1);
        var run = await bench.StartAsync(new Shape("siblings").Shell("fails").Shell("runs").Shell("waits"));
        await bench.Worker.StartedAsync("runs");
        await bench.Worker.StartedAsync("fails");
        bench.Worker.Release("fails");

        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Equal("runs", Assert.Single(bench.Worker.Ends).TaskName);
        Assert.Equal([TaskState.Failed, TaskState.Killed, TaskState.Killed], (await bench.TasksAsync(run)).Select(t => t.State));
        Assert.Equal(2, bench.Worker.StartCount);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task Continue_lets_the_other_branches_go_on_and_fails_at_the_end()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("bad", 1);
        bench.Worker.Hold("good");
        var run = await bench.StartAsync(
            new Shape("branches").Shell("bad").Shell("good").Shell("after-bad").Shell("after-good").Edge("bad", "after-bad").Edge("good", "after-good"),
            FailureStrategy.Continue);
        await bench.Store.ChangeIsDurableAsync<TaskChange.Ended>(run);
        Assert.Equal(RunState.Running, (await bench.FindAsync(run)).State);
        await bench.Worker.StartedAsync("good");
        bench.Worker.Release("good");

        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        Assert.Contains(bench.Worker.Starts, o => o.TaskName == "after-good");
        Assert.DoesNotContain(bench.Worker.Starts, o => o.TaskName == "after-bad");
        Assert.Empty(bench.Worker.Ends);
    }
}
