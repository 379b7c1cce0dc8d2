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
    private readonly int[] _attemptsBefore;
    private readonly List<RunEvent> _events = [];
    private readonly Outstanding _outstanding = new();
    private readonly TimeLimit? _limit;
    private DateTimeOffset _now = Script.Now;
    private bool _isOverdue;
    private int _reruns;

    /// <param name="definition">What is run.</param>
    /// <param name="strategy">What a failure does to the rest.</param>
    /// <param name="seed">Of all choices.</param>
    /// <param name="stops">Whether the run as a whole may be stopped, or exceed its limit.</param>
    public RandomHistory(WorkflowDefinition definition, FailureStrategy strategy, ulong seed, bool stops)
    {
        _dice = new Dice(seed);
        _stops = stops;
        _limit = definition.TimeLimit;
        Graph = TaskGraph.Of(definition);
        Strategy = strategy;
        _attemptsStarted = new int[Graph.Count];
        _attemptsBefore = new int[Graph.Count];
        _reruns = _dice.Below(3);
        var decision = new Decision();
        Run = Run.Start(Graph, strategy, _now, decision);
        Take(e: null, decision);
    }

    public TaskGraph Graph { get; }

    public FailureStrategy Strategy { get; }

    public Run Run { get; }

    public Rows Rows { get; } = new();

    public IReadOnlyList<RunEvent> Events => _events;

    public IReadOnlyList<Effect> Outstanding => _outstanding.Effects;

    public DateTimeOffset Now => _now;

    public DateTimeOffset StartedAt { get; private set; } = Script.Now;

    /// <summary>How often the run was run again.</summary>
    public int Reruns { get; private set; }

    public bool IsOverdue => _isOverdue;

    /// <summary>Attempts that failed because they took too long.</summary>
    public int TimeOuts { get; private set; }

    public IEnumerable<TaskSnapshot> Tasks => Enumerable.Range(0, Graph.Count).Select(Run.Task);

    public bool UsedUpRetries => Tasks.Any(t => Graph.Tasks[t.Index].RetryMax > 0 && t.Failures > Graph.Tasks[t.Index].RetryMax);

    public RandomHistory PlayToTheEnd() => Play(int.MaxValue);

    public RandomHistory Play(int events)
    {
        while (events-- > 0 && (!Run.State.IsFinal() || _reruns-- > 0))
        {
            Assert.True(_events.Count < EventsMax, "The run does not end.");
            Apply(Run.State.IsFinal() ? NextStart() : NextEvent());
        }

        return this;
    }

    /// <summary>What a take-over at this moment would find out by itself, the run finds out too.</summary>
    public void NoticeTheTime()
    {
        if (!IsEnding && _limit is { Fails: true } && _now >= StartedAt + _limit.After)
        {
            Apply(new RunEvent.RunTimeUp(_now));
        }
    }

    /// <summary>An event that changes nothing of what is expected, because it was said before or comes for a task that is not there yet.</summary>
    public RunEvent Noise() => _dice.Below(5) switch
    {
        0 when _events.Count > 0 => _dice.Pick(_events) is var old && old is not (RunEvent.StopRequested or RunEvent.TaskStopRequested or RunEvent.RerunRequested or RunEvent.SuccessForced or RunEvent.RunTimeUp) ? old with { At = _now } : new RunEvent.NoopDue(0, _now),
        1 => new RunEvent.Claimed(_dice.Below(Graph.Count), _now),
        2 => new RunEvent.AttemptEnded(_dice.Below(Graph.Count), 1 + _dice.Below(3), new AttemptOutcome.Exited(_dice.Below(2)), _now),
        3 => new RunEvent.AttemptTimeUp(_dice.Below(Graph.Count), 1 + _dice.Below(3), _now),
        _ => new RunEvent.RetryDue(_dice.Below(Graph.Count), _now),
    };

    /// <summary>Of a run that has ended.</summary>
    private RunEvent NextStart()
    {
        _now = _now.AddSeconds(_dice.Below(5));
        if (_dice.Percent(30))
        {
            _reruns++; // this is none
            return new RunEvent.SuccessForced(_dice.Below(Graph.Count), _now);
        }

        return new RunEvent.RerunRequested(_dice.Percent(70) ? RerunScope.FromFailure : RerunScope.All, _now);
    }

    private RunEvent NextEvent()
    {
        _now = _now.AddSeconds(_dice.Below(5));
        if (_dice.Percent(4))
        {
            return _dice.Percent(50) ? new RunEvent.TaskStopRequested(_dice.Below(Graph.Count), _now) : new RunEvent.SuccessForced(_dice.Below(Graph.Count), _now);
        }

        if (_stops && _dice.Percent(3))
        {
            return new RunEvent.StopRequested(_now);
        }

        if (_dice.Percent(10))
        {
            return Noise();
        }

        switch (_dice.Pick([.. Outstanding.Where(o => _stops || o is not Effect.WatchRun)]))
        {
            case Effect.Enqueue e:
                return new RunEvent.Claimed(e.Index, _now);
            case Effect.CompleteNoop e:
                return new RunEvent.NoopDue(e.Index, _now);
            case Effect.ResumeAttempt e when _outstanding.Overdue.Contains(e.Index) && _dice.Percent(60):
                return new RunEvent.AttemptEnded(e.Index, e.Attempt, new AttemptOutcome.Killed(), _now);
            case Effect.ResumeAttempt e:
                return new RunEvent.AttemptEnded(e.Index, e.Attempt, OutcomeOfItsOwn(), _now);
            case Effect.EndAttempt e:
                return new RunEvent.AttemptEnded(e.Index, e.Attempt, _dice.Percent(60) ? new AttemptOutcome.Killed() : OutcomeOfItsOwn(), _now);
            case Effect.WakeAt e when _dice.Percent(20):
                return new RunEvent.RetryDue(e.Index, _now);
            case Effect.WakeAt e:
                _now = e.Due > _now ? e.Due : _now;
                return new RunEvent.RetryDue(e.Index, _now);
            case Effect.WatchAttempt e when _dice.Percent(20):
                return new RunEvent.AttemptTimeUp(e.Index, e.Attempt, _now);
            case Effect.WatchAttempt e:
                _now = e.Until > _now ? e.Until : _now;
                return new RunEvent.AttemptTimeUp(e.Index, e.Attempt, _now);
            case Effect.WatchRun when _dice.Percent(80):
                return new RunEvent.RunTimeUp(_now);
            case Effect.WatchRun e:
                _now = e.Until > _now ? e.Until : _now;
                return new RunEvent.RunTimeUp(_now);
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
        var (wasEnding, wasActive, wasFinal) = (IsEnding, before.Count(IsActive), Run.State.IsFinal());
        _events.Add(e);
        _isOverdue |= !wasEnding && (e is RunEvent.RunTimeUp || (e is RunEvent.Claimed claim && Run.Task(claim.Index).State == TaskState.Queued)) && _limit is { Fails: true } && e.At >= StartedAt + _limit.After;
        TimeOuts += !wasEnding && e is RunEvent.AttemptEnded { Outcome: AttemptOutcome.Killed } && Run.Task(((RunEvent.AttemptEnded)e).Index) is { State: TaskState.Running, IsStopRequested: false } ? 1 : 0;
        var decision = new Decision();
        Run.Decide(e, decision);
        if (decision.Restart is { } restart)
        {
            Assert.True(wasFinal && decision.IsAfterEnd);
            (StartedAt, _isOverdue) = (restart.At, false);
            Reruns++;
        }

        Assert.Equal(wasFinal && decision.HasChanges, decision.IsAfterEnd);
        Take(e, decision);
        foreach (var (old, now) in before.Zip(Tasks))
        {
            CheckTask(old, now, decision);
        }

        if (e is RunEvent.RerunRequested)
        {
            return; // costs as much as a start
        }

        var walks = (!wasEnding && IsEnding) || e is RunEvent.StopRequested && decision.State is not null;
        CheckCost(e, decision, walks ? 2 * wasActive : 0);
    }

    private void Take(RunEvent? e, Decision decision)
    {
        Rows.Write(decision);
        _outstanding.Note(e, decision, IsEnding, IsOld);
        CheckFences(decision);
        Assert.Equal(Run.State, Rows.State);
        Assert.Equal(Run.State.IsFinal(), !Tasks.Any(IsActive));
        Assert.Equal(decision.State?.IsFinal() == true ? 1 : 0, decision.Effects.OfType<Effect.AnnounceEnd>().Count());
        Assert.Equal(Tasks.Where(t => t.State != TaskState.Waiting), Rows.Tasks.Where(t => t.State != TaskState.Waiting));
        if (IsEnding)
        {
            Assert.DoesNotContain(Tasks, t => t.State is TaskState.Queued or TaskState.RetryWaiting); // the table counts on it
        }
    }

    /// <summary>Of a warning whose time has passed nothing more is to be done.</summary>
    private bool IsOld(Effect effect) => effect switch
    {
        Effect.WatchAttempt e => e.Until <= _now && Graph.Tasks[e.Index].TimeLimit is { Fails: false },
        Effect.WatchRun e => e.Until <= _now && _limit is { Fails: false },
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private bool IsEnding => Run.State != RunState.Running || _isOverdue || (Strategy == FailureStrategy.End && Tasks.Any(t => t.State == TaskState.Failed || t is { State: TaskState.Killed, IsStopRequested: true }));

    private void CheckTask(TaskSnapshot old, TaskSnapshot now, Decision decision)
    {
        if (decision.Changes.OfType<TaskChange.Reset>().Any(c => c.Index == now.Index))
        {
            Assert.True(decision.Restart is not null && now.Failures == 0 && now.Losses == 0 && now.Attempt == old.Attempt);
            _attemptsBefore[now.Index] = now.Attempt;
        }
        else if (old.State is TaskState.Succeeded or TaskState.Failed or TaskState.Killed)
        {
            var isForced = decision.Changes.OfType<TaskChange.SuccessForced>().Any(c => c.Index == now.Index);
            Assert.Equal(isForced ? old with { State = TaskState.Succeeded } : old, now);
        }

        var task = Graph.Tasks[now.Index];
        Assert.True(now.Attempt <= _attemptsBefore[now.Index] + task.RetryMax + 1 + now.Losses, $"{task.Name}: {now}");
        Assert.True(now.State == TaskState.Waiting || !task.IsDisabled);
        Assert.True(now.Losses <= Run.LossesMax + 1);
        Assert.Equal(now.State == TaskState.RetryWaiting, now.Due is not null);
        if (old.State == TaskState.Waiting && now.State != TaskState.Waiting)
        {
            Assert.All(Tasks, t => Assert.True(!Graph.SuccessorsOf(t.Index).Contains(now.Index) || t.State == TaskState.Succeeded || task.IsDisabled || Graph.IsDisabled(t.Index), "It started before a predecessor had succeeded."));
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
            RunEvent.TaskStopRequested c => c.Index,
            RunEvent.SuccessForced c => c.Index,
            _ => -1,
        };
        var degree = index < 0 ? 0 : Graph.HasDisabled ? Graph.Count : Graph.SuccessorsOf(index).Length;
        var cost = decision.Changes.Count + decision.Effects.Count;
        Assert.True(cost <= 4 + (2 * degree) + walk, $"{e} cost {cost}.");
    }

    private static bool IsActive(TaskSnapshot task) => task.State is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting;
}
