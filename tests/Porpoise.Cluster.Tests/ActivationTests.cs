using Porpoise.Core.Runs;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Cluster.Tests;

/// <summary>Grains come and go; runs do not notice.</summary>
public sealed class ActivationTests
{
    private readonly OrleansHosting _hosting = new();

    private IManagementGrain Management => _hosting.Silo!.Grains.GetGrain<IManagementGrain>(0);

    [Fact]
    public async Task A_driver_that_was_paged_out_is_read_again_when_its_event_comes()
    {
        await using var bench = await EngineBench.OpenAsync(_hosting);
        bench.Worker.Hold("a");
        var run = await bench.StartAsync(Shape.Chain("a", "b"));
        await bench.Worker.StartedAsync("a");
        await NoGrainIsLeftAsync(); // idle, whenever its turn is over
        var takeOvers = bench.Store.TakeOverCount;

        bench.Worker.Release("a");
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.True(bench.Store.TakeOverCount > takeOvers, "The driver was not paged out.");
        Assert.Equal(["a", "b"], bench.Worker.Starts.Select(o => o.TaskName));
    }

    [Fact]
    public async Task A_driver_in_its_turns_is_not_torn_out_of_them()
    {
        const int Length = 300;
        await using var bench = await EngineBench.OpenAsync(_hosting);
        var shape = new Shape("noops").Noop("n0");
        for (var i = 1; i < Length; i++)
        {
            shape.Noop($"n{i}").Edge($"n{i - 1}", $"n{i}");
        }

        var run = await bench.StartAsync(shape);
        var ended = bench.EndAsync(run);
        while (!ended.IsCompleted)
        {
            await Management.ForceActivationCollection(TimeSpan.Zero, TestContext.Current.CancellationToken);
            await _hosting.Silo!.Host.DeliverAsync(run, new RunEvent.RetryDue(0, bench.Clock.GetUtcNow())); // means nothing to the run, but wants a driver
        }

        Assert.Equal(RunState.Succeeded, (await ended).State);
        Assert.Equal(Length, bench.Store.SaveCount); // a successor that came too early would have had one refused
    }

    [Fact]
    public async Task The_grain_of_an_ended_run_goes_by_itself()
    {
        await using var bench = await EngineBench.OpenAsync(_hosting);
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.StartAsync(new Shape("n").Noop("n"))));
        await Task.WhenAll(runs.Select(bench.EndAsync));
        await Happenings.WithinPatienceAsync(CountReachesZeroAsync(), () => "the end of the last grain");
    }

    private async Task NoGrainIsLeftAsync()
    {
        await Management.ForceActivationCollection(TimeSpan.Zero);
        await Happenings.WithinPatienceAsync(CountReachesZeroAsync(), () => "the end of the last grain");
    }

    private async Task CountReachesZeroAsync()
    {
        while ((await Management.GetSimpleGrainStatistics()).Where(s => s.GrainType.Contains(nameof(RunGrain), StringComparison.Ordinal)).Sum(s => s.ActivationCount) > 0)
        {
            await Task.Yield();
        }
    }
}
