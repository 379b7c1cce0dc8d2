using Microsoft.AspNetCore.Http;
using Porpoise.Api.Errors;
using Porpoise.Api.Runs;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Live;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Live;

/// <summary>How a run and its tasks stand, then each change of them, and <c>end</c> when the run is over.</summary>
internal sealed class RunStream(IRunStore store, WorkflowCatalog catalog, RunFeed.Watch watch, WorkspaceId workspace)
{
    private RunRow _run = null!;
    private TaskGraph _graph = null!;
    private int[] _attempts = [];

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        using (watch)
        {
            var events = new EventStream(response);
            var isOver = await WriteSnapshotAsync(events);
            await events.FlushAsync(ct);
            while (!isOver && await events.WaitAsync(watch.Updates.WaitToReadAsync(ct).AsTask(), ct))
            {
                while (!isOver && watch.Updates.TryRead(out var update))
                {
                    isOver = Write(update, events);
                }

                await events.FlushAsync(ct);
            }
        }
    }

    /// <summary>True when the run is over.</summary>
    private async Task<bool> WriteSnapshotAsync(EventStream events)
    {
        _run = await store.FindRunAsync(workspace, watch.Run) ?? throw RunLookup.NoSuchRun(watch.Run);
        var version = await catalog.LoadAsync(_run.Workflow, _run.Version) ?? throw new RefusalException(ErrorCodes.VersionNotFound, $"The version {_run.Version} of run {_run.Id} is not there any more.");
        (_graph, _attempts) = (version.Graph, new int[version.Graph.Count]);
        events.Write("run", RunNow(_run.State, _run.EndedAt), LiveJson.Default.LiveRun);
        foreach (var task in await store.ListTasksAsync(watch.Run, _run.TaskCount))
        {
            _attempts[task.Index] = task.Attempt;
            events.Write("task", TaskNow(task.Index, task.State, task.ExitCode, task.Message, task.EndedAt ?? task.StartedAt ?? task.SubmittedAt), LiveJson.Default.LiveTask);
        }

        return WriteEndIfOver(_run.State, _run.EndedAt, events);
    }

    /// <summary>True when the run is over.</summary>
    private bool Write(RunUpdate update, EventStream events)
    {
        foreach (var change in update.Changes)
        {
            if (TaskAfter(change) is { } task)
            {
                events.Write("task", task, LiveJson.Default.LiveTask);
            }
        }

        if (update.State is not { } state)
        {
            return false;
        }

        DateTimeOffset? endedAt = state.IsFinal() ? update.At : null;
        events.Write("run", RunNow(state, endedAt), LiveJson.Default.LiveRun);
        return WriteEndIfOver(state, endedAt, events);
    }

    private bool WriteEndIfOver(RunState state, DateTimeOffset? endedAt, EventStream events)
    {
        if (state.IsFinal())
        {
            events.Write("end", RunNow(state, endedAt), LiveJson.Default.LiveRun);
        }

        return state.IsFinal();
    }

    private LiveRun RunNow(RunState state, DateTimeOffset? endedAt) => new(_run.Id.Value, _run.Name, States.Of(state), _run.StartedAt, endedAt);

    /// <summary>Null: it stands where it stood; that somebody asked for its end is no state.</summary>
    private LiveTask? TaskAfter(TaskChange change)
    {
        _attempts[change.Index] = change is TaskChange.AttemptStarted started ? started.Attempt : _attempts[change.Index];
        return change switch
        {
            TaskChange.StopRequested => null,
            TaskChange.Submitted { Due: not null } or TaskChange.Reset => TaskNow(change.Index, change is TaskChange.Reset ? TaskState.Waiting : TaskState.RetryWaiting, exitCode: null, "", change.At),
            TaskChange.SuccessForced => TaskNow(change.Index, TaskState.Succeeded, exitCode: null, "", change.At) with { State = States.ForcedSuccess },
            TaskChange.Submitted or TaskChange.Requeued => TaskNow(change.Index, TaskState.Queued, exitCode: null, "", change.At),
            TaskChange.NoopStarted or TaskChange.AttemptStarted => TaskNow(change.Index, TaskState.Running, exitCode: null, "", change.At),
            TaskChange.AttemptFailed failed => TaskNow(change.Index, failed.Due is null ? TaskState.Queued : TaskState.RetryWaiting, failed.ExitCode, failed.Message, change.At),
            TaskChange.Ended ended => TaskNow(change.Index, ended.State, ended.ExitCode, ended.Message, change.At),
            _ => throw new System.Diagnostics.UnreachableException($"No rule for {change.GetType().Name}."),
        };
    }

    private LiveTask TaskNow(int index, TaskState state, int? exitCode, string message, DateTimeOffset at) =>
        new(_run.FirstTaskId + index, _graph.Tasks[index].Name, States.Of(state), _attempts[index], exitCode, message, at);
}
