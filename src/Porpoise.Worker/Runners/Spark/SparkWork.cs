using Porpoise.Core.Library;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>What is to be submitted, read from a node and ready to be handed to Spark: the values of parameters are in it.</summary>
internal sealed record SparkWork(string Name, DevelopmentTaskKind Kind)
{
    /// <summary>The text of a Python program; empty: <see cref="EntryFile"/> says where it is.</summary>
    public string Code { get; init; } = "";

    public string EntryFile { get; init; } = "";

    public string MainClass { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Of SQL.</summary>
    public IReadOnlyList<SqlStatement> Statements { get; init; } = [];

    public string Catalog { get; init; } = "";

    public string Database { get; init; } = "";

    /// <summary>Spark's settings; of two with one name the later one counts.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Options for spark-submit itself, as they are.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public required string Master { get; init; }

    public required bool InCluster { get; init; }
}

/// <summary>One statement of Spark SQL.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Text">Without the semicolon.</param>
internal sealed record SqlStatement(int Line, string Text);
