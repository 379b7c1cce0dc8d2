using Porpoise.Core.Parameters;
using Porpoise.Core.Runs;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Library;
using Porpoise.Engine.Workflows;

namespace Porpoise.Engine.Runs;

/// <summary>What a driver knows of the run that it owns.</summary>
/// <param name="Run">Where it stands.</param>
/// <param name="Epoch">Fences the driver's writes.</param>
/// <param name="FirstTaskId">Id of the task at position 0.</param>
/// <param name="Terms">On which terms its tasks get slots.</param>
/// <param name="StartParams">The values that its starter gave, by name.</param>
/// <param name="Version">What it is pinned to.</param>
public sealed record OwnedState(Run Run, OwnerEpoch Epoch, int FirstTaskId, RunTerms Terms, IReadOnlyDictionary<string, string> StartParams, CompiledVersion Version)
{
    /// <summary>What its time parameters stand for.</summary>
    public required ParameterTime Time { get; init; }

    /// <summary>What its nodes take from the task library.</summary>
    public PinnedLibrary Library { get; init; } = PinnedLibrary.None;

    internal SlotRequest RequestSlot(RunId run, int index) => Terms.RequestSlot(run, FirstTaskId, Version, index);
}

/// <summary>A run whose start is durable, and the effects that are now to be performed.</summary>
public sealed record StartedRun(RunId Id, OwnedState State, IReadOnlyList<Effect> Effects);
