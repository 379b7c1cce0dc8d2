namespace Porpoise.Core.Workflows;

/// <summary>A member of a node's taskParams.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Kind">What its value must be.</param>
public sealed record TaskParameter(string Name, TaskParameterKind Kind)
{
    /// <summary>True: a node of the type cannot be without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Narrows <see cref="IsRequired"/>: only when another member is one of these words.</summary>
    public (string Name, string[] Words)? When { get; init; }

    /// <summary>The values it takes, in any case; empty: any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Characters that a text may have.</summary>
    public int LengthMax { get; init; } = WorkflowLimits.ParamsLengthMax;
}

/// <summary>What a member's value must be. Numbers and booleans may come as text, and any text may refer to parameters (<c>${name}</c>), which nobody knows before the run.</summary>
public enum TaskParameterKind
{
    Text,
    Integer,

    /// <summary>With or without a fraction.</summary>
    Number,
    Boolean,

    /// <summary>An amount of memory: a whole number, or one with a unit such as 4g.</summary>
    Size,
    List,
    Object,

    /// <summary>An object, or its JSON as text.</summary>
    ObjectOrText,
}
