using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Durability;

/// <summary>A new engine on the old rows goes on where the old one was.</summary>
public abstract class RestartTests(IEngineHosting hosting)
{
    [Fact]
    public async Task Whatever_was_under_way_goes_on_after_a_restart()
    {
        var clock = new FakeTimeProvider();
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 2, clock);
        bench.Worker.Fail("retries", 1);
        var retries = await bench.StartAsync(Shape.Single("retries", retries: 1, seconds: 60));
        await bench.Store.ChangeIsDurableAsync<TaskChange.AttemptFailed>(retries);
        bench.Worker.Hold("runs", "stops");
        bench.Worker.IsStubborn = true;
        var runs = await bench.StartAsync(Shape.Chain("runs", "then"));
        var stops = await bench.StartAsync(Shape.Single("stops"));
        await bench.Worker.StartedAsync("runs");
        await bench.Worker.StartedAsync("stops");
        var waits = await bench.StartAsync(Shape.Single("waits"));
        await bench.Effects.PerformedAsync(waits, new Effect.Enqueue(0));
        await bench.Engine.StopAsync(stops);

        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Resumes.Any(o => o.TaskName == "runs"), "the question what became of 'runs'");
        await bench.Happenings.UntilAsync(() => bench.Worker.Ends.Count(o => o.TaskName == "stops") >= 2, "the second request to end 'stops'");
        Assert.Equal(1, bench.Engine.Queue.Waiting); // both slots are taken by what was running before
        Assert.Equal(3, bench.Worker.StartCount);

        bench.Worker.LetEnd();
        Assert.Equal(RunState.Stopped, (await bench.EndAsync(stops)).State);
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(waits)).State);
        bench.Worker.Release("runs");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(runs)).State);
        Assert.Equal(TaskState.RetryWaiting, Assert.Single(await bench.TasksAsync(retries)).State);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(retries)).State);
        Assert.Equal(["retries", "retries", "runs", "stops", "then", "waits"], bench.Worker.Starts.Select(o => o.TaskName).Order());
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task An_attempt_that_ended_while_the_engine_was_away_is_not_repeated()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        await bench.Worker.StartedAsync("a");
        await bench.DieAsync();
        bench.Worker.Release("a");
        await bench.BootAsync();
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(["a", "b"], bench.Worker.Starts.Select(o => o.TaskName));
    }

    [Fact]
    public async Task An_attempt_that_was_written_but_never_handed_to_the_worker_is_lost_and_repeated()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        bench.Effects.IsLost = effect => effect is Effect.StartAttempt;
        var run = await bench.StartAsync(Shape.Single("a"));
        await bench.Effects.PerformedAsync(run, new Effect.StartAttempt(0, 1));
        bench.Effects.IsLost = _ => false;
        await bench.RestartAsync();
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        var task = Assert.Single(await bench.TasksAsync(run));
        Assert.Equal((2, 0, 1), (task.Attempt, task.Failures, task.Losses));
        Assert.Equal(2, Assert.Single(bench.Worker.Starts).Key.Number);
        await bench.AssertSlotsAreFreeAsync();
    }

    [Fact]
    public async Task A_noop_whose_completion_was_never_written_is_completed_after_a_restart()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var version = await bench.SaveAsync(new Shape("n").Noop("n").Shell("a").Edge("n", "a"));
        bench.Store.OnSave = _ => Fault.Before;
        var run = await bench.StartAsync(version);
        await bench.RestartAsync();
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(1, bench.Worker.StartCount);
    }

    [Fact]
    public async Task After_a_restart_each_waiting_run_is_read_once()
    {
        const int Runs = 50;
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 4);
        bench.Worker.Hold("blocker");
        var blockers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => bench.StartAsync(Shape.Single("blocker"))));
        await bench.Happenings.UntilAsync(() => bench.Worker.Running == 4, "an attempt in every slot");
        var version = await bench.SaveAsync(Shape.Single("a"));
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => bench.StartAsync(version)));
        await bench.RestartAsync();
        bench.Worker.Release("blocker");
        foreach (var run in runs.Concat(blockers))
        {
            Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        }

        await bench.AssertSlotsAreFreeAsync();
        Assert.InRange(bench.Store.TakeOverCount, Runs + 4, Runs + 4 + 1); // the probe's run is read on some hosts
    }

    [Fact]
    public async Task What_ran_keeps_its_slots_over_a_restart()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, slots: 3);
        var names = Enumerable.Range(0, 30).Select(i => $"t{i}").ToArray();
        bench.Worker.Hold(names);
        var run = await bench.StartAsync(Shape.Wide("t", names.Length));
        await bench.Happenings.UntilAsync(() => bench.Worker.Running == 3, "three starts");
        await bench.RestartAsync();
        await bench.Happenings.UntilAsync(() => bench.Worker.Resumes.Distinct().Count() == 3, "three questions");
        for (var started = 3; started <= names.Length; started += 3)
        {
            await bench.Happenings.UntilAsync(() => bench.Worker.Running == 3 && bench.Worker.StartCount == started, $"{started} starts in all");
            bench.Worker.FinishRunning();
        }

        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(3, bench.Worker.RunningMax);
        await bench.AssertSlotsAreFreeAsync();
    }
}
