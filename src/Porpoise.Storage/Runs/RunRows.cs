using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Schedules;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Runs;

/// <summary>A run as its row says it.</summary>
public sealed record RunRow(
    RunId Id,
    WorkspaceId Workspace,
    WorkflowCode Workflow,
    int Version,
    string Name,
    RunState State,
    FailureStrategy FailureStrategy,
    Priority Priority,
    bool IsProduction,
    string Queue,
    string StartedBy,
    string Remarks,
    int FirstTaskId,
    int TaskCount,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt)
{
    /// <summary>True: the caller named the queue, and nodes that name another went into it too.</summary>
    public bool QueueIsChosen { get; init; }

    /// <summary>The worker group of the nodes that name none.</summary>
    public string WorkerGroup { get; init; } = StandardWorkerGroup.Name;

    /// <summary>How often it was run again.</summary>
    public int Restarts { get; init; }

    /// <summary>The last time; null: never.</summary>
    public RunRestart? Restart { get; init; }

    /// <summary>When it began, or began anew: its time limit counts from there.</summary>
    public DateTimeOffset BegunAt => Restart?.At ?? StartedAt;

    /// <summary>JSON object of the start parameters, name to value; empty when there are none.</summary>
    public string StartParams { get; init; } = "";

    /// <summary>The moment that its time parameters stand for; null: that of its start.</summary>
    public DateTimeOffset? ScheduleTime { get; init; }

    /// <summary>IANA name of the zone in which its time parameters are written.</summary>
    public string TimeZone { get; init; } = ScheduleParser.DefaultTimeZone;

    public ParameterTime Time => new(ScheduleTime ?? StartedAt, TimeZone);

    /// <summary>Which version of each development task the run takes; see <see cref="Library.LibraryPins"/>.</summary>
    public string LibraryPins { get; init; } = "";

    /// <summary>Sets variables for the nodes that name no environment.</summary>
    public EnvironmentCode Environment { get; init; }
}

/// <summary>A task instance as its row says it, with its newest attempt.</summary>
public sealed record TaskRow(
    TaskId Id,
    RunId Run,
    int Index,
    WorkflowCode Workflow,
    int Version,
    TaskState State,
    int Attempt,
    int Failures,
    int Losses,
    int? ExitCode,
    string Message,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? Due)
{
    /// <summary>Somebody asked for its end.</summary>
    public bool IsStopRequested { get; init; }

    /// <summary>It did not succeed by itself: somebody said that it counts as if it had.</summary>
    public bool IsForced { get; init; }

    /// <summary>JSON object of what it gave to the tasks after it; null: nothing.</summary>
    public string? Outputs { get; init; }
}

/// <summary>A run with everything that its owner needs to go on with it.</summary>
public sealed record OwnedRun(RunRow Row, OwnerEpoch Epoch, IReadOnlyList<TaskSnapshot> Tasks);

/// <summary>What start-up needs to know of an unfinished run: which of its tasks are active. Idle drivers stay on disk.</summary>
public sealed record UnfinishedRun(RunId Run, int FirstTaskId, RunState State, Priority Priority, IReadOnlyList<TaskSnapshot> ActiveTasks)
{
    public required WorkspaceId Workspace { get; init; }

    public required WorkflowCode Workflow { get; init; }

    public required int Version { get; init; }

    public required bool IsProduction { get; init; }

    public required string Queue { get; init; }

    public required bool QueueIsChosen { get; init; }

    public required string WorkerGroup { get; init; }

    /// <summary>When it began, or began anew.</summary>
    public required DateTimeOffset BegunAt { get; init; }
}
