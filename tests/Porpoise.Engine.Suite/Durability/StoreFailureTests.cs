using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;

namespace Porpoise.Engine.Suite.Durability;

/// <summary>A write that fails loses nothing and doubles nothing, whether it was carried out or not.</summary>
public abstract class StoreFailureTests(IEngineHosting hosting)
{
    /// <summary>A chain of two is four saves: claim, end, claim, end.</summary>
    public static TheoryData<int, Fault> Saves => [.. from nth in Enumerable.Range(1, 4) from fault in (Fault[])[Fault.Before, Fault.After] select (nth, fault)];

    [Theory]
    [MemberData(nameof(Saves))]
    public async Task A_failed_save_loses_nothing_and_doubles_nothing(int nth, Fault fault)
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 2);
        var version = await bench.SaveAsync(Shape.Chain("a", "b"));
        FailOnce(bench, nth, fault);
        var run = await bench.StartAsync(version);
        await bench.Store.EndIsDurableAsync(run);

        Assert.Equal(RunState.Succeeded, (await bench.FindAsync(run)).State);
        var tasks = await bench.TasksAsync(run);
        Assert.Equal([TaskState.Succeeded, TaskState.Succeeded], tasks.Select(t => t.State));
        Assert.All(tasks, t => Assert.Equal(0, t.Failures));
        AssertStartedOnce(bench, "a", "b");
        await bench.AssertSlotsAreFreeAsync();
    }

    [Theory]
    [InlineData(Fault.Before)]
    [InlineData(Fault.After)]
    public async Task Failed_saves_of_many_runs_are_mended_when_the_store_has_recovered(Fault fault)
    {
        const int Runs = 30;
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 4);
        var version = await bench.SaveAsync(Shape.Chain("a", "b", "c"));
        var saves = 0;
        bench.Store.OnSave = _ => Interlocked.Increment(ref saves) % 10 == 0 ? fault : Fault.None;
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => bench.StartAsync(version)));
        await bench.Happenings.UntilAsync(() => Volatile.Read(ref saves) >= 60, "sixty saves");
        bench.Store.OnSave = _ => Fault.None;
        bench.Store.RaiseRecovered();

        foreach (var run in runs)
        {
            await bench.Store.EndIsDurableAsync(run);
            Assert.Equal(RunState.Succeeded, (await bench.FindAsync(run)).State);
        }

        Assert.Equal(3 * Runs, bench.Worker.StartCount);
        Assert.Equal(3 * Runs, bench.Worker.Starts.Select(o => (o.Run, o.TaskName)).Distinct().Count());
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task Who_owns_a_run_no_more_does_not_say_that_there_is_nothing_to_do()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        await bench.Engine.RerunAsync(run, RerunScope.All); // it runs: nothing to do

        // Elsewhere the run may have ended meanwhile, and then there would be.
        await bench.Store.TakeOverRunAsync(run);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.RerunAsync(run, RerunScope.All));
    }

    [Fact]
    public async Task A_stop_that_could_not_be_written_is_not_acknowledged()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        bench.Store.OnSave = _ => Fault.Before;
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.StopAsync(run));
        Assert.Equal("The disk is on strike.", e.Message);
        bench.Store.OnSave = _ => Fault.None;

        Assert.Equal(RunState.Running, (await bench.FindAsync(run)).State);
        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(1, bench.Worker.StartCount);
    }

    [Fact]
    public async Task A_stop_that_was_written_though_it_seemed_to_fail_is_carried_out()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        FailOnce(bench, 1, Fault.After);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.StopAsync(run));

        Assert.Equal(RunState.Stopped, (await bench.EndAsync(run)).State);
        Assert.Single(bench.Worker.Ends.Distinct()); // asked for as often as the run is read again
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task The_end_of_a_run_is_announced_though_its_commit_seemed_to_fail()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        FailOnce(bench, 1, Fault.After);
        using var wait = bench.Engine.Ends.Register(run);
        bench.Worker.Release("a");
        await bench.Store.EndIsDurableAsync(run);
        await Happenings.WithinPatienceAsync(wait.Ended, () => "the announcement of the end");
    }

    [Fact]
    public async Task A_task_whose_run_is_read_again_stands_in_the_backlog_once()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        var version = await bench.SaveAsync(Shape.Single("a"));
        bench.Worker.Hold("a");
        FailOnce(bench, 1, Fault.Before);
        await bench.StartAsync(version);
        await bench.Worker.StartedAsync("a");
        Assert.Equal(0, bench.Engine.Queue.Waiting);
        bench.Worker.Release("a");
    }

    [Fact]
    public async Task A_driver_that_was_replaced_elsewhere_takes_its_run_over_again()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        await bench.Worker.StartedAsync("a");
        Assert.NotNull(await bench.Store.TakeOverRunAsync(run));
        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        AssertStartedOnce(bench, "a", "b");
    }

    [Fact]
    public async Task The_slot_of_an_attempt_that_ended_under_another_owner_is_free_when_the_run_is_read_again()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Hold("a");
        var version = await bench.SaveAsync(Shape.Single("a"));
        var run = await bench.StartAsync(version);
        await bench.Worker.StartedAsync("a");
        var owned = (await bench.Store.TakeOverRunAsync(run))!;
        var decision = new Decision();
        Run.Restore(version.Graph, FailureStrategy.End, owned.Row.State, owned.Row.StartedAt, owned.Tasks)
            .Decide(new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(0), bench.Clock.GetUtcNow()), decision);
        Assert.True(await bench.Store.SaveRunAsync(run, owned.Epoch, decision));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.StopAsync(run)); // so its driver learns that it is the owner no more
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(await bench.StartAsync(Shape.Single("b")))).State);
        Assert.Equal(RunState.Succeeded, (await bench.FindAsync(run)).State);
        bench.Worker.Release("a");
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task While_the_store_takes_no_writes_everybody_waits_and_nothing_is_tried()
    {
        const int Runs = 200;
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Hold("a");
        var first = await bench.StartAsync(Shape.Single("a"));
        await bench.Worker.StartedAsync("a");
        var version = await bench.SaveAsync(Shape.Single("b"));
        var waiting = new List<RunId>();
        for (var i = 0; i < Runs; i++)
        {
            waiting.Add(await bench.StartAsync(version));
        }

        await bench.Happenings.UntilAsync(() => bench.Engine.Queue.Waiting == Runs, "all of them to wait");
        bench.Store.Outage = "The disk is full.";
        var reports = bench.Worker.ReportsSent;
        bench.Worker.Release("a"); // its slot is free, and nobody can take it
        await bench.Happenings.UntilAsync(() => bench.Worker.ReportsSent > reports, "the report");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        var (saves, takeOvers) = (bench.Store.SaveCount, bench.Store.TakeOverCount);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal((saves, takeOvers), (bench.Store.SaveCount, bench.Store.TakeOverCount));
        Assert.Equal(Runs, bench.Engine.Queue.Waiting);

        bench.Store.Outage = null;
        bench.Store.RaiseRecovered();
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(first)).State);
        foreach (var run in waiting)
        {
            Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        }

        Assert.Equal(waiting, bench.Worker.Starts.Skip(1).Select(o => o.Run).OrderBy(run => run.Value)); // each once
        await bench.AssertSlotsAreFreeAsync();
    }

    private static void FailOnce(EngineBench bench, int nth, Fault fault)
    {
        var saves = 0;
        bench.Store.OnSave = _ => Interlocked.Increment(ref saves) == nth ? fault : Fault.None;
    }

    private static void AssertStartedOnce(EngineBench bench, params IEnumerable<string> tasks) => Assert.Equal(tasks, bench.Worker.Starts.Select(o => o.TaskName));
}
