using System.Diagnostics;
using System.Text.Json;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Engine.Runs;

/// <summary>Hands each effect to the one who performs it: the worker group's queue, the worker, the timers, those who wait for an end.</summary>
public sealed class EffectPerformer(WorkerGroupQueue queue, RetryTimers timers, IWorker worker, RunEnds ends) : IEffectPerformer
{
    public void Perform(RunId run, OwnedState state, Effect effect)
    {
        switch (effect)
        {
            case Effect.Enqueue enqueue:
                queue.Enqueue(run, enqueue.Index, IdOf(state, enqueue.Index), state.Priority);
                break;
            case Effect.Withdraw withdraw:
                queue.Withdraw(IdOf(state, withdraw.Index));
                break;
            case Effect.StartAttempt start:
                queue.Occupy(IdOf(state, start.Index));
                worker.Start(Order(run, state, start.Index, start.Attempt));
                break;
            case Effect.ResumeAttempt resume:
                queue.Occupy(IdOf(state, resume.Index));
                worker.Resume(Order(run, state, resume.Index, resume.Attempt));
                break;
            case Effect.EndAttempt end:
                queue.Occupy(IdOf(state, end.Index));
                worker.End(Order(run, state, end.Index, end.Attempt));
                break;
            case Effect.FreeSlot free:
                queue.Free(IdOf(state, free.Index));
                break;
            case Effect.WakeAt wake:
                timers.Add(run, wake.Index, wake.Due);
                break;
            case Effect.AnnounceEnd:
                ends.Announce(run);
                break;
            default:
                throw new UnreachableException($"Nobody performs {effect.GetType().Name}.");
        }
    }

    private static TaskId IdOf(OwnedState state, int index) => new(state.FirstTaskId + index);

    private static AttemptOrder Order(RunId run, OwnedState state, int index, int attempt)
    {
        var task = state.Version.Graph.Tasks[index];
        return new AttemptOrder(run, index, new AttemptKey(IdOf(state, index), attempt), task.Type, task.Name, ScriptOf(task));
    }

    private static string ScriptOf(TaskDefinition task)
    {
        using var document = JsonDocument.Parse(task.Params);
        return document.RootElement.TryGetProperty("rawScript", out var script) ? script.GetString() ?? "" : "";
    }
}
