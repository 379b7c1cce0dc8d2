using Porpoise.Core.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>Performs the effects of a durable decision. Returns at once and never throws; each effect may come again.</summary>
public interface IEffectPerformer
{
    void Perform(RunId run, OwnedState state, Effect effect);
}
