using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Environments;

namespace Porpoise.Engine.Runs;

/// <summary>Hands each effect to the one who performs it: the worker group's queue, the worker, the timers, those who wait for an end.</summary>
public sealed partial class EffectPerformer(WorkerGroupQueue queue, RunTimers timers, IWorker worker, RunEnds ends, EnvironmentCatalog environments, ILogger<EffectPerformer> log) : IEffectPerformer
{
    private readonly ILogger _log = log;

    public void Perform(RunId run, OwnedState state, Effect effect)
    {
        switch (effect)
        {
            case Effect.Enqueue enqueue:
                queue.Enqueue(state.RequestSlot(run, enqueue.Index));
                break;
            case Effect.Withdraw withdraw:
                queue.Withdraw(IdOf(state, withdraw.Index));
                timers.CancelRetry(run, withdraw.Index);
                break;
            case Effect.StartAttempt start:
                queue.Start(state.RequestSlot(run, start.Index));
                worker.Start(Complete(Order(run, state, start.Index, start.Attempt), state));
                break;
            case Effect.ResumeAttempt resume:
                queue.Occupy(state.RequestSlot(run, resume.Index));
                worker.Resume(Order(run, state, resume.Index, resume.Attempt));
                break;
            case Effect.EndAttempt end:
                queue.Occupy(state.RequestSlot(run, end.Index));
                worker.End(Order(run, state, end.Index, end.Attempt) with { EndReason = end.Reason });
                break;
            case Effect.FreeSlot free:
                timers.CancelAttemptLimit(run, free.Index);
                queue.Free(IdOf(state, free.Index));
                break;
            case Effect.WakeAt wake:
                timers.Set(run, new RunEvent.RetryDue(wake.Index, wake.Due));
                break;
            case Effect.WatchAttempt watch:
                timers.Set(run, new RunEvent.AttemptTimeUp(watch.Index, watch.Attempt, watch.Until));
                break;
            case Effect.WatchRun watch:
                timers.Set(run, new RunEvent.RunTimeUp(watch.Until));
                break;
            case Effect.WarnOfAttempt warn:
                LogAttemptOverdue(state.Version.Graph.Tasks[warn.Index].Name, run.Value, IdOf(state, warn.Index).Value, warn.Attempt, warn.Limit);
                break;
            case Effect.WarnOfRun warn:
                LogRunOverdue(run.Value, state.Version.Row.Definition.Name, warn.Limit);
                break;
            case Effect.AnnounceEnd:
                timers.CancelRunLimit(run);
                ends.Announce(run);
                break;
            default:
                throw new UnreachableException($"Nobody performs {effect.GetType().Name}.");
        }
    }

    /// <summary>An environment that is gone leaves the attempt to fail with that message, rather than to run without it.</summary>
    private AttemptOrder Complete(AttemptOrder order, OwnedState state)
    {
        var own = state.Version.Graph.Tasks[order.Index].Environment;
        var code = own.IsNone ? state.Terms.Environment : own;
        return environments.VariablesOf(code) is { } variables
            ? order with { Program = TaskPrograms.Of(state, order.Index), Environment = variables }
            : order with { Program = new TaskProgram(ProgramLanguage.Shell, $"echo 'There is no environment {code} any more: choose another one for the node, or for the run.' >&2\nexit 1\n") };
    }

    private static TaskId IdOf(OwnedState state, int index) => new(state.FirstTaskId + index);

    private static AttemptOrder Order(RunId run, OwnedState state, int index, int attempt)
    {
        var task = state.Version.Graph.Tasks[index];
        return new AttemptOrder(run, index, new AttemptKey(IdOf(state, index), attempt), task.Type, task.Name, TaskProgram.None)
        {
            OutputNames = task.ListOutputNames(),
            WorkflowName = state.Version.Row.Definition.Name,
            Workspace = state.Terms.Workspace.Value,
        };
    }

    [LoggerMessage(LogLevel.Warning, "Task '{TaskName}' of run {RunId} (task {TaskId}, attempt {Attempt}) takes longer than its limit of {Limit}")]
    private partial void LogAttemptOverdue(string taskName, int runId, int taskId, int attempt, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} of '{WorkflowName}' takes longer than its limit of {Limit}")]
    private partial void LogRunOverdue(int runId, string workflowName, TimeSpan limit);
}
