using Porpoise.Engine.Queues;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine;

/// <summary>How the engine is set up.</summary>
/// <param name="Slots">Attempts that may run at once in the worker group <c>default</c>, unless <see cref="Groups"/> says it.</param>
public sealed record EngineOptions(int Slots)
{
    /// <summary>Knows the worker groups, and is loaded before the engine recovers; null: there is only <c>default</c>.</summary>
    public WorkerGroupCatalog? Groups { get; init; }

    /// <summary>Lets the simulator stand between the drivers and those who perform their effects.</summary>
    public Func<IEffectPerformer, IEffectPerformer> Decorate { get; init; } = effects => effects;
}
