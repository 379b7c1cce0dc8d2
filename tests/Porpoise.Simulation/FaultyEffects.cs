using Porpoise.Core.Runs;
using Porpoise.Engine.Runs;

namespace Porpoise.Simulation;

/// <summary>Stands between the drivers and those who perform their effects: here sit the planted bugs that lose one.</summary>
public sealed class FaultyEffects(SimWorld world, Incarnation server, IEffectPerformer inner) : IEffectPerformer
{
    public void Perform(RunId run, OwnedState state, Effect effect)
    {
        var isLost = (world.Bug, effect) switch
        {
            (PlantedBug.RunDeadlineLost, Effect.WatchRun) => world.Scheduler.Chance(0.5),
            (PlantedBug.TimerLost, Effect.WakeAt) => world.Scheduler.Chance(0.5),
            (PlantedBug.WakeUpLost, Effect.Enqueue) => world.Scheduler.Chance(0.1),
            (PlantedBug.SlotLeaked, Effect.FreeSlot) => world.Scheduler.Chance(0.3),
            _ => false,
        };
        if (server.IsAlive && !isLost)
        {
            inner.Perform(run, state, effect);
        }
    }
}
