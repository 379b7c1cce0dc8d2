using Microsoft.Extensions.Logging;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>What every driver of a host works with.</summary>
public sealed record RunDriverParts(IRunStore Store, WorkflowCatalog Catalog, IEffectPerformer Effects, IDriverHost Host, TimeProvider Clock, ILogger<RunDriver> Log);
