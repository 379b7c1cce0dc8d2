using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Engine;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;

namespace Porpoise.Cluster.Tests;

/// <summary>A silo for each engine, because both are one process: it dies with the engine and takes all drivers with it.</summary>
internal sealed class OrleansHosting : IEngineHosting
{
    /// <summary>The newest one.</summary>
    public OrleansSilo? Silo { get; private set; }

    public async Task<OpenEngine> OpenAsync(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, QueueCatalog queues)
    {
        OrleansSilo? silo = null;
        var engine = new RunEngine(
            store, worker, options, clock, NullLoggerFactory.Instance, makeParts => (silo = OrleansSilo.Build(clock, NullLoggerFactory.Instance, makeParts)).Host, queues);
        await silo!.StartAsync();
        Silo = silo;
        return new OpenEngine(engine, async () =>
        {
            await engine.DisposeAsync();
            await silo.DisposeAsync();
        });
    }
}
