namespace Porpoise.Core.Workflows;

/// <summary>One thing that is wrong with a definition.</summary>
/// <param name="Kind">Which rule it breaks.</param>
/// <param name="Place">Where: a node, an edge or a field of the definition.</param>
/// <param name="Message">What is wrong there, and what would be right.</param>
public sealed record Offence(OffenceKind Kind, string Place, string Message)
{
    /// <summary>The index of a node that it is about, where the place names none: of a circle, one on it.</summary>
    public int? Node { get; init; }
}

public enum OffenceKind
{
    /// <summary>The text in which the definition is written cannot be read there.</summary>
    Unreadable,
    Empty,
    TooLarge,
    BadName,
    DuplicateName,
    BadCode,
    DuplicateCode,
    UnknownTaskType,

    /// <summary>A member that the task type needs is not in taskParams.</summary>
    MissingTaskParameter,

    /// <summary>A member of taskParams has a value that the task type does not take.</summary>
    BadTaskParameter,
    BadRetry,
    BadTimeLimit,
    BadDelay,

    /// <summary>All of its nodes are disabled.</summary>
    NothingToRun,
    BadParallelism,
    UnknownQueue,
    UnknownWorkerGroup,
    UnknownEnvironment,
    UnknownDataSource,
    BadParameterName,
    DuplicateParameter,
    BadTag,
    BadSchedule,
    UnknownNode,
    SelfEdge,
    Cycle,
}
