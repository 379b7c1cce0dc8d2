using Porpoise.Core.Runs;

namespace Porpoise.Core.Tests.Runs;

/// <summary>
/// What the world around a run still has to do, seen from the effects alone: backlog, running attempts, timers. Each is noted as the effect
/// that a take-over would have to give, so that it can be compared with what <see cref="Run.Resume"/> derives.
/// </summary>
internal sealed class Outstanding
{
    private readonly SortedDictionary<int, Effect> _byTask = [];

    /// <summary>At most one thing per task.</summary>
    public IReadOnlyList<Effect> Effects => [.. _byTask.Values];

    public void Note(Decision decision)
    {
        // What ended has nothing outstanding; but a backlog must be told.
        foreach (var ended in decision.Changes.OfType<TaskChange.Ended>())
        {
            if (_byTask.Remove(ended.Index, out var before) && before is Effect.Enqueue)
            {
                Assert.Contains(new Effect.Withdraw(ended.Index), decision.Effects);
            }
        }

        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.Enqueue e:
                    Set(e.Index, effect);
                    break;
                case Effect.CompleteNoop e:
                    Set(e.Index, effect);
                    break;
                case Effect.WakeAt e:
                    Set(e.Index, effect);
                    break;
                case Effect.StartAttempt e:
                    Set(e.Index, new Effect.ResumeAttempt(e.Index, e.Attempt));
                    break;
                case Effect.EndAttempt e:
                    Assert.True(_byTask[e.Index] is Effect.ResumeAttempt or Effect.EndAttempt, "Only what runs can be ended.");
                    Set(e.Index, effect);
                    break;
                default:
                    break; // done at once: nothing stays outstanding
            }
        }
    }

    private void Set(int index, Effect effect) => _byTask[index] = effect;
}
