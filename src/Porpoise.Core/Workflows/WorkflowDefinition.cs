using Porpoise.Core.Environments;
using Porpoise.Core.Parameters;

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
    string Locations)
{
    /// <summary>Values for all nodes.</summary>
    public IReadOnlyList<Parameter> GlobalParams { get; init; } = [];

    /// <summary>How long a run may take; null: as long as it likes.</summary>
    public TimeLimit? TimeLimit { get; init; }

    /// <summary>How many tasks of one run may run at once; 0: as many as there are slots.</summary>
    public int ParallelismMax { get; init; }

    /// <summary>The queue of nodes that name none; empty: the standard queue of the run's environment.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Kept and shown: who is told when a run fails; may be empty.</summary>
    public string AlertEmail { get; init; } = "";

    /// <summary>Kept and shown: the user id that the cloud would run it as; may be empty.</summary>
    public string RunAs { get; init; } = "";

    /// <summary>Kept and shown: the region to which the call that saved this version was sent; may be empty. It is about the call, and no part of the content that the hash names.</summary>
    public string RegionId { get; init; } = "";

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Kept and shown: names of edges; most have none.</summary>
    public IReadOnlyList<EdgeName> EdgeNames { get; init; } = [];
}

/// <summary>One node of a workflow definition.</summary>
/// <param name="Code">Unique inside the definition.</param>
/// <param name="Name">Unique inside the definition.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Type">One of <see cref="TaskTypes"/>, in its first spelling.</param>
/// <param name="Params">The node's taskParams as JSON text, as the client sent them.</param>
/// <param name="RetryMax">How many attempts may follow a failed one.</param>
/// <param name="RetryInterval">How long to wait before each of them.</param>
/// <param name="Priority">Against other tasks of its run.</param>
public sealed record TaskDefinition(
    TaskCode Code,
    string Name,
    string Description,
    string Type,
    string Params,
    int RetryMax,
    TimeSpan RetryInterval,
    Priority Priority)
{
    /// <summary>Values for this node only; they win over the workflow's.</summary>
    public IReadOnlyList<Parameter> LocalParams { get; init; } = [];

    /// <summary>The names of its parameters of direction <see cref="ParameterDirection.Out"/>: what it gives to the tasks after it.</summary>
    public IReadOnlyList<string> ListOutputNames() =>
        LocalParams.Count == 0 ? [] : [.. LocalParams.Where(p => p.Direction == ParameterDirection.Out).Select(p => p.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>How long one attempt may take; null: as long as it likes.</summary>
    public TimeLimit? TimeLimit { get; init; }

    /// <summary>How long it waits once what it waits for has succeeded.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True: it is not run, and whatever waits for it waits for what it would wait for.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The worker group that runs it; empty: the run's.</summary>
    public string WorkerGroup { get; init; } = "";

    /// <summary>The queue it counts in, in production runs; empty: the run's.</summary>
    public string Queue { get; init; } = "";

    /// <summary>Sets variables of its attempts; none: the run's does.</summary>
    public EnvironmentCode Environment { get; init; }

    /// <summary>Kept and shown: who is told; may be empty.</summary>
    public string AlertEmail { get; init; } = "";

    /// <summary>Kept and shown: a mail when the node starts.</summary>
    public bool AlertOnStart { get; init; }

    /// <summary>Kept and shown: a mail when the node fails.</summary>
    public bool AlertOnFailure { get; init; }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];
}

/// <summary>What a client calls an edge.</summary>
/// <param name="Edge">From code 0: the row that DolphinScheduler has for a root.</param>
/// <param name="Name">Not empty.</param>
public readonly record struct EdgeName(Edge Edge, string Name);

/// <summary><paramref name="To"/> starts only after <paramref name="From"/> has succeeded.</summary>
public readonly record struct Edge(TaskCode From, TaskCode To);
