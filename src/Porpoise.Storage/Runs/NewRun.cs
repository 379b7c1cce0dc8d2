using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Runs;

/// <summary>A run to be written.</summary>
/// <param name="Workspace">Where it belongs.</param>
/// <param name="Workflow">The definition.</param>
/// <param name="Version">The version that the run is pinned to.</param>
/// <param name="Name">Name shown to people: definition, version and start time.</param>
/// <param name="FailureStrategy">What a failed task does to the rest.</param>
/// <param name="Priority">Against other runs in a worker group's backlog.</param>
/// <param name="IsProduction">The published version on a production queue, rather than the newest saved one.</param>
/// <param name="Queue">The queue it runs in.</param>
/// <param name="StartedBy">Name of the principal.</param>
/// <param name="Remarks">JSON object of what the caller noted down (comments and the like); shown, never acted upon.</param>
/// <param name="TaskCount">Size of the block of task ids to reserve.</param>
/// <param name="StartedAt">When the start was asked for.</param>
/// <param name="Decision">What the run decided at its start.</param>
/// <param name="Idempotency">Makes a repeated call give the first one's run; null without a token.</param>
/// <param name="Nonce">The signed call's nonce, used up by this commit; null for other calls.</param>
public sealed record NewRun(
    WorkspaceId Workspace,
    WorkflowCode Workflow,
    int Version,
    string Name,
    FailureStrategy FailureStrategy,
    Priority Priority,
    bool IsProduction,
    string Queue,
    string StartedBy,
    string Remarks,
    int TaskCount,
    DateTimeOffset StartedAt,
    Decision Decision,
    IdempotencyKey? Idempotency,
    NonceRow? Nonce)
{
    /// <summary>True: the caller named the queue, and nodes that name another go into it too.</summary>
    public bool QueueIsChosen { get; init; }

    /// <summary>The worker group of the nodes that name none.</summary>
    public string WorkerGroup { get; init; } = StandardWorkerGroup.Name;

    /// <summary>JSON object of the start parameters, name to value; empty when there are none.</summary>
    public string StartParams { get; init; } = "";

    /// <summary>The moment that its time parameters stand for; null: that of its start.</summary>
    public DateTimeOffset? ScheduleTime { get; init; }

    /// <summary>IANA name of the zone in which its time parameters are written.</summary>
    public string TimeZone { get; init; } = ScheduleParser.DefaultTimeZone;

    /// <summary>Which version of each development task the run takes; see <see cref="Library.LibraryPins"/>.</summary>
    public string LibraryPins { get; init; } = "";

    /// <summary>Sets variables for the nodes that name no environment.</summary>
    public EnvironmentCode Environment { get; init; }
}

/// <summary>A caller's token for a call that must have one effect however often it is sent.</summary>
/// <param name="Principal">Who calls.</param>
/// <param name="Operation">Which operation; the same token may serve another one.</param>
/// <param name="Token">The caller's own text.</param>
/// <param name="ParametersHash">Hash of everything that the call says: the same token with other parameters is a mistake.</param>
/// <param name="ForgetBefore">Tokens used before this time no longer count.</param>
public sealed record IdempotencyKey(string Principal, string Operation, string Token, string ParametersHash, DateTimeOffset ForgetBefore);

/// <summary>What came of <see cref="IRunStore.StartRunAsync"/>.</summary>
public abstract record StartRunResult
{
    private StartRunResult()
    {
    }

    /// <summary>The run is durable, and the caller is its owner.</summary>
    public sealed record Started(RunId Run, int FirstTaskId, OwnerEpoch Epoch) : StartRunResult;

    /// <summary>The same call was made before: this is its run.</summary>
    public sealed record Repeated(RunId Run) : StartRunResult;

    /// <summary>The token was used for a call with other parameters.</summary>
    public sealed record TokenMismatch : StartRunResult;

    /// <summary>The version was deleted after the caller had looked it up.</summary>
    public sealed record VersionGone : StartRunResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : StartRunResult;
}
