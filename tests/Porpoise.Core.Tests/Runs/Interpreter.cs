using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Runs;

/// <summary>
/// What a run without a stop of the whole should come to, told the slow way: it remembers only what happened to each node, and derives every state
/// anew from that each time it is asked. It shares no idea with <see cref="Run"/>: no counters, no index, no transitions.
/// </summary>
internal sealed class Interpreter
{
    /// <summary>Who is ended by the limit of its own has failed, like one that gave up by itself.</summary>
    private const int TimedOut = 124;

    private readonly WorkflowDefinition _definition;
    private readonly FailureStrategy _strategy;
    private readonly Dictionary<TaskCode, Story> _stories;
    private bool _halted;

    public Interpreter(WorkflowDefinition definition, FailureStrategy strategy, DateTimeOffset startedAt)
    {
        _definition = definition;
        _strategy = strategy;
        _stories = definition.Tasks.ToDictionary(t => t.Code, _ => new Story());
        NoteReadiness(startedAt);
    }

    /// <summary>What it ended with; null: it goes on. A success that is forced later changes the task, and not how the run ended.</summary>
    public RunState? Result { get; private set; }

    public void Play(IEnumerable<RunEvent> history)
    {
        foreach (var e in history)
        {
            Hear(e);
            Halt();
            NoteReadiness(e.At);
            if (!_definition.Tasks.Any(t => StateOf(t) is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting))
            {
                Result ??= _definition.Tasks.All(t => t.IsDisabled || StateOf(t) == TaskState.Succeeded) ? RunState.Succeeded : RunState.Failed;
            }
        }
    }

    public TaskState StateOf(TaskDefinition task)
    {
        var story = _stories[task.Code];
        if (story.IsDone || story.Outcomes.Contains(new AttemptOutcome.Exited(0)))
        {
            return TaskState.Succeeded;
        }

        if (story.IsSwept || story.Outcomes.OfType<AttemptOutcome.Killed>().Any())
        {
            return TaskState.Killed;
        }

        if (story.Outcomes.OfType<AttemptOutcome.Exited>().Count() > task.RetryMax || story.Outcomes.OfType<AttemptOutcome.Lost>().Count() > 20)
        {
            return story.StoppedAfter is not null && story.Outcomes[^1] is AttemptOutcome.Lost ? TaskState.Killed : TaskState.Failed;
        }

        if (story.IsOpen)
        {
            return TaskState.Running;
        }

        if (_halted || Result is not null || story.StoppedAfter is not null)
        {
            return story.Outcomes.LastOrDefault() switch
            {
                AttemptOutcome.Exited => TaskState.Failed, // retries would be left, but no more
                AttemptOutcome.Lost => TaskState.Killed,
                _ => TaskState.Waiting,
            };
        }

        return (IsReady(task), task.Type == TaskTypes.Noop, story.NotBefore is not null) switch
        {
            (false, _, _) => TaskState.Waiting,
            (_, _, true) => TaskState.RetryWaiting,
            (_, true, _) => TaskState.Running,
            _ => TaskState.Queued,
        };
    }

    private bool IsReady(TaskDefinition task) => !task.IsDisabled && _definition.Edges.Where(e => e.To == task.Code).All(e => IsPassed(e.From));

    private bool IsPassed(TaskCode code)
    {
        var task = _definition.Tasks.Single(t => t.Code == code);
        return task.IsDisabled ? _definition.Edges.Where(e => e.To == code).All(e => IsPassed(e.From)) : StateOf(task) == TaskState.Succeeded;
    }

