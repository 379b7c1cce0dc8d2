using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Dispatch;

/// <summary>Who gets the slots, and that there are no more of them than there are.</summary>
public abstract class SlotTests(IEngineHosting hosting)
{
    private const int Slots = 4;

    [Fact]
    public async Task No_more_attempts_run_than_there_are_slots()
    {
        await using var bench = await EngineBench.OpenAsync(hosting, Slots);
        var names = Enumerable.Range(0, 100).Select(i => $"t{i}").ToArray();
        bench.Worker.Hold(names);
        var run = await bench.StartAsync(Shape.Wide("t", names.Length));
        for (var started = Slots; started <= names.Length; started += Slots)
        {
            await bench.Happenings.UntilAsync(() => bench.Worker.Running == Slots && bench.Worker.StartCount == started, $"{started} starts in all");
            bench.Worker.FinishRunning();
        }

        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.Equal(Slots, bench.Worker.RunningMax);
    }

    [Fact]
    public async Task Higher_priorities_go_first()
    {
        await using var bench = await OpenBlockedAsync();
        foreach (var priority in (Priority[])[Priority.Low, Priority.Highest, Priority.Lowest, Priority.Medium, Priority.High])
        {
            var run = await bench.StartAsync(Shape.Single(priority.ToString()), priority: priority);
            await bench.Effects.PerformedAsync(run, new Effect.Enqueue(0));
        }

        Assert.Equal(["blocker", "Highest", "High", "Medium", "Low", "Lowest"], await StartsAfterReleaseAsync(bench, 6));
    }

    /// <summary>A task's own priority orders it inside its run only: between runs the run's counts, and turns.</summary>
    [Fact]
    public async Task Tasks_of_a_run_go_by_their_own_priority()
    {
        await using var bench = await OpenBlockedAsync();
        var shape = new Shape("own");
        foreach (var priority in (Priority[])[Priority.Low, Priority.Highest, Priority.Lowest, Priority.Medium, Priority.High])
        {
            shape.Shell(priority.ToString()).With(t => t with { Priority = priority });
        }

        var run = await bench.StartAsync(shape);
        await bench.Effects.PerformedAsync(run, new Effect.Enqueue(4));
        var late = await bench.StartAsync(Shape.Single("late").With(t => t with { Priority = Priority.Lowest }));
        await bench.Effects.PerformedAsync(late, new Effect.Enqueue(0));
        Assert.Equal(["blocker", "Highest", "late", "High", "Medium", "Low", "Lowest"], await StartsAfterReleaseAsync(bench, 7));
    }

    [Fact]
    public async Task Runs_of_one_priority_take_turns()
    {
        await using var bench = await OpenBlockedAsync();
        var wide = await bench.StartAsync(Shape.Wide("wide", 6));
        await bench.Effects.PerformedAsync(wide, new Effect.Enqueue(5));
        var late = await bench.StartAsync(Shape.Wide("late", 2));
        await bench.Effects.PerformedAsync(late, new Effect.Enqueue(1));

        Assert.Equal(["blocker", "wide0", "late0", "wide1", "late1", "wide2", "wide3", "wide4", "wide5"], await StartsAfterReleaseAsync(bench, 9));
    }

    private static async Task<IEnumerable<string>> StartsAfterReleaseAsync(EngineBench bench, int count)
    {
        bench.Worker.Release("blocker");
        await bench.Happenings.UntilAsync(() => bench.Worker.StartCount == count, $"{count} starts");
        return bench.Worker.Starts.Select(o => o.TaskName);
    }

    /// <summary>One slot, and it is taken.</summary>
    private async Task<EngineBench> OpenBlockedAsync()
    {
        var bench = await EngineBench.OpenAsync(hosting, slots: 1);
        bench.Worker.Hold("blocker");
        await bench.StartAsync(Shape.Single("blocker"));
        await bench.Worker.StartedAsync("blocker");
        return bench;
    }
}
