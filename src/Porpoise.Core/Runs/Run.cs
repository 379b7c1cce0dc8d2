using System.Diagnostics;
using System.Globalization;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Runs;

/// <summary>
/// One run of a workflow version: the state machine that the whole service exists for. It is owned by exactly one driver;
/// <see cref="Decide"/> moves it by one event, notes what has to be written and done, and touches nothing else: no clock, no I/O, no randomness.
/// An event costs O(successors of its task). If what it decided cannot be written, the object is thrown away and read again from the rows.
/// <code>
/// task:  Waiting → Queued → Running → Succeeded | Failed | Killed
///                    ↑         ↓ (failed with retries left, or lost)
///                    └── RetryWaiting
/// run:   Running → Succeeded | Failed ;  Running → Stopping → Stopped | Succeeded
/// </code>
/// </summary>
public sealed class Run
{
    /// <summary>An attempt that is lost does not use up a retry; but a task whose attempts are always lost has to end some time.</summary>
    public const int LossesMax = 20;

    private readonly TaskGraph _graph;
    private readonly FailureStrategy _strategy;
    private readonly TaskCell[] _cells;
    private int _active;
    private int _succeeded;
    private int _failed;
    private int _killed;

    private Run(TaskGraph graph, FailureStrategy strategy, RunState state)
    {
        _graph = graph;
        _strategy = strategy;
        _cells = new TaskCell[graph.Count];
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i].OpenPredecessors = graph.PredecessorCountOf(i);
        }

        State = state;
    }

    public RunState State { get; private set; }

    public TaskGraph Graph => _graph;

    /// <summary>True from the moment when the rest of the run is being ended because a task failed under <see cref="FailureStrategy.End"/>.</summary>
    private bool IsFailing => _strategy == FailureStrategy.End && _failed > 0;

    private bool IsEnding => State != RunState.Running || IsFailing;

    /// <summary>A new run, and what its start writes and sets going.</summary>
    public static Run Start(TaskGraph graph, FailureStrategy strategy, DateTimeOffset at, Decision decision)
    {
        var run = new Run(graph, strategy, RunState.Running);
        decision.State = RunState.Running;
        decision.StateAt = at;
        foreach (var root in graph.Roots)
        {
            run.Submit(root, at, decision);
        }

        return run;
    }

    /// <summary>The run that the rows describe. Costs O(nodes and edges), once per take-over.</summary>
    public static Run Restore(TaskGraph graph, FailureStrategy strategy, RunState state, IEnumerable<TaskSnapshot> tasks)
    {
        var run = new Run(graph, strategy, state);
        foreach (var task in tasks)
        {
            ref var cell = ref run._cells[task.Index];
            cell.State = task.State;
            cell.Attempt = task.Attempt;
            cell.Failures = task.Failures;
            cell.Losses = task.Losses;
            cell.Due = task.Due;
            run.Count(task.State, 1);
            if (task.State == TaskState.Succeeded)
            {
                foreach (var successor in graph.SuccessorsOf(task.Index))
                {
                    run._cells[successor].OpenPredecessors--;
                }
            }
        }

        return run;
    }

    /// <summary>Where the task stands, for reports and checks.</summary>
    public TaskSnapshot Task(int index)
    {
        var cell = _cells[index];
        return new TaskSnapshot(index, cell.State, cell.Attempt, cell.Failures, cell.Losses, cell.Due);
    }

    /// <summary>Moves the run by one event. An event that came too late, or twice, changes nothing.</summary>
    public void Decide(RunEvent e, Decision decision)
    {
        switch (e)
        {
            case RunEvent.Claimed claimed:
                Claim(claimed, decision);
                break;
            case RunEvent.AttemptEnded ended:
                EndAttempt(ended, decision);
                break;
            case RunEvent.NoopDue due:
                CompleteNoop(due, decision);
                break;
            case RunEvent.RetryDue due:
                Retry(due, decision);
                break;
            case RunEvent.StopRequested stop:
                Stop(stop, decision);
                break;
            case RunEvent.Resumed:
                Resume(decision);
                break;
            default:
                throw new UnreachableException($"No rule for {e.GetType().Name}.");
        }
    }

    /// <summary>Everything the run waits for, derived from its state alone: what a take-over has to set going again.</summary>
    public void Resume(Decision decision)
    {
        if (State.IsFinal())
        {
            decision.Effects.Add(new Effect.AnnounceEnd(State)); // the commit that ended it may have seemed to fail
            return;
        }

        for (var i = 0; i < _cells.Length; i++)
        {
            var cell = _cells[i];
            Effect? effect = cell.State switch
            {
                TaskState.Queued => new Effect.Enqueue(i),
                TaskState.RetryWaiting => new Effect.WakeAt(i, cell.Due!.Value),
                TaskState.Running when _graph.IsNoop(i) => new Effect.CompleteNoop(i),
                TaskState.Running when IsEnding => new Effect.EndAttempt(i, cell.Attempt),
                TaskState.Running => new Effect.ResumeAttempt(i, cell.Attempt),
                _ => null,
            };
            if (effect is not null)
            {
                decision.Effects.Add(effect);
            }
        }
    }

    private void Claim(RunEvent.Claimed e, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (cell.State != TaskState.Queued)
        {
            // The claim crossed a stop, or the task is queued twice after a failed commit. An attempt that runs keeps its own slot.
            if (cell.State != TaskState.Running)
            {
                decision.Effects.Add(new Effect.FreeSlot(e.Index));
            }

            return;
        }

        cell.State = TaskState.Running;
        cell.Attempt++;
        decision.Changes.Add(new TaskChange.AttemptStarted(e.Index, cell.Attempt, e.At));
        decision.Effects.Add(new Effect.StartAttempt(e.Index, cell.Attempt));
    }

    private void EndAttempt(RunEvent.AttemptEnded e, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (cell.State != TaskState.Running || cell.Attempt != e.Attempt)
        {
            // Too late, or said twice. Said twice because the first commit seemed to fail, its effects were never performed: free the slot now.
            if (cell.State != TaskState.Running)
            {
                decision.Effects.Add(new Effect.FreeSlot(e.Index));
            }

            return;
        }

        decision.Effects.Add(new Effect.FreeSlot(e.Index));
        switch (e.Outcome)
        {
            case AttemptOutcome.Exited { Code: 0 }:
                End(e.Index, TaskState.Succeeded, 0, "", e.At, decision);
                break;
            case AttemptOutcome.Exited exited:
                cell.Failures++;
                TryAgain(e, exited.Code, DescribeExit(exited.Code), cell.Failures <= _graph.Tasks[e.Index].RetryMax, _graph.Tasks[e.Index].RetryInterval, TaskState.Failed, decision);
                break;
            case AttemptOutcome.Lost lost:
                cell.Losses++;
                var message = cell.Losses <= LossesMax ? lost.Reason : string.Create(CultureInfo.InvariantCulture, $"{lost.Reason} (given up after {cell.Losses} lost attempts)");
                TryAgain(e, null, message, cell.Losses <= LossesMax, TimeSpan.Zero, IsEnding ? TaskState.Killed : TaskState.Failed, decision);
                break;
            case AttemptOutcome.Killed:
                End(e.Index, TaskState.Killed, null, "ended on request", e.At, decision);
                break;
            default:
                throw new UnreachableException($"No rule for {e.Outcome.GetType().Name}.");
        }
    }

    /// <summary>128 plus a number is how a shell says that a signal ended the process.</summary>
    private static string DescribeExit(int code) => code is > 128 and < 160
        ? string.Create(CultureInfo.InvariantCulture, $"exit code {code} (ended by signal {code - 128})")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");

    private void TryAgain(RunEvent.AttemptEnded e, int? exitCode, string message, bool mayTryAgain, TimeSpan wait, TaskState otherwise, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (!mayTryAgain || IsEnding)
        {
            End(e.Index, otherwise, exitCode, message, e.At, decision);
            return;
        }

        cell.Due = wait > TimeSpan.Zero ? e.At + wait : null;
        cell.State = cell.Due is null ? TaskState.Queued : TaskState.RetryWaiting;
        decision.Changes.Add(new TaskChange.AttemptFailed(e.Index, e.Attempt, exitCode, message, cell.Failures, cell.Losses, cell.Due, e.At));
        decision.Effects.Add(cell.Due is { } due ? new Effect.WakeAt(e.Index, due) : new Effect.Enqueue(e.Index));
    }

    private void CompleteNoop(RunEvent.NoopDue e, Decision decision)
    {
        if (_cells[e.Index].State == TaskState.Running && _graph.IsNoop(e.Index))
        {
            End(e.Index, TaskState.Succeeded, null, "", e.At, decision);
        }
    }

    private void Retry(RunEvent.RetryDue e, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (cell.State != TaskState.RetryWaiting)
        {
            return;
        }

        if (e.At < cell.Due)
        {
            decision.Effects.Add(new Effect.WakeAt(e.Index, cell.Due.Value)); // a clock that went back: wait on
            return;
        }

        cell.State = TaskState.Queued;
        cell.Due = null;
        decision.Changes.Add(new TaskChange.Requeued(e.Index, e.At));
        decision.Effects.Add(new Effect.Enqueue(e.Index));
    }

    private void Stop(RunEvent.StopRequested e, Decision decision)
    {
        if (State != RunState.Running)
        {
            return;
        }

        State = RunState.Stopping;
        decision.State = State;
        decision.StateAt = e.At;
        EndTheRest("the run was stopped", e.At, decision);
        EndRunIfIdle(e.At, decision);
    }

    /// <summary>Once in the life of a run, so the O(nodes) walk is fine.</summary>
    private void EndTheRest(string reason, DateTimeOffset at, Decision decision)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            var cell = _cells[i];
            if (cell.State == TaskState.Running && !_graph.IsNoop(i))
            {
                decision.Effects.Add(new Effect.EndAttempt(i, cell.Attempt));
            }
            else if (cell.State is TaskState.Queued or TaskState.RetryWaiting or TaskState.Running)
            {
                if (cell.State == TaskState.Queued)
                {
                    decision.Effects.Add(new Effect.Withdraw(i));
                }

                SetFinal(i, TaskState.Killed);
                decision.Changes.Add(new TaskChange.Ended(i, 0, TaskState.Killed, null, reason, cell.Failures, cell.Losses, at));
            }
        }
    }

    /// <summary>Gives a task its final state and draws the consequences.</summary>
    private void End(int index, TaskState state, int? exitCode, string message, DateTimeOffset at, Decision decision)
    {
        var wasEnding = IsEnding;
        var cell = _cells[index];
        SetFinal(index, state);
        decision.Changes.Add(new TaskChange.Ended(index, _graph.IsNoop(index) ? 0 : cell.Attempt, state, exitCode, message, cell.Failures, cell.Losses, at));
        if (state == TaskState.Succeeded)
        {
            foreach (var successor in _graph.SuccessorsOf(index))
            {
                if (--_cells[successor].OpenPredecessors == 0 && !wasEnding)
                {
                    Submit(successor, at, decision);
                }
            }
        }
        else if (!wasEnding && IsFailing)
        {
            EndTheRest($"task '{_graph.Tasks[index].Name}' failed", at, decision);
        }

        EndRunIfIdle(at, decision);
    }

    private void SetFinal(int index, TaskState state)
    {
        ref var cell = ref _cells[index];
        Count(cell.State, -1);
        cell.State = state;
        cell.Due = null;
        Count(state, 1);
    }

    private void Submit(int index, DateTimeOffset at, Decision decision)
    {
        ref var cell = ref _cells[index];
        Debug.Assert(cell.State == TaskState.Waiting && cell.OpenPredecessors == 0, "A task is submitted once, after its last predecessor.");
        var noop = _graph.IsNoop(index);
        cell.State = noop ? TaskState.Running : TaskState.Queued;
        Count(cell.State, 1);
        decision.Changes.Add(noop ? new TaskChange.NoopStarted(index, at) : new TaskChange.Submitted(index, at));
        decision.Effects.Add(noop ? new Effect.CompleteNoop(index) : new Effect.Enqueue(index));
    }

    private void EndRunIfIdle(DateTimeOffset at, Decision decision)
    {
        if (_active > 0 || State.IsFinal())
        {
            return;
        }

        var allSucceeded = _succeeded == _cells.Length;
        State = State switch
        {
            _ when allSucceeded => RunState.Succeeded,
            RunState.Stopping => RunState.Stopped,
            _ when _failed + _killed > 0 => RunState.Failed,
            _ => throw new UnreachableException("Nothing is active, nothing failed and not everything succeeded: the graph has a cycle."),
        };
        decision.State = State;
        decision.StateAt = at;
        decision.Effects.Add(new Effect.AnnounceEnd(State));
    }

    private void Count(TaskState state, int by)
    {
        switch (state)
        {
            case TaskState.Queued or TaskState.Running or TaskState.RetryWaiting:
                _active += by;
                break;
            case TaskState.Succeeded:
                _succeeded += by;
                break;
            case TaskState.Failed:
                _failed += by;
                break;
            case TaskState.Killed:
                _killed += by;
                break;
            default:
                break;
        }
    }

    private struct TaskCell
    {
        public TaskState State;
        public int OpenPredecessors;
        public int Attempt;
        public int Failures;
        public int Losses;
        public DateTimeOffset? Due;
    }
}
