using Microsoft.Extensions.Logging;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Library;
using Porpoise.Engine.Live;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>What every driver of a host works with.</summary>
public sealed record RunDriverParts(
    IRunStore Store, WorkflowCatalog Catalog, TaskLibrary Library, IEffectPerformer Effects, IDriverHost Host, TimeProvider Clock, ILogger<RunDriver> Log)
{
    /// <summary>Hears of every commit.</summary>
    public required RunFeed Feed { get; init; }
}
