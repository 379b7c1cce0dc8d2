using System.Diagnostics;
using System.Globalization;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Runs;

/// <summary>
/// One run of a workflow version: the state machine that the whole service exists for. It is owned by exactly one driver;
/// <see cref="Decide"/> moves it by one event, notes what has to be written and done, and touches nothing else: no clock, no I/O, no randomness.
/// An event costs O(successors of its task). If what it decided cannot be written, the object is thrown away and read again from the rows.
/// <code>
/// task:  Waiting → Queued → Running → Succeeded | Failed | Killed
///           ↓        ↑         ↓ (failed with retries left, or lost)
///           └→ RetryWaiting ←──┘
/// run:   Running → Succeeded | Failed ;  Running → Stopping → Stopped | Succeeded
/// again: a run that has ended → Running, with tasks that have ended → Waiting ;  Failed | Killed → Succeeded (forced)
/// </code>
/// </summary>
public sealed partial class Run
{
    /// <summary>An attempt that is lost does not use up a retry; but a task whose attempts are always lost has to end some time.</summary>
    public const int LossesMax = 20;

    private readonly TaskGraph _graph;
    private readonly FailureStrategy _strategy;
    private readonly TaskCell[] _cells;
    private DateTimeOffset _startedAt;

    /// <summary>The latest end of a task. After an outage ends are heard in any order, and what follows from all of them follows from the latest.</summary>
    private DateTimeOffset _lastEnd;
    private bool _isOverdue;
    private int _outputsLength;
    private int _active;
    private int _succeeded;
    private int _failed;
    private int _killed;
    private int _stopped;

    private Run(TaskGraph graph, FailureStrategy strategy, RunState state, DateTimeOffset startedAt)
    {
        _graph = graph;
        _strategy = strategy;
        _startedAt = startedAt;
        _cells = new TaskCell[graph.Count];
        State = state;
    }

    public RunState State { get; private set; }

    public TaskGraph Graph => _graph;

    /// <summary>True from the moment when the rest of the run is being ended because a task failed, or was stopped by somebody, under <see cref="FailureStrategy.End"/>.</summary>
    private bool IsFailing => _strategy == FailureStrategy.End && _failed + _stopped > 0;

    private bool IsEnding => State != RunState.Running || IsFailing || _isOverdue;

    /// <summary>A new run, and what its start writes and sets going.</summary>
    public static Run Start(TaskGraph graph, FailureStrategy strategy, DateTimeOffset at, Decision decision)
    {
        var run = new Run(graph, strategy, RunState.Running, at);
        decision.State = RunState.Running;
        decision.StateAt = at;
        run.Link();
        run.SubmitReady(at, decision);
        run.WatchRun(at, decision);
        return run;
    }

    /// <summary>The run that the rows describe. Costs O(nodes and edges), once per take-over.</summary>
    /// <param name="graph">Of its version.</param>
    /// <param name="strategy">What a failed task does to the rest.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="startedAt">When it was started, or run again: its time limit counts from there.</param>
    /// <param name="tasks">Those that have a row.</param>
    public static Run Restore(TaskGraph graph, FailureStrategy strategy, RunState state, DateTimeOffset startedAt, IEnumerable<TaskSnapshot> tasks)
    {
        var run = new Run(graph, strategy, state, startedAt);
        foreach (var task in tasks)
        {
            ref var cell = ref run._cells[task.Index];
            cell.State = task.State;
            cell.Attempt = task.Attempt;
            cell.Failures = task.Failures;
            cell.Losses = task.Losses;
            cell.Due = task.Due;
            cell.StartedAt = task.StartedAt;
            cell.EndedAt = task.EndedAt;
            cell.Outputs = task.Outputs;
            cell.IsStopRequested = task.IsStopRequested;
            run._outputsLength += TaskOutputs.LengthOf(task.Outputs);
            run._lastEnd = task.EndedAt > run._lastEnd ? task.EndedAt.Value : run._lastEnd;
            run.Count(task.Index, 1);
        }

        run.Link();
        return run;
    }

    /// <summary>What the tasks before it gave to a task; complete once the last of them has ended.</summary>
    public InheritedValues InheritedBy(int index) => _cells[index].Inherited ?? InheritedValues.None;

