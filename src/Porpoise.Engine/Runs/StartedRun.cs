using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Workflows;

namespace Porpoise.Engine.Runs;

/// <summary>What a driver knows of the run that it owns.</summary>
public sealed record OwnedState(Run Run, OwnerEpoch Epoch, int FirstTaskId, Priority Priority, CompiledVersion Version);

/// <summary>A run whose start is durable, and the effects that are now to be performed.</summary>
public sealed record StartedRun(RunId Id, OwnedState State, IReadOnlyList<Effect> Effects);
