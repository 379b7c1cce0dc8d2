using Microsoft.AspNetCore.Http;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Live;
using Porpoise.Storage.Runs;
using Porpoise.Worker.Attempts;

namespace Porpoise.Api.Live;

/// <summary>What an attempt wrote and writes, and <c>end</c> when it has ended and all was sent.</summary>
internal sealed class LogStream(IRunStore store, RunFeed.Watch watch, WorkspaceId workspace, TaskRow task, int attempt, LogTail tail)
{
    private enum Cause
    {
        Grown,
        TaskMoved,
        NothingMore,
    }

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        using (watch)
        using (tail)
        {
            var events = new EventStream(response);
            var cause = Cause.TaskMoved;
            var isOver = false;
            while (cause != Cause.NothingMore)
            {
                // Asked first: what an ended attempt wrote is all in the file that is read afterwards.
                isOver = isOver || (cause == Cause.TaskMoved && await IsOverAsync());
                await foreach (var piece in tail.ReadAsync(isOver, ct))
                {
                    events.Write("log", new LiveLog(piece.Offset, piece.Text), LiveJson.Default.LiveLog, id: piece.End);
                    await events.FlushAsync(ct);
                }

                if (isOver)
                {
                    events.Write("end", new LiveLog(tail.Offset, ""), LiveJson.Default.LiveLog, id: tail.Offset);
                    await events.FlushAsync(ct);
                    return;
                }

                await events.FlushAsync(ct);
                cause = await WaitAsync(events, ct);
            }
        }
    }

    private async Task<bool> IsOverAsync() => await store.FindTaskAsync(workspace, task.Id) is not { } row
        || row.State is TaskState.Succeeded or TaskState.Failed or TaskState.Killed
        || row.Attempt > attempt
        || (row.Attempt == attempt && row.State != TaskState.Running);

    private async Task<Cause> WaitAsync(EventStream events, CancellationToken ct)
    {
        var grown = tail.WaitAsync(ct);
        while (true)
        {
            var moved = watch.Updates.WaitToReadAsync(ct).AsTask();
            await events.WaitAsync(Task.WhenAny(grown, moved), ct);
            if (moved.IsCompleted && !await moved)
            {
                return Cause.NothingMore;
            }

            if (moved.IsCompleted && TakesNoteOfTask())
            {
                return Cause.TaskMoved;
            }

            if (grown.IsCompleted)
            {
                await grown;
                return Cause.Grown;
            }
        }
    }

    /// <summary>Other tasks of the run move too; this one was not asked about for nothing.</summary>
    private bool TakesNoteOfTask()
    {
        var isTouched = false;
        while (watch.Updates.TryRead(out var update))
        {
            isTouched |= update.Changes.Any(change => change.Index == task.Index);
        }

        return isTouched;
    }
}
