using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Library;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;

namespace Porpoise.Engine;

/// <summary>A run to be started: everything has been checked, and the version is pinned.</summary>
public sealed record StartOrder(
    WorkspaceId Workspace,
    CompiledVersion Version,
    FailureStrategy FailureStrategy,
    Priority Priority,
    bool IsProduction,
    string Queue,
    string StartedBy,
    string Remarks,
    IdempotencyKey? Idempotency,
    NonceRow? Nonce)
{
    /// <summary>True: the caller named the queue, and nodes that name another go into it too.</summary>
    public bool QueueIsChosen { get; init; }

    /// <summary>Sets variables for the nodes that name no environment.</summary>
    public EnvironmentCode Environment { get; init; }

    /// <summary>The worker group of the nodes that name none.</summary>
    public string WorkerGroup { get; init; } = StandardWorkerGroup.Name;

    /// <summary>JSON object of the start parameters, name to value; empty when there are none. They stay as they are for the whole run.</summary>
    public string StartParams { get; init; } = "";

    /// <summary>The moment that its time parameters stand for; null: that of its start.</summary>
    public DateTimeOffset? ScheduleTime { get; init; }

    /// <summary>IANA name of the zone in which its time parameters are written.</summary>
    public string TimeZone { get; init; } = ScheduleParser.DefaultTimeZone;

    /// <summary>The versions of development tasks that its nodes take.</summary>
    public PinnedLibrary Library { get; init; } = PinnedLibrary.None;
}
