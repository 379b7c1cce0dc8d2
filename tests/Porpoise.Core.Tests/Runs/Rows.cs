using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;

namespace Porpoise.Core.Tests.Runs;

/// <summary>What a store would hold after the changes of a run: the simplest one that can be.</summary>
internal sealed class Rows
{
    private readonly SortedDictionary<int, TaskSnapshot> _tasks = [];

    public RunState State { get; private set; }

    public IReadOnlyCollection<TaskSnapshot> Tasks => _tasks.Values;

    public void Write(Decision decision)
    {
        State = decision.State ?? State;
        foreach (var change in decision.Changes)
        {
            _tasks[change.Index] = change switch
            {
                TaskChange.Submitted c => First(c.Index, c.Due is null ? TaskState.Queued : TaskState.RetryWaiting) with { Due = c.Due },
                TaskChange.NoopStarted c => First(c.Index, TaskState.Running) with { StartedAt = c.At },
                TaskChange.StopRequested c => Row(c) with { IsStopRequested = true },
                TaskChange.SuccessForced c => Row(c) with { State = TaskState.Succeeded },
                TaskChange.Reset c => new TaskSnapshot(c.Index, TaskState.Waiting, Row(c).Attempt, 0, 0, null),
                TaskChange.AttemptStarted c => Row(c) with { State = TaskState.Running, Attempt = c.Attempt, StartedAt = c.At },
                TaskChange.AttemptFailed c => Row(c) with { State = c.Due is null ? TaskState.Queued : TaskState.RetryWaiting, Failures = c.Failures, Losses = c.Losses, Due = c.Due },
                TaskChange.Requeued c => Row(c) with { State = TaskState.Queued, Due = null },
                TaskChange.Ended c => Row(c) with { State = c.State, Failures = c.Failures, Losses = c.Losses, Due = null, EndedAt = c.At, Outputs = c.Outputs },
                _ => throw new NotSupportedException(change.ToString()),
            };
        }
    }

    private TaskSnapshot First(int index, TaskState state)
    {
        var row = _tasks.GetValueOrDefault(index);
        Assert.True(row is null or { State: TaskState.Waiting } || (row.State == TaskState.RetryWaiting && state == TaskState.Running), "A task is submitted once.");
        return new TaskSnapshot(index, state, row?.Attempt ?? 0, 0, 0, null);
    }

    private TaskSnapshot Row(TaskChange change) => _tasks[change.Index];
}
