using Microsoft.Extensions.Logging;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Library;
using Porpoise.Engine.Live;
using Porpoise.Engine.Workflows;
using Porpoise.Storage;

namespace Porpoise.Engine.Runs;

/// <summary>What every driver of a host works with.</summary>
public sealed record RunDriverParts(
    IStore Store, WorkflowCatalog Catalog, TaskLibrary Library, IEffectPerformer Effects, IDriverHost Host, TimeProvider Clock, ILogger<RunDriver> Log)
{
    private static readonly TimeSpan RevivalDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Hears of every commit.</summary>
    public required RunFeed Feed { get; init; }

    /// <summary>Completes when a run whose write failed may be read again: after a moment, and not while the store takes no writes, for to say so twice a second for every run helps nobody.</summary>
    public async Task UntilRevivalAsync()
    {
        do
        {
            await Task.Delay(RevivalDelay, Clock, CancellationToken.None);
        }
        while (!Store.Health.IsHealthy);
    }
}
