using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Hosting;

public sealed class PagingTests : IEngineHosting
{
    private const int Runs = InProcessHost.DriversMax + 500;
    private const int Slots = 100;
    private InProcessHost? _host;

    [Fact]
    public async Task More_waiting_runs_than_drivers_may_be_in_memory_all_end()
    {
        await using var bench = await EngineBench.OpenAsync(this, Slots);
        bench.Worker.Hold("a");
        var version = await bench.SaveAsync(Shape.Single("a"));
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => bench.StartAsync(version)));
        await bench.Happenings.UntilAsync(() => bench.Worker.Running == Slots, "an attempt in every slot");
        Assert.Equal(Runs - Slots, bench.Engine.Queue.Waiting);
        Assert.InRange(_host!.Count, 1, InProcessHost.DriversMax);

        bench.Worker.Release("a");
        await Task.WhenAll(runs.Select(bench.Store.EndIsDurableAsync));
        Assert.Equal(Runs, (int)(await bench.Store.CountRunsAsync((await bench.FindAsync(runs[0])).Workspace, null, null))[RunState.Succeeded]);
        Assert.Equal(Runs, bench.Worker.StartCount);
        Assert.True(bench.Worker.RunningMax <= Slots);
    }

    public Task<OpenEngine> OpenAsync(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, QueueCatalog queues)
    {
        var engine = new RunEngine(store, worker, options, clock, NullLoggerFactory.Instance, makeParts => _host = new InProcessHost(clock, makeParts), queues);
        return Task.FromResult(new OpenEngine(engine, async () => await engine.DisposeAsync()));
    }
}
