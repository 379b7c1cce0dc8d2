using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Engine.Workflows;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Runs of every shape come to a right end.</summary>
public abstract class ShapeTests(IEngineHosting hosting)
{
    private const int FanWidth = 1_000;
    private const int ManyRuns = 200;

    [Fact]
    public async Task A_single_noop_ends_without_a_worker()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var run = await bench.StartAsync(new Shape("noop").Noop("n"));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Empty(bench.Worker.Starts);
    }

    [Fact]
    public async Task A_chain_runs_in_its_order()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var run = await bench.StartAsync(Shape.Chain("a", "b", "c"));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(["a", "b", "c"], bench.Worker.Starts.Select(o => o.TaskName));
        Assert.All(await bench.TasksAsync(run), t => Assert.Equal((TaskState.Succeeded, 1), (t.State, t.Attempt)));
    }

    [Fact]
    public async Task A_join_waits_for_all_its_branches()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("left", "right");
        var run = await bench.StartAsync(new Shape("diamond").Shell("top").Shell("left").Shell("right").Shell("bottom")
            .Edge("top", "left").Edge("top", "right").Edge("left", "bottom").Edge("right", "bottom"));
        await bench.Worker.StartedAsync("left");
        await bench.Worker.StartedAsync("right");
        bench.Worker.Release("left");
        await bench.Store.ChangeIsDurableAsync<TaskChange.Ended>(run, 1);
        Assert.DoesNotContain(bench.Worker.Starts, o => o.TaskName == "bottom");
        bench.Worker.Release("right");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal("bottom", bench.Worker.Starts[^1].TaskName);
        Assert.Equal(4, bench.Worker.StartCount);
    }

    [Fact]
    public async Task A_wide_fan_and_its_join_end()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 64);
        var run = await bench.StartAsync(Shape.Fan("f", FanWidth));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(FanWidth, bench.Worker.StartCount);
        Assert.All(await bench.TasksAsync(run), t => Assert.Equal(TaskState.Succeeded, t.State));
    }

    [Fact]
    public async Task Completions_that_come_while_a_commit_is_pending_are_few_commits()
    {
        const int Width = 50;
        await using var bench = await EngineBench.OpenAsync(hosting, slots: Width);
        bench.Worker.Hold([.. Enumerable.Range(0, Width).Select(i => $"t{i}")]);
        var run = await bench.StartAsync(Shape.Wide("t", Width));
        await bench.Happenings.UntilAsync(() => bench.Worker.Running == Width, "all starts");

        var before = bench.Store.SaveCount;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Store.Gate = gate.Task;
        bench.Worker.Release("t0");
        await bench.Happenings.UntilAsync(() => bench.Store.SaveCount > before, "the first save");
        bench.Worker.FinishRunning();
        await bench.Happenings.UntilAsync(() => bench.Worker.ReportsSent == Width, "all reports");
        gate.SetResult();

        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.InRange(bench.Store.SaveCount - before, 2, Width / 5);
    }

    [Fact]
    public async Task A_task_that_fails_fails_its_run_and_says_why()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Fail("a", 1);
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        Assert.Equal(RunState.Failed, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((TaskState.Failed, 3, "exit code 3"), (task.State, task.ExitCode, task.Message));
    }

    [Fact]
    public async Task Many_runs_of_mixed_shapes_all_end_right()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 16);
        bench.Worker.Fail("broken", 1, 2);
        bench.Worker.Fail("shaky", 1);
        bench.Worker.Script("gone", 1, new AttemptOutcome.Lost("power cut"));
        (Shape Shape, FailureStrategy Strategy, RunState End, int Starts)[] kinds =
        [
            (new Shape("nothing").Noop("n").Noop("m").Edge("n", "m"), FailureStrategy.End, RunState.Succeeded, 0),
            (Shape.Chain("x", "y", "z"), FailureStrategy.End, RunState.Succeeded, 3),
            (Shape.Fan("w", 10), FailureStrategy.End, RunState.Succeeded, 10),
            (Shape.Single("shaky", retries: 1), FailureStrategy.End, RunState.Succeeded, 2),
            (Shape.Single("broken", retries: 1), FailureStrategy.End, RunState.Failed, 2),
            (Shape.Single("gone"), FailureStrategy.End, RunState.Succeeded, 2),
            (new Shape("half").Shell("broken").Shell("good").Shell("after").Edge("good", "after"), FailureStrategy.Continue, RunState.Failed, 3),
        ];
        var versions = new List<CompiledVersion>();
        foreach (var kind in kinds)
        {
            versions.Add(await bench.SaveAsync(kind.Shape));
        }

        var ends = await Task.WhenAll(Enumerable.Range(0, ManyRuns).Select(async i =>
        {
            var run = await bench.StartAsync(versions[i % kinds.Length], kinds[i % kinds.Length].Strategy);
            return await bench.EndAsync(run);
        }));

        for (var i = 0; i < ManyRuns; i++)
        {
            Assert.Equal(kinds[i % kinds.Length].End, ends[i].State);
        }

        Assert.Equal(Enumerable.Range(0, ManyRuns).Sum(i => kinds[i % kinds.Length].Starts), bench.Worker.StartCount);
        Assert.True(bench.Worker.RunningMax <= 16);
        await bench.AssertSlotsAreFreeAsync();
    }
}
