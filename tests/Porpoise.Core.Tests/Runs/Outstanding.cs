using Porpoise.Core.Runs;

namespace Porpoise.Core.Tests.Runs;

/// <summary>
/// What the world around a run still has to do, seen from the effects alone: backlog, running attempts, timers. Each is noted as the effect
/// that a take-over would have to give, so that it can be compared with what <see cref="Run.Resume"/> derives.
/// </summary>
internal sealed class Outstanding
{
    private readonly SortedDictionary<int, Effect> _byTask = [];
    private readonly Dictionary<int, Effect.WatchAttempt> _limits = [];
    private Effect.WatchRun? _limit;

    /// <summary>At most one thing per task, its time limit behind it, and the run's at the end.</summary>
    public IReadOnlyList<Effect> Effects => [.. _byTask.SelectMany(t => _limits.TryGetValue(t.Key, out var limit) ? new[] { t.Value, limit } : [t.Value]), .. _limit is null ? [] : new Effect[] { _limit }];

    /// <summary>Attempts that are to end because they took too long. No row says so: a take-over comes to it again by itself.</summary>
    public HashSet<int> Overdue { get; } = [];

    /// <param name="e">What the run decided on; null: its start.</param>
    /// <param name="decision">What it decided.</param>
    /// <param name="isEnding">Whether the run is being ended as a whole, from now on or before.</param>
    /// <param name="isOld">True for a limit of which one would be warned only, and whose time has passed.</param>
    public void Note(RunEvent? e, Decision decision, bool isEnding, Func<Effect, bool> isOld)
    {
        // What ended has nothing outstanding; but a backlog or a timer must be told.
        foreach (var ended in decision.Changes.OfType<TaskChange.Ended>())
        {
            Overdue.Remove(ended.Index);
            if (_byTask.Remove(ended.Index, out var before) && before is Effect.Enqueue or Effect.WakeAt)
            {
                Assert.Contains(new Effect.Withdraw(ended.Index), decision.Effects);
            }
        }

        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case Effect.Enqueue x:
                    Set(x.Index, effect);
                    break;
                case Effect.CompleteNoop x:
                    Set(x.Index, effect);
                    break;
                case Effect.WakeAt x:
                    Set(x.Index, effect);
                    break;
                case Effect.StartAttempt x:
                    Set(x.Index, new Effect.ResumeAttempt(x.Index, x.Attempt));
                    break;
                case Effect.EndAttempt x:
                    Assert.True(_byTask[x.Index] is Effect.ResumeAttempt or Effect.EndAttempt, "Only what runs can be ended.");
                    if (e is RunEvent.AttemptTimeUp)
                    {
                        Overdue.Add(x.Index);
                    }
                    else
                    {
                        Set(x.Index, WithoutReason(effect));
                    }

                    break;
                case Effect.WatchAttempt x:
                    _limits[x.Index] = x;
                    break;
                case Effect.WatchRun x:
                    _limit = x;
                    break;
                default:
                    break; // done at once: nothing stays outstanding
            }
        }

        foreach (var index in _limits.Keys.Where(i => isEnding || isOld(_limits[i]) || _byTask.GetValueOrDefault(i) is not Effect.ResumeAttempt).ToList())
        {
            _limits.Remove(index);
        }

        if (isEnding || (_limit is not null && isOld(_limit)))
        {
            _limit = null;
        }
    }

    /// <summary>What is for people only, and no row knows exactly.</summary>
    public static Effect WithoutReason(Effect effect) => effect is Effect.EndAttempt end ? end with { Reason = "" } : effect;

    private void Set(int index, Effect effect)
    {
        _byTask[index] = effect;
        Overdue.Remove(index);
    }
}
