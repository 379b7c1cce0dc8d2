using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Runs;

/// <summary>
/// Plays a run with events that its state calls for (and some that come late, twice or unasked), and checks after each what must always hold.
/// Uniform events would hardly ever use up a retry.
/// </summary>
internal sealed class RandomHistory
{
    /// <summary>No run of the generated sizes needs as many: a run that takes more does not end.</summary>
    private const int EventsMax = 20_000;

    private readonly Dice _dice;
    private readonly bool _stops;
    private readonly int[] _attemptsStarted;
    private readonly List<RunEvent> _events = [];
    private readonly Outstanding _outstanding = new();
    private DateTimeOffset _now = Script.Now;

    public RandomHistory(WorkflowDefinition definition, FailureStrategy strategy, ulong seed, bool stops)
    {
        _dice = new Dice(seed);
        _stops = stops;
        Graph = TaskGraph.Of(definition);
        Strategy = strategy;
        _attemptsStarted = new int[Graph.Count];
        var decision = new Decision();
        Run = Run.Start(Graph, strategy, _now, decision);
        Take(decision);
    }

    public TaskGraph Graph { get; }

    public FailureStrategy Strategy { get; }

    public Run Run { get; }

    public Rows Rows { get; } = new();

    public IReadOnlyList<RunEvent> Events => _events;

    public IReadOnlyList<Effect> Outstanding => _outstanding.Effects;

    public IEnumerable<TaskSnapshot> Tasks => Enumerable.Range(0, Graph.Count).Select(Run.Task);

    public bool UsedUpRetries => Tasks.Any(t => Graph.Tasks[t.Index].RetryMax > 0 && t.Failures > Graph.Tasks[t.Index].RetryMax);

    public RandomHistory PlayToTheEnd() => Play(int.MaxValue);

    public RandomHistory Play(int events)
    {
        while (!Run.State.IsFinal() && events-- > 0)
        {
            Assert.True(_events.Count < EventsMax, "The run does not end.");
            Apply(NextEvent());
        }

        return this;
    }

    /// <summary>An event that changes nothing of what is expected, because it was said before or comes for a task that is not there yet.</summary>
    public RunEvent Noise() => _dice.Below(4) switch
    {
        0 when _events.Count > 0 => _dice.Pick(_events) is var old && old is not RunEvent.StopRequested ? old with { At = _now } : new RunEvent.NoopDue(0, _now),
        1 => new RunEvent.Claimed(_dice.Below(Graph.Count), _now),
        2 => new RunEvent.AttemptEnded(_dice.Below(Graph.Count), 1 + _dice.Below(3), new AttemptOutcome.Exited(_dice.Below(2)), _now),
        _ => new RunEvent.RetryDue(_dice.Below(Graph.Count), _now),
    };

    private RunEvent NextEvent()
    {
        _now = _now.AddSeconds(_dice.Below(5));
        if (_stops && _dice.Percent(3))
        {
            return new RunEvent.StopRequested(_now);
        }

        if (_dice.Percent(10))
        {
            return Noise();
        }

        switch (_dice.Pick(Outstanding))
        {
            case Effect.Enqueue e:
                return new RunEvent.Claimed(e.Index, _now);
            case Effect.CompleteNoop e:
                return new RunEvent.NoopDue(e.Index, _now);
            case Effect.ResumeAttempt e:
                return new RunEvent.AttemptEnded(e.Index, e.Attempt, OutcomeOfItsOwn(), _now);
            case Effect.EndAttempt e:
                return new RunEvent.AttemptEnded(e.Index, e.Attempt, _dice.Percent(60) ? new AttemptOutcome.Killed() : OutcomeOfItsOwn(), _now);
            case Effect.WakeAt e when _dice.Percent(20):
                return new RunEvent.RetryDue(e.Index, _now);
            case Effect.WakeAt e:
                _now = e.Due > _now ? e.Due : _now;
                return new RunEvent.RetryDue(e.Index, _now);
            case var other:
                throw new NotSupportedException(other.ToString());
        }
    }

