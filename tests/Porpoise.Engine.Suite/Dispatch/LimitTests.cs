using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Dispatch;

/// <summary>The limits of runs and queues, from the definition to the worker.</summary>
public abstract class LimitTests(IEngineHosting hosting)
{
    [Fact]
    public async Task A_run_has_no_more_attempts_at_once_than_its_definition_says()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var names = Enumerable.Range(0, 10).Select(i => $"t{i}").ToArray();
        bench.Worker.Hold(names);
        var run = await bench.StartAsync(Shape.Wide("t", names.Length).WithAll(d => d with { ParallelismMax = 2 }));
        for (var started = 2; started <= names.Length; started += 2)
        {
            await bench.Happenings.UntilAsync(() => bench.Worker.Running == 2 && bench.Worker.StartCount == started, $"{started} starts in all");
            bench.Worker.FinishRunning();
        }

        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(2, bench.Worker.RunningMax);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_run_that_waits_for_itself_leaves_the_slots_to_others()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 2);
        bench.Worker.Hold("wide0", "wide1");
        var wide = await bench.StartAsync(Shape.Wide("wide", 2).WithAll(d => d with { ParallelismMax = 1 }));
        await bench.Worker.StartedAsync("wide0");
        var task = (await bench.TasksAsync(wide))[1];
        Assert.Equal(WaitReason.RunParallelism, bench.Engine.Queue.WhyWaiting(task.Id));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(await bench.StartAsync(Shape.Chain("a", "b")))).State);
        bench.Worker.Release("wide0");
        bench.Worker.Release("wide1");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(wide)).State);
    }

    [Fact]
    public async Task A_queue_has_no_more_attempts_at_once_than_it_may_and_a_new_limit_is_in_force_at_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        await bench.LimitAsync("narrow", 1);
        bench.Worker.Hold("a", "b", "c");
        var runs = new List<RunId>();
        foreach (var name in (string[])["a", "b", "c"])
        {
            runs.Add(await bench.StartAsync(Shape.Single(name), order => order with { Queue = "narrow" }));
            await bench.Effects.PerformedAsync(runs[^1], new Effect.Enqueue(0));
        }

        await bench.Worker.StartedAsync("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(await bench.StartAsync(Shape.Single("other")))).State);
        Assert.Equal(WaitReason.Queue, bench.Engine.Queue.WhyWaiting((await bench.TasksAsync(runs[2]))[0].Id));
        Assert.Equal(2, bench.Engine.Queue.Waiting);
        await bench.LimitAsync("narrow", 2);
        await bench.Worker.StartedAsync("b");
        Assert.Equal(1, bench.Engine.Queue.Waiting);
        bench.Worker.Release("a");
        await bench.Worker.StartedAsync("c");
        bench.Worker.Release("b");
        bench.Worker.Release("c");
        foreach (var run in runs)
        {
            Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        }

        Assert.Equal(2, bench.Worker.RunningMax);
    }

    /// <summary>The queue of a node counts in production, unless the caller chose one for the whole run.</summary>
    [Theory]
    [InlineData(true, false, "node")]
    [InlineData(true, true, "run")]
    [InlineData(false, false, "run")]
    public async Task A_task_counts_in_the_queue_that_is_meant_also_after_a_restart(bool isProduction, bool isChosen, string queue)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a", "b");
        await bench.LimitAsync(queue, 1);
        var shape = Shape.Single("a").With(t => t with { Queue = "node" }).Shell("b").With(t => t with { Queue = "node" });
        var run = await bench.StartAsync(shape, order => order with { Queue = "run", IsProduction = isProduction, QueueIsChosen = isChosen });
        await bench.Worker.StartedAsync("a");
        await bench.Effects.PerformedAsync(run, new Effect.Enqueue(1));
        var waiting = (await bench.TasksAsync(run))[1].Id;
        Assert.Equal(WaitReason.Queue, bench.Engine.Queue.WhyWaiting(waiting));

        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Resumes.Count == 1, "the question what became of 'a'");
        Assert.Equal(WaitReason.Queue, bench.Engine.Queue.WhyWaiting(waiting));
        await bench.LimitAsync(queue == "run" ? "node" : "run", 1); // of the other one: changes nothing
        Assert.Equal(WaitReason.Queue, bench.Engine.Queue.WhyWaiting(waiting));
        bench.Worker.Release("a");
        await bench.Worker.StartedAsync("b");
        bench.Worker.Release("b");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(1, bench.Worker.RunningMax);
    }

    [Fact]
    public async Task What_ran_before_a_restart_counts_for_its_run()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("t0", "t1", "t2");
        var run = await bench.StartAsync(Shape.Wide("t", 3).WithAll(d => d with { ParallelismMax = 1 }));
        await bench.Worker.StartedAsync("t0");
        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Resumes.Count == 1, "the question what became of 't0'");
        for (var started = 1; started <= 3; started++)
        {
            await bench.Happenings.UntilAsync(() => bench.Worker.Running == 1 && bench.Worker.StartCount == started, $"{started} starts in all");
            bench.Worker.FinishRunning();
        }

        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(1, bench.Worker.RunningMax);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_run_with_a_node_that_cannot_be_run_is_refused_before_anything_is_written()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var version = await bench.SaveAsync(Shape.Chain("a", "b").With(t => t with { Type = "FLINK" }));
        Assert.Equal("b", Assert.Single(version.NotRunnable).Name);
        await Assert.ThrowsAsync<ArgumentException>(() => bench.StartAsync(version));
        Assert.Equal(0, await bench.CountRunsAsync());
    }
}
