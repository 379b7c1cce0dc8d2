using Porpoise.Core.Runs;
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
    DateTimeOffset? EndedAt);

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
    DateTimeOffset? Due);

/// <summary>A run with everything that its owner needs to go on with it.</summary>
public sealed record OwnedRun(RunRow Row, OwnerEpoch Epoch, IReadOnlyList<TaskSnapshot> Tasks);

/// <summary>What start-up needs to know of an unfinished run: which of its tasks are active. Idle drivers stay on disk.</summary>
public sealed record UnfinishedRun(RunId Run, int FirstTaskId, RunState State, Priority Priority, IReadOnlyList<TaskSnapshot> ActiveTasks);