    private AttemptOutcome OutcomeOfItsOwn() => _dice.Below(100) switch
    {
        < 45 => new AttemptOutcome.Exited(0),
        < 85 => new AttemptOutcome.Exited(1 + _dice.Below(200)),
        _ => new AttemptOutcome.Lost("gone"),
    };

    private void Apply(RunEvent e)
    {
        var before = Tasks.ToList();
        var (wasEnding, wasActive) = (IsEnding, before.Count(IsActive));
        _events.Add(e);
        var decision = new Decision();
        Run.Decide(e, decision);
        Take(decision);
        foreach (var (old, now) in before.Zip(Tasks))
        {
            CheckTask(old, now);
        }

        var walks = !wasEnding && IsEnding || e is RunEvent.StopRequested && decision.State is not null;
        CheckCost(e, decision, walks ? 2 * wasActive : 0);
    }

    private void Take(Decision decision)
    {
        Rows.Write(decision);
        _outstanding.Note(decision);
        CheckFences(decision);
        Assert.Equal(Run.State, Rows.State);
        Assert.Equal(Run.State.IsFinal(), !Tasks.Any(IsActive));
        Assert.Equal(Run.State.IsFinal() ? 1 : 0, decision.Effects.OfType<Effect.AnnounceEnd>().Count());
        Assert.Equal(Tasks.Where(t => t.State != TaskState.Waiting), Rows.Tasks);
        if (IsEnding)
        {
            Assert.DoesNotContain(Tasks, t => t.State is TaskState.Queued or TaskState.RetryWaiting); // the table counts on it
        }
    }

    private bool IsEnding => Run.State != RunState.Running || (Strategy == FailureStrategy.End && Tasks.Any(t => t.State == TaskState.Failed));

    private void CheckTask(TaskSnapshot old, TaskSnapshot now)
    {
        if (old.State is TaskState.Succeeded or TaskState.Failed or TaskState.Killed)
        {
            Assert.Equal(old, now);
        }

        var task = Graph.Tasks[now.Index];
        Assert.True(now.Attempt <= task.RetryMax + 1 + now.Losses, $"{task.Name}: {now}");
        Assert.True(now.Losses <= Run.LossesMax + 1);
        Assert.Equal(now.State == TaskState.RetryWaiting, now.Due is not null);
        if (old.State == TaskState.Waiting && now.State != TaskState.Waiting)
        {
            Assert.All(Tasks, t => Assert.True(!Graph.SuccessorsOf(t.Index).Contains(now.Index) || t.State == TaskState.Succeeded, "It started before a predecessor had succeeded."));
        }
    }

    private void CheckFences(Decision decision)
    {
        foreach (var started in decision.Changes.OfType<TaskChange.AttemptStarted>())
        {
            Assert.Equal(_attemptsStarted[started.Index] + 1, started.Attempt);
            _attemptsStarted[started.Index] = started.Attempt;
            Assert.Contains(new Effect.StartAttempt(started.Index, started.Attempt), decision.Effects);
        }

        Assert.Equal(decision.Changes.OfType<TaskChange.AttemptStarted>().Count(), decision.Effects.OfType<Effect.StartAttempt>().Count());
    }

    /// <summary>Its own change, slot and wake-up, the end of the run, and two things per successor.</summary>
    private void CheckCost(RunEvent e, Decision decision, int walk)
    {
        var index = e switch
        {
            RunEvent.Claimed c => c.Index,
            RunEvent.AttemptEnded c => c.Index,
            RunEvent.NoopDue c => c.Index,
            RunEvent.RetryDue c => c.Index,
            _ => -1,
        };
        var degree = index < 0 ? 0 : Graph.SuccessorsOf(index).Length;
        var cost = decision.Changes.Count + decision.Effects.Count;
        Assert.True(cost <= 4 + (2 * degree) + walk, $"{e} cost {cost}.");
    }

    private static bool IsActive(TaskSnapshot task) => task.State is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting;
}