    private void Hear(RunEvent e)
    {
        switch (e)
        {
            case RunEvent.Claimed c when StateOf(Task(c.Index)) == TaskState.Queued:
                Of(c.Index).IsOpen = true;
                break;
            case RunEvent.AttemptEnded c when Of(c.Index).IsOpen && c.Attempt == Of(c.Index).AttemptsBefore + Of(c.Index).Outcomes.Count + 1:
                End(Task(c.Index), Of(c.Index), c);
                break;
            case RunEvent.NoopDue c when Task(c.Index).Type == TaskTypes.Noop && StateOf(Task(c.Index)) == TaskState.Running:
                Of(c.Index).IsDone = true;
                break;
            case RunEvent.RetryDue c when Of(c.Index).NotBefore is { } due && c.At >= due:
                Of(c.Index).NotBefore = null;
                break;
            case RunEvent.TaskStopRequested c when !_halted && Of(c.Index).StoppedAfter is null && StateOf(Task(c.Index)) is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting && !_halted:
                Of(c.Index).StoppedAfter = Of(c.Index).Outcomes.Count;
                Of(c.Index).IsSwept = !Of(c.Index).IsOpen;
                break;
            case RunEvent.SuccessForced c when StateOf(Task(c.Index)) is TaskState.Failed or TaskState.Killed && (Result is not null || !_halted):
                Of(c.Index).IsDone = true;
                break;
            case RunEvent.RerunRequested c when Result is not null && (c.Scope == RerunScope.All || Result != RunState.Succeeded):
                Restart(c.Scope);
                break;
            default:
                break;
        }
    }

    private void End(TaskDefinition task, Story story, RunEvent.AttemptEnded e)
    {
        story.IsOpen = false;
        var isTimedOut = e.Outcome is AttemptOutcome.Killed && !_halted && story.StoppedAfter is null && task.TimeLimit is { Fails: true };
        var outcome = isTimedOut ? new AttemptOutcome.Exited(TimedOut) : e.Outcome;
        story.Outcomes.Add(outcome);
        if (outcome is AttemptOutcome.Exited && task.RetryInterval > TimeSpan.Zero)
        {
            story.NotBefore = e.At + task.RetryInterval;
        }
    }

    private void Restart(RerunScope scope)
    {
        foreach (var task in _definition.Tasks.Where(t => scope == RerunScope.All || StateOf(t) != TaskState.Succeeded).ToList())
        {
            _stories[task.Code] = new Story { AttemptsBefore = _stories[task.Code].AttemptsBefore + _stories[task.Code].Outcomes.Count };
        }

        _halted = false;
        Result = null;
    }

    /// <summary>At the first failure or stop under END, whatever is active and has no process is killed where it stands.</summary>
    private void Halt()
    {
        if (!_halted && Result is null && _strategy == FailureStrategy.End && _definition.Tasks.Any(t => StateOf(t) == TaskState.Failed || (StateOf(t) == TaskState.Killed && _stories[t.Code].StoppedAfter is not null)))
        {
            var active = _definition.Tasks.Where(t => !_stories[t.Code].IsOpen && StateOf(t) is TaskState.Queued or TaskState.RetryWaiting || (t.Type == TaskTypes.Noop && StateOf(t) == TaskState.Running)).ToList();
            _halted = true;
            active.ForEach(t => _stories[t.Code].IsSwept = true);
        }
    }

    /// <summary>A delay counts from the moment at which the node could have been run.</summary>
    private void NoteReadiness(DateTimeOffset at)
    {
        foreach (var task in _definition.Tasks.Where(t => !_halted && Result is null && !_stories[t.Code].WasReady && IsReady(t)))
        {
            _stories[task.Code].WasReady = true;
            _stories[task.Code].NotBefore = task.Delay > TimeSpan.Zero ? at + task.Delay : null;
        }
    }

    private TaskDefinition Task(int index) => _definition.Tasks[index];

    private Story Of(int index) => _stories[Task(index).Code];

    /// <summary>What happened to a node since it was last begun.</summary>
    private sealed class Story
    {
        public int AttemptsBefore { get; init; }

        public List<AttemptOutcome> Outcomes { get; } = [];

        public bool IsOpen { get; set; }

        /// <summary>A NOOP that was completed, or a success that was forced.</summary>
        public bool IsDone { get; set; }

        public bool IsSwept { get; set; }

        public bool WasReady { get; set; }

        /// <summary>How many attempts had ended when somebody stopped it.</summary>
        public int? StoppedAfter { get; set; }

        public DateTimeOffset? NotBefore { get; set; }
    }
}
