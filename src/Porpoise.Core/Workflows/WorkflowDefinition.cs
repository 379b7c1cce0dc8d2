namespace Porpoise.Core.Workflows;

/// <summary>What one version of a workflow definition says. Immutable once stored.</summary>
/// <param name="Name">Unique in the workspace.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Tasks">The nodes; a node's position here is its index everywhere else.</param>
/// <param name="Edges">Which node waits for which.</param>
/// <param name="Locations">Where an editor drew the nodes (DolphinScheduler's JSON text, kept as it came); never changes what runs.</param>
public sealed record WorkflowDefinition(
    string Name,
    string Description,
    IReadOnlyList<TaskDefinition> Tasks,
    IReadOnlyList<Edge> Edges,
    string Locations);

/// <summary>One node of a workflow definition.</summary>
/// <param name="Code">Unique inside the definition.</param>
/// <param name="Name">Unique inside the definition.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Type">One of <see cref="TaskTypes"/>.</param>
/// <param name="Params">The node's taskParams as JSON text, as the client sent them.</param>
/// <param name="RetryMax">How many attempts may follow a failed one.</param>
/// <param name="RetryInterval">How long to wait before each of them.</param>
/// <param name="Priority">Against other tasks of runs with the same priority.</param>
public sealed record TaskDefinition(
    TaskCode Code,
    string Name,
    string Description,
    string Type,
    string Params,
    int RetryMax,
    TimeSpan RetryInterval,
    Priority Priority);

/// <summary><paramref name="To"/> starts only after <paramref name="From"/> has succeeded.</summary>
public readonly record struct Edge(TaskCode From, TaskCode To);
