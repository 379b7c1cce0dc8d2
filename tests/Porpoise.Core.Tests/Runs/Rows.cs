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
                TaskChange.Submitted c => First(c.Index, TaskState.Queued),
                TaskChange.NoopStarted c => First(c.Index, TaskState.Running),
                TaskChange.AttemptStarted c => Row(c) with { State = TaskState.Running, Attempt = c.Attempt },
                TaskChange.AttemptFailed c => Row(c) with { State = c.Due is null ? TaskState.Queued : TaskState.RetryWaiting, Failures = c.Failures, Losses = c.Losses, Due = c.Due },
                TaskChange.Requeued c => Row(c) with { State = TaskState.Queued, Due = null },
                TaskChange.Ended c => Row(c) with { State = c.State, Failures = c.Failures, Losses = c.Losses, Due = null },
                _ => throw new NotSupportedException(change.ToString()),
            };
        }
    }

    private TaskSnapshot First(int index, TaskState state)
    {
        Assert.False(_tasks.ContainsKey(index), "A task is submitted once.");
        return new TaskSnapshot(index, state, 0, 0, 0, null);
    }

    private TaskSnapshot Row(TaskChange change) => _tasks[change.Index];
}
