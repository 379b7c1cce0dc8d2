using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Runs;

/// <summary>
/// What a run without a stop should come to, told the slow way: it remembers only what happened to each node, and derives every state
/// anew from that each time it is asked. It shares no idea with <see cref="Run"/>: no counters, no index, no transitions.
/// </summary>
internal sealed class Interpreter(WorkflowDefinition definition, FailureStrategy strategy)
{
    private readonly Dictionary<TaskCode, List<AttemptOutcome>> _outcomes = definition.Tasks.ToDictionary(t => t.Code, _ => new List<AttemptOutcome>());
    private readonly HashSet<TaskCode> _open = [];
    private readonly HashSet<TaskCode> _noopsDone = [];
    private readonly HashSet<TaskCode> _swept = [];
    private readonly Dictionary<TaskCode, DateTimeOffset> _notBefore = [];
    private bool _halted;

    public RunState Result => definition.Tasks.All(t => StateOf(t) == TaskState.Succeeded) ? RunState.Succeeded : RunState.Failed;

    public bool IsOver => !definition.Tasks.Any(t => StateOf(t) is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting);

    public void Play(IEnumerable<RunEvent> history)
    {
        foreach (var e in history)
        {
            Hear(e);
            Halt();
        }
    }

    public TaskState StateOf(TaskDefinition task)
    {
        var outcomes = _outcomes[task.Code];
        if (_noopsDone.Contains(task.Code) || outcomes.Contains(new AttemptOutcome.Exited(0)))
        {
            return TaskState.Succeeded;
        }

        if (_swept.Contains(task.Code) || outcomes.OfType<AttemptOutcome.Killed>().Any())
        {
            return TaskState.Killed;
        }

        if (outcomes.OfType<AttemptOutcome.Exited>().Count() > task.RetryMax || outcomes.OfType<AttemptOutcome.Lost>().Count() > 20)
        {
            return TaskState.Failed;
        }

        if (_open.Contains(task.Code))
        {
            return TaskState.Running;
        }

        if (_halted)
        {
            return outcomes.LastOrDefault() switch
            {
                AttemptOutcome.Exited => TaskState.Failed, // retries would be left, but the run is over
                AttemptOutcome.Lost => TaskState.Killed,
                _ => TaskState.Waiting,
            };
        }

        var ready = definition.Edges.Where(e => e.To == task.Code).All(e => StateOf(definition.Tasks.Single(t => t.Code == e.From)) == TaskState.Succeeded);
        return (ready, task.Type == TaskTypes.Noop, _notBefore.ContainsKey(task.Code)) switch
        {
            (false, _, _) => TaskState.Waiting,
            (_, true, _) => TaskState.Running,
            (_, _, true) => TaskState.RetryWaiting,
            _ => TaskState.Queued,
        };
    }

    private void Hear(RunEvent e)
    {
        switch (e)
        {
            case RunEvent.Claimed c when StateOf(Task(c.Index)) == TaskState.Queued:
                _open.Add(Code(c.Index));
                break;
            case RunEvent.AttemptEnded c when _open.Contains(Code(c.Index)) && c.Attempt == _outcomes[Code(c.Index)].Count + 1:
                _open.Remove(Code(c.Index));
                _outcomes[Code(c.Index)].Add(c.Outcome);
                if (c.Outcome is AttemptOutcome.Exited && Task(c.Index).RetryInterval > TimeSpan.Zero)
                {
                    _notBefore[Code(c.Index)] = c.At + Task(c.Index).RetryInterval;
                }

                break;
            case RunEvent.NoopDue c when Task(c.Index).Type == TaskTypes.Noop && StateOf(Task(c.Index)) == TaskState.Running:
                _noopsDone.Add(Code(c.Index));
                break;
            case RunEvent.RetryDue c when _notBefore.TryGetValue(Code(c.Index), out var due) && c.At >= due:
                _notBefore.Remove(Code(c.Index));
                break;
            default:
                break;
        }
    }

    /// <summary>At the first failure under END, whatever is active and has no process is killed where it stands.</summary>
    private void Halt()
    {
        if (!_halted && strategy == FailureStrategy.End && definition.Tasks.Any(t => StateOf(t) == TaskState.Failed))
        {
            var active = definition.Tasks.Where(t => !_open.Contains(t.Code) && StateOf(t) is TaskState.Queued or TaskState.RetryWaiting || (t.Type == TaskTypes.Noop && StateOf(t) == TaskState.Running)).ToList();
            _halted = true;
            _swept.UnionWith(active.Select(t => t.Code));
        }
    }

    private TaskDefinition Task(int index) => definition.Tasks[index];

    private TaskCode Code(int index) => definition.Tasks[index].Code;
}
