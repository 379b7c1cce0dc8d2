namespace Porpoise.Core.Workflows;

/// <summary>A member of a node's taskParams, of an object in it, or (with an empty name) an element of a list in it.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Kind">What its value must be.</param>
public sealed record TaskParameter(string Name, TaskParameterKind Kind)
{
    /// <summary>True: a node of the type cannot be without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Narrows <see cref="IsRequired"/>: only when another member beside it is one of these words.</summary>
    public (string Name, string[] Words)? When { get; init; }

    /// <summary>True: then, and only then, the whole row holds; a row before it says what the value must be otherwise.</summary>
    public bool IsOnlyThen { get; init; }

    /// <summary>True: an empty text is a value too, and not the lack of one.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>The values it takes, in any case; empty: any.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Of a whole number: the least it may be. Null: any.</summary>
    public long? Min { get; init; }

    /// <summary>Of a whole number: the most it may be. Null: any.</summary>
    public long? Max { get; init; }

    /// <summary>Characters that a text may have.</summary>
    public int LengthMax { get; init; } = WorkflowLimits.ParamsLengthMax;

    /// <summary>What each element of a list must be; null: anything.</summary>
    public TaskParameter? Item { get; init; }

    /// <summary>What an object must have.</summary>
    public IReadOnlyList<TaskParameter> Members { get; init; } = [];

    /// <summary>What it takes, for people, where more is to be said than the kind does.</summary>
    public string? Takes { get; init; }
}

/// <summary>What a member's value must be. Numbers and booleans may come as text and stand for one, and a text may refer to parameters (<c>${name}</c>), which nobody knows before the run.</summary>
public enum TaskParameterKind
{
    Text,
    Integer,

    /// <summary>With or without a fraction.</summary>
    Number,
    Boolean,

    /// <summary>An amount of memory, more than none: a whole number, or one with a unit such as 4g.</summary>
    Size,

    /// <summary>The id of a data source of the workspace.</summary>
    DataSource,

    /// <summary>A text for a database, and no number that stands for one.</summary>
    Statement,

    /// <summary>Where a request goes: http or https.</summary>
    Address,

    /// <summary>A status code of HTTP, or several with commas.</summary>
    StatusCodes,

    /// <summary>The name of a setting of Spark, written out: a value in it could choose another setting.</summary>
    SettingName,
    List,
    Object,

    /// <summary>An object, or its JSON as text.</summary>
    ObjectOrText,
}
