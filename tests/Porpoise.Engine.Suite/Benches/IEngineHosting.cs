using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Queues;
using Porpoise.Storage;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>One way of hosting drivers. The suite is the same for all of them.</summary>
public interface IEngineHosting
{
    /// <summary>Makes an engine that is ready to recover.</summary>
    Task<OpenEngine> OpenAsync(IStore store, IWorker worker, EngineOptions options, TimeProvider clock, QueueCatalog queues);
}

/// <summary>An engine and the end of its process.</summary>
public sealed record OpenEngine(RunEngine Engine, Func<Task> CloseAsync);
