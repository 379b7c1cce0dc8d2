namespace Porpoise.Core.Library;

/// <summary>What a development task is made of. The numbers are what the store holds: never reuse one.</summary>
public enum DevelopmentTaskKind
{
    /// <summary>Statements of Spark SQL.</summary>
    Sql = 0,

    /// <summary>A compiled program.</summary>
    Jar = 1,

    /// <summary>A PySpark program.</summary>
    Python = 2,
}

/// <summary>What one version of a development task says: a piece of Spark work that nodes of workflows refer to. Immutable once stored.</summary>
/// <param name="Name">Unique in the workspace.</param>
/// <param name="Kind">The same in all its versions.</param>
public sealed record DevelopmentTask(string Name, DevelopmentTaskKind Kind)
{
    /// <summary>For people; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The statements, or the text of the Python program; empty when <see cref="EntryFile"/> says where it is.</summary>
    public string Code { get; init; } = "";

    /// <summary>Where the program is: a path on the worker's machine, or an address that Spark can read (hdfs:, s3a:, https: …).</summary>
    public string EntryFile { get; init; } = "";

    /// <summary>Of a JAR; empty: its manifest names it.</summary>
    public string MainClass { get; init; } = "";

    /// <summary>What the program is given, each as one argument.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Spark's settings (<c>spark.…</c>), each name once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The catalog that SQL begins in; empty: Spark's own.</summary>
    public string Catalog { get; init; } = "";

    /// <summary>The database that SQL begins in; empty: the catalog's own.</summary>
    public string Database { get; init; } = "";
}
