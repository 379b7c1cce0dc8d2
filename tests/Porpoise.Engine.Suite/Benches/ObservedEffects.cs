using Porpoise.Core.Runs;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>Notes which effects were performed, and drops those that the test says were lost in a crash.</summary>
public sealed class ObservedEffects(Happenings happenings)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(RunId Run, Effect Effect)> _performed = [];

    public Func<Effect, bool> IsLost { get; set; } = _ => false;

    public Task PerformedAsync(RunId run, Effect effect) => happenings.UntilAsync(() => IsPerformed(run, effect), $"{effect} of run {run}");

    public IEffectPerformer Decorate(IEffectPerformer inner) => new Decorator(this, inner);

    private bool IsPerformed(RunId run, Effect effect)
    {
        lock (_gate)
        {
            return _performed.Contains((run, effect));
        }
    }

    private void Perform(IEffectPerformer inner, RunId run, OwnedState state, Effect effect)
    {
        if (!IsLost(effect))
        {
            inner.Perform(run, state, effect);
        }

        lock (_gate)
        {
            _performed.Add((run, effect));
        }

        happenings.Note();
    }

    private sealed class Decorator(ObservedEffects effects, IEffectPerformer inner) : IEffectPerformer
    {
        public void Perform(RunId run, OwnedState state, Effect effect) => effects.Perform(inner, run, state, effect);
    }
}
