using Porpoise.Core.Runs;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine.Suite.Durability;

/// <summary>A start has one effect however often it is sent and whatever the store does.</summary>
public abstract class StartTests(IEngineHosting hosting)
{
    private static readonly IdempotencyKey Key = new("bench", "start", "token", "hash", DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task The_same_call_gives_the_same_run()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var version = await bench.SaveAsync(Shape.Single("a"));
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.Engine.StartAsync(EngineBench.Order(version, key: Key))));
        var run = Assert.Single(results.OfType<StartRunResult.Started>()).Run;
        Assert.Equal(9, results.Count(r => r == new StartRunResult.Repeated(run)));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(run)).State);
        Assert.IsType<StartRunResult.TokenMismatch>(await bench.Engine.StartAsync(EngineBench.Order(version, key: Key with { ParametersHash = "other" })));
        Assert.Equal(1, await bench.CountRunsAsync());
        Assert.Equal(1, bench.Worker.StartCount);
    }

    [Fact]
    public async Task A_start_that_failed_before_it_was_written_left_nothing()
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var version = await bench.SaveAsync(Shape.Single("a"));
        bench.Store.OnStart = () => Fault.Before;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.StartAsync(EngineBench.Order(version, key: Key)));
        bench.Store.OnStart = () => Fault.None;
        bench.Store.RaiseRecovered();
        Assert.Equal(0, await bench.CountRunsAsync());

        var again = Assert.IsType<StartRunResult.Started>(await bench.Engine.StartAsync(EngineBench.Order(version, key: Key)));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(again.Run)).State);
        Assert.Equal(1, bench.Worker.StartCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_start_that_failed_after_it_was_written_runs_once_the_store_has_recovered(bool isNoop)
    {
        await using var bench = await EngineBench.OpenAsync(hosting);
        var version = await bench.SaveAsync(isNoop ? new Shape("n").Noop("a") : Shape.Single("a"));
        bench.Store.OnStart = () => Fault.After;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bench.Engine.StartAsync(EngineBench.Order(version, key: Key)));
        bench.Store.OnStart = () => Fault.None;
        bench.Store.RaiseRecovered();

        await bench.Store.EndIsDurableAsync(new RunId(1));
        Assert.Equal(new StartRunResult.Repeated(new RunId(1)), await bench.Engine.StartAsync(EngineBench.Order(version, key: Key)));
        Assert.Equal(RunState.Succeeded, (await bench.EndAsync(new RunId(1))).State);
        Assert.Equal(isNoop ? 0 : 1, bench.Worker.StartCount);
        Assert.Equal(1, await bench.CountRunsAsync());
    }
}
