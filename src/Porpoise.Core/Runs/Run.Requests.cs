using Porpoise.Core.Tasks;

namespace Porpoise.Core.Runs;

// What people ask of a run: to stop it, to stop one of its tasks, to let one count as succeeded, to run it again.
public sealed partial class Run
{
    private const string Stopped = "the task was stopped";
    private const string RunStopped = "the run was stopped";

    private void Stop(RunEvent.StopRequested e, Decision decision)
    {
        if (State != RunState.Running)
        {
            return;
        }

        State = RunState.Stopping;
        decision.State = State;
        decision.StateAt = e.At;
        EndTheRest(RunStopped, e.At, decision);
        EndRunIfIdle(e.At, decision);
    }

    /// <summary>A task without a process is ended here and now; one with a process once that is gone, however it ends by then. Then its end counts as a failure.</summary>
    private void StopTask(RunEvent.TaskStopRequested e, Decision decision)
    {
        ref var cell = ref _cells[e.Index];
        if (IsEnding || cell.IsStopRequested || cell.State is not (TaskState.Queued or TaskState.RetryWaiting or TaskState.Running))
        {
            return;
        }

        cell.IsStopRequested = true;
        decision.Changes.Add(new TaskChange.StopRequested(e.Index, e.At));
        if (cell.State == TaskState.Running && !_graph.IsNoop(e.Index))
        {
            decision.Effects.Add(new Effect.EndAttempt(e.Index, cell.Attempt, Stopped));
            return;
        }

        if (cell.State != TaskState.Running)
        {
            decision.Effects.Add(new Effect.Withdraw(e.Index));
        }

        End(e.Index, TaskState.Killed, null, Stopped, e.At, decision);
    }

    /// <summary>While the run goes on, what waits for the task goes on as well; in a run that has ended it counts when that is run again. A run that is being ended is left alone.</summary>
    private void ForceSuccess(RunEvent.SuccessForced e, Decision decision)
    {
        var before = _cells[e.Index].State;
        if (before is not (TaskState.Failed or TaskState.Killed) || (IsEnding && !State.IsFinal()))
        {
            return;
        }

        decision.IsAfterEnd |= State.IsFinal();
        decision.Changes.Add(new TaskChange.SuccessForced(e.Index, before, e.At));
        SetFinal(e.Index, TaskState.Succeeded, _cells[e.Index].EndedAt ?? e.At);
        GoOnAfter(e.Index, maySubmit: State == RunState.Running, e.At, decision);
        if (State == RunState.Running)
        {
            EndRunIfIdle(e.At, decision);
        }
    }

    /// <summary>Costs O(nodes and edges), like a start. The numbers of attempts go on; retries and the time limits count anew.</summary>
    private void Rerun(RunEvent.RerunRequested e, Decision decision)
    {
        if (!State.IsFinal() || (e.Scope == RerunScope.FromFailure && State == RunState.Succeeded))
        {
            return;
        }

        (_startedAt, _isOverdue) = (e.At, false);
        State = RunState.Running;
        decision.State = State;
        decision.StateAt = e.At;
        decision.IsAfterEnd = true;
        decision.Restart = new RunRestart(e.Scope, e.At);
        for (var i = 0; i < _cells.Length; i++)
        {
            if (_cells[i].State is TaskState.Failed or TaskState.Killed || (_cells[i].State == TaskState.Succeeded && e.Scope == RerunScope.All))
            {
                Reset(i, e.At, decision);
            }
        }

        Link();
        SubmitReady(e.At, decision);
        WatchRun(e.At, decision);
        EndRunIfIdle(e.At, decision);
    }

    private void Reset(int index, DateTimeOffset at, Decision decision)
    {
        ref var cell = ref _cells[index];
        Count(index, -1);
        _outputsLength -= cell.Outputs is null ? 0 : TaskOutputs.LengthOf(cell.Outputs);
        decision.Changes.Add(new TaskChange.Reset(index, cell.State, at));
        cell = new TaskCell { Attempt = cell.Attempt };
    }
}
