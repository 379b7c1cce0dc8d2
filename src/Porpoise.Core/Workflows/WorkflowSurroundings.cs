using System.Collections.Frozen;
using Porpoise.Core.Environments;
using Porpoise.Core.Queues;

namespace Porpoise.Core.Workflows;

/// <summary>What a definition may refer to outside itself.</summary>
/// <param name="Queues">Names of the workspace's queues; null: nobody knows them here.</param>
public sealed record WorkflowSurroundings(IReadOnlySet<string>? Queues)
{
    /// <summary>All there are: they belong to no workspace. Null: nobody knows them here.</summary>
    public IReadOnlySet<EnvironmentCode>? Environments { get; init; } = FrozenSet<EnvironmentCode>.Empty;

    /// <summary>Ids of the workspace's data sources; null: nobody knows them here.</summary>
    public IReadOnlySet<int>? DataSources { get; init; } = FrozenSet<int>.Empty;

    /// <summary>Names of the worker groups.</summary>
    public IReadOnlySet<string> WorkerGroups { get; init; } = new[] { StandardWorkerGroup.Name }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Nothing is known about the workspace, as on the machine of somebody who writes a definition.</summary>
    public static WorkflowSurroundings Unknown { get; } = new(Queues: null) { Environments = null, DataSources = null };

    /// <summary>A workspace as it is created.</summary>
    public static WorkflowSurroundings Standard { get; } =
        new(new[] { StandardQueues.Production, StandardQueues.Development }.ToFrozenSet(StringComparer.Ordinal));
}