    /// <summary>Where the task stands, for reports and checks.</summary>
    public TaskSnapshot Task(int index)
    {
        var cell = _cells[index];
        return new TaskSnapshot(index, cell.State, cell.Attempt, cell.Failures, cell.Losses, cell.Due)
        {
            StartedAt = cell.StartedAt,
            EndedAt = cell.EndedAt,
            Outputs = cell.Outputs ?? TaskOutputs.None,
            IsStopRequested = cell.IsStopRequested,
        };
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
            case RunEvent.AttemptTimeUp up:
                EndOverdueAttempt(up, decision);
                break;
            case RunEvent.RunTimeUp up:
                EndOverdueRun(up, decision);
                break;
            case RunEvent.StopRequested stop:
                Stop(stop, decision);
                break;
            case RunEvent.TaskStopRequested stop:
                StopTask(stop, decision);
                break;
            case RunEvent.SuccessForced forced:
                ForceSuccess(forced, decision);
                break;
            case RunEvent.RerunRequested rerun:
                Rerun(rerun, decision);
                break;
            case RunEvent.Resumed:
                Resume(e.At, decision);
                break;
            default:
                throw new UnreachableException($"No rule for {e.GetType().Name}.");
        }
    }

    /// <summary>
    /// Everything the run waits for, derived from its state and the time: what a take-over has to set going again. A run whose time is up is ended
    /// here and now.
    /// </summary>
    public void Resume(DateTimeOffset at, Decision decision)
    {
        if (State.IsFinal())
        {
            decision.Effects.Add(new Effect.AnnounceEnd(State)); // the commit that ended it may have seemed to fail
            return;
        }

        if (IsTimeUp(at))
        {
            EndOverdueRun(at, decision);
            return; // each of its tasks has ended or is being ended by now
        }

        for (var i = 0; i < _cells.Length; i++)
        {
            var cell = _cells[i];
            Effect? effect = cell.State switch
            {
                TaskState.Queued => new Effect.Enqueue(i),
                TaskState.RetryWaiting => new Effect.WakeAt(i, cell.Due!.Value),
                TaskState.Running when _graph.IsNoop(i) => new Effect.CompleteNoop(i),
                TaskState.Running when IsEnding || cell.IsStopRequested => new Effect.EndAttempt(i, cell.Attempt, DescribeEnd()),
                TaskState.Running => new Effect.ResumeAttempt(i, cell.Attempt),
                _ => null,
            };
            if (effect is not null)
            {
                decision.Effects.Add(effect);
            }

            if (effect is Effect.ResumeAttempt)
            {
                WatchAttempt(i, at, decision);
            }
        }

        WatchRun(at, decision);
    }

    private void Claim(RunEvent.Claimed e, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (cell.State == TaskState.Queued && IsTimeUp(e.At))
        {
            EndOverdueRun(e.At, decision); // the claim was faster than the timer
        }

        if (cell.State != TaskState.Queued)
        {
            return; // the claim crossed a stop, or the task is queued twice after a failed commit: the slot is free once the claim is acknowledged
        }

        cell.State = TaskState.Running;
        cell.Attempt++;
        cell.StartedAt = e.At;
        decision.Changes.Add(new TaskChange.AttemptStarted(e.Index, cell.Attempt, e.At));
        decision.Effects.Add(new Effect.StartAttempt(e.Index, cell.Attempt));
        WatchAttempt(e.Index, e.At, decision);
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

        if (e.At < cell.StartedAt)
        {
            // The time is that of a file, whose clock may be some milliseconds behind, or the clock went back.
            e = e with { At = cell.StartedAt.Value };
        }

        decision.Effects.Add(new Effect.FreeSlot(e.Index));
        switch (e.Outcome)
        {
            case AttemptOutcome.Exited { Code: 0 } exited when FaultOf(exited) is "":
                cell.Outputs = exited.Outputs;
                _outputsLength += TaskOutputs.LengthOf(exited.Outputs);
                End(e.Index, TaskState.Succeeded, 0, "", e.At, decision);
                break;
            case AttemptOutcome.Exited { Unknown.Length: > 0 } exited:
                cell.Failures++;
                TryAgain(e, exited.Code, exited.Unknown, mayTryAgain: false, TimeSpan.Zero, TaskState.Failed, decision);
                break;
            case AttemptOutcome.Exited exited:
                cell.Failures++;
                TryAgain(e, exited.Code, exited.Code == 0 ? FaultOf(exited) : exited.Reason.Length > 0 ? exited.Reason : ExitCode.Describe(exited.Code), cell.Failures <= _graph.Tasks[e.Index].RetryMax, _graph.Tasks[e.Index].RetryInterval, TaskState.Failed, decision);
                break;
            case AttemptOutcome.Lost lost:
                cell.Losses++;
                var message = cell.Losses <= LossesMax ? lost.Reason : string.Create(CultureInfo.InvariantCulture, $"{lost.Reason} (given up after {cell.Losses} lost attempts)");
                TryAgain(e, null, message, cell.Losses <= LossesMax, TimeSpan.Zero, IsEnding || cell.IsStopRequested ? TaskState.Killed : TaskState.Failed, decision);
                break;
            case AttemptOutcome.Killed when !IsEnding && !cell.IsStopRequested && _graph.Tasks[e.Index].TimeLimit is { Fails: true } limit:
                // Nobody asked for the end of the run or of the task, so it was the limit that ended the attempt, in this life of the server or in an earlier one.
                cell.Failures++;
                TryAgain(e, null, $"timed out after {Describe(limit.After)}", cell.Failures <= _graph.Tasks[e.Index].RetryMax, _graph.Tasks[e.Index].RetryInterval, TaskState.Failed, decision);
                break;
            case AttemptOutcome.Killed:
                End(e.Index, TaskState.Killed, null, DescribeEnd(), e.At, decision);
                break;
            default:
                throw new UnreachableException($"No rule for {e.Outcome.GetType().Name}.");
        }
    }

    /// <summary>Why an attempt is ended that has not taken too long itself.</summary>
    private string DescribeEnd() =>
        State is RunState.Stopping ? RunStopped
        : _isOverdue ? DescribeOverdue()
        : IsFailing ? "another task failed or was stopped"
        : Stopped;

    /// <summary>Why the outputs cannot be taken; empty: they can.</summary>
    private string FaultOf(AttemptOutcome.Exited exited) =>
        exited.OutputsFault.Length > 0 ? exited.OutputsFault
        : _outputsLength + TaskOutputs.LengthOf(exited.Outputs) > TaskOutputs.RunLengthMax
            ? string.Create(CultureInfo.InvariantCulture, $"the output parameters of this run's tasks would be over {TaskOutputs.RunLengthMax / 1024 / 1024} MiB together")
            : "";

    /// <summary>The reason in one line, and below it the end of what the task wrote.</summary>
    private static string Explain(string reason, AttemptOutcome outcome) => outcome.LastLines.Length == 0 ? reason : $"{reason}\n{outcome.LastLines}";

    private void TryAgain(RunEvent.AttemptEnded e, int? exitCode, string message, bool mayTryAgain, TimeSpan wait, TaskState otherwise, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        message = Explain(message, e.Outcome);
        if (!mayTryAgain || IsEnding || cell.IsStopRequested)
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

        cell.Due = null;
        if (_graph.IsNoop(e.Index))
        {
            StartNoop(e.Index, e.At, decision);
            return;
        }

        cell.State = TaskState.Queued;
        decision.Changes.Add(new TaskChange.Requeued(e.Index, e.At));
        decision.Effects.Add(new Effect.Enqueue(e.Index));
    }

    /// <summary>Once from a start to its end, so the O(nodes) walk is fine.</summary>
    private void EndTheRest(string reason, DateTimeOffset at, Decision decision)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            var cell = _cells[i];
            if (cell.State == TaskState.Running && !_graph.IsNoop(i))
            {
                decision.Effects.Add(new Effect.EndAttempt(i, cell.Attempt, reason));
            }
            else if (cell.State is TaskState.Queued or TaskState.RetryWaiting or TaskState.Running)
            {
                if (cell.State != TaskState.Running)
                {
                    decision.Effects.Add(new Effect.Withdraw(i));
                }

                SetFinal(i, TaskState.Killed, at);
                decision.Changes.Add(new TaskChange.Ended(i, 0, TaskState.Killed, null, reason, cell.Failures, cell.Losses, at));
            }
        }
    }

    /// <summary>Gives a task its final state and draws the consequences.</summary>
    private void End(int index, TaskState state, int? exitCode, string message, DateTimeOffset at, Decision decision)
    {
        var wasEnding = IsEnding;
        var cell = _cells[index];
        SetFinal(index, state, at);
        decision.Changes.Add(new TaskChange.Ended(index, cell.State != TaskState.Running || _graph.IsNoop(index) ? 0 : cell.Attempt, state, exitCode, message, cell.Failures, cell.Losses, at)
        {
            Outputs = cell.Outputs ?? TaskOutputs.None,
        });
        if (state == TaskState.Succeeded)
        {
            GoOnAfter(index, maySubmit: !wasEnding, _lastEnd, decision);
        }
        else if (!wasEnding && IsFailing)
        {
            EndTheRest($"task '{_graph.Tasks[index].Name}' {(state == TaskState.Killed ? "was stopped" : "failed")}", _lastEnd, decision);
        }

        EndRunIfIdle(at, decision);
    }

    /// <summary>What waited for the task only is ready. Nodes that are disabled are passed over at once, to what waits for them.</summary>
    private void GoOnAfter(int index, bool maySubmit, DateTimeOffset at, Decision decision)
    {
        Queue<int>? passed = null;
        do
        {
            PassOn(index);
            foreach (var successor in _graph.SuccessorsOf(index))
            {
                if (--_cells[successor].OpenPredecessors > 0)
                {
                    continue;
                }

                if (_graph.IsDisabled(successor))
                {
                    (passed ??= new Queue<int>()).Enqueue(successor);
                }
                else if (maySubmit)
                {
                    Submit(successor, at, decision);
                }
            }
        }
        while (passed is not null && passed.TryDequeue(out index));
    }

    /// <summary>Counts what each task still waits for, and hands on what was given, anew from where the tasks stand.</summary>
    private void Link()
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i].OpenPredecessors = _graph.PredecessorCountOf(i);
            _cells[i].Inherited = null;
        }

        foreach (var index in _graph.HasDisabled || _outputsLength > 0 ? _graph.InOrder() : Enumerable.Range(0, _cells.Length))
        {
            if (IsPassed(index))
            {
                PassOn(index);
                foreach (var successor in _graph.SuccessorsOf(index))
                {
                    _cells[successor].OpenPredecessors--;
                }
            }
        }
    }

    /// <summary>True when those after it need not wait for it.</summary>
    private bool IsPassed(int index) => _cells[index].State == TaskState.Succeeded || (_graph.IsDisabled(index) && _cells[index].OpenPredecessors == 0);

    /// <summary>Hands what a task gave, and what it was given, to those after it.</summary>
    private void PassOn(int index)
    {
        var cell = _cells[index];
        if (!IsPassed(index) || (cell.Inherited is null && cell.Outputs is null or { Count: 0 }))
        {
            return;
        }

        var passed = (cell.Inherited ?? InheritedValues.None).With(cell.Outputs ?? TaskOutputs.None, cell.EndedAt ?? _startedAt, index);
        foreach (var successor in _graph.SuccessorsOf(index))
        {
            ref var next = ref _cells[successor];
            next.Inherited = next.Inherited is { } others ? others.And(passed) : passed;
        }
    }

    private void SetFinal(int index, TaskState state, DateTimeOffset at)
    {
        ref var cell = ref _cells[index];
        Count(index, -1);
        cell.State = state;
        cell.EndedAt = at;
        cell.Due = null;
        _lastEnd = at > _lastEnd ? at : _lastEnd;
        Count(index, 1);
    }

    /// <summary>Whatever waits for nothing.</summary>
    private void SubmitReady(DateTimeOffset at, Decision decision)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            if (_cells[i] is { State: TaskState.Waiting, OpenPredecessors: 0 } && !_graph.IsDisabled(i))
            {
                Submit(i, at, decision);
            }
        }
    }

    private void Submit(int index, DateTimeOffset at, Decision decision)
    {
        ref var cell = ref _cells[index];
        Debug.Assert(cell.State == TaskState.Waiting && cell.OpenPredecessors == 0, "A task is submitted once, after its last predecessor.");
        if (_graph.Tasks[index].Delay is { Ticks: > 0 } delay)
        {
            cell.State = TaskState.RetryWaiting;
            cell.Due = at + delay;
            Count(index, 1);
            decision.Changes.Add(new TaskChange.Submitted(index, at) { Due = cell.Due });
            decision.Effects.Add(new Effect.WakeAt(index, cell.Due.Value));
            return;
        }

        if (_graph.IsNoop(index))
        {
            StartNoop(index, at, decision);
            return;
        }

        cell.State = TaskState.Queued;
        Count(index, 1);
        decision.Changes.Add(new TaskChange.Submitted(index, at));
        decision.Effects.Add(new Effect.Enqueue(index));
    }

    private void StartNoop(int index, DateTimeOffset at, Decision decision)
    {
        ref var cell = ref _cells[index];
        Count(index, -1);
        cell.State = TaskState.Running;
        cell.StartedAt = at;
        Count(index, 1);
        decision.Changes.Add(new TaskChange.NoopStarted(index, at));
        decision.Effects.Add(new Effect.CompleteNoop(index));
    }

    private void EndRunIfIdle(DateTimeOffset at, Decision decision)
    {
        if (_active > 0 || State.IsFinal())
        {
            return;
        }

        var allSucceeded = _succeeded == _graph.EnabledCount;
        State = State switch
        {
            _ when allSucceeded => RunState.Succeeded,
            RunState.Stopping => RunState.Stopped,
            _ when _failed + _killed > 0 => RunState.Failed,
            _ when _graph.TimeLimit is { Fails: true } => RunState.Failed, // its last attempts succeeded in spite of their end; nothing was started after them
            _ => throw new UnreachableException("Nothing is active, nothing failed and not everything succeeded: the graph has a cycle."),
        };
        decision.State = State;
        decision.StateAt = at > _lastEnd ? at : _lastEnd;
        decision.Effects.Add(new Effect.AnnounceEnd(State));
    }

    private void Count(int index, int by)
    {
        switch (_cells[index].State)
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
                _stopped += _cells[index].IsStopRequested ? by : 0;
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
        public DateTimeOffset? StartedAt;
        public DateTimeOffset? EndedAt;
        public IReadOnlyDictionary<string, string>? Outputs;
        public InheritedValues? Inherited;
        public bool IsStopRequested;
    }
}
