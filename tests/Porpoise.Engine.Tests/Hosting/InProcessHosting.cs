using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Hosting;

/// <summary>The embedded default.</summary>
internal sealed class InProcessHosting : IEngineHosting
{
    public Task<OpenEngine> OpenAsync(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, QueueCatalog queues)
    {
        var engine = new RunEngine(store, worker, options, clock, NullLoggerFactory.Instance, queues: queues);
        return Task.FromResult(new OpenEngine(engine, async () => await engine.DisposeAsync()));
    }
}
