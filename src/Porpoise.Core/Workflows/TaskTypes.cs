using System.Collections.Frozen;

namespace Porpoise.Core.Workflows;

/// <summary>The task types that a definition may have. Most can be written down, but not run by this version.</summary>
public static class TaskTypes
{
    /// <summary>Does nothing: a point where branches meet. Completed by the engine itself, in a commit of its own.</summary>
    public const string Noop = "NOOP";

    /// <summary>Runs a script with the machine's shell, in a process of its own.</summary>
    public const string Shell = "SHELL";

    /// <summary>Sends an HTTP request and checks the answer.</summary>
    public const string Http = "HTTP";

    /// <summary>Runs statements in a database that a data source names.</summary>
    public const string Sql = "SQL";

    /// <summary>Runs statements in DuckDB, which is part of this program, over files.</summary>
    public const string DuckDb = "DUCKDB";

    /// <summary>Runs a script with the machine's Python, or that of the node's environment, in a process of its own.</summary>
    public const string Python = "PYTHON";

    /// <summary>DolphinScheduler's Spark work: SQL, a JAR or a Python program.</summary>
    public const string Spark = "SPARK";

    /// <summary>A job of the cloud service. Its operations show this spelling and one with hyphens; this one is stored.</summary>
    public const string EmrServerlessSpark = "EMR_SERVERLESS_SPARK";

    private const string EmrServerlessSparkWithHyphens = "EMR-SERVERLESS-SPARK";

    /// <summary>DolphinScheduler's of all versions, and the three beside them; in their first spelling.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Shell, Noop, EmrServerlessSpark,
        Sql, Http, DuckDb,
        Python, "PROCEDURE", Spark, "FLINK", "FLINK_STREAM", "MR", "JAVA", "HIVECLI", "REMOTESHELL", "DINKY", "CHUNJUN",
        "SUB_PROCESS", "SUB_WORKFLOW", "DEPENDENT", "CONDITIONS", "SWITCH", "DYNAMIC", "BLOCKING",
        "SQOOP", "DATAX", "SEATUNNEL", "WATERDROP", "DATASYNC", "DMS", "DATA_QUALITY",
        "EMR", "K8S", "DATA_FACTORY", "ALIYUN_SERVERLESS_SPARK", "SAGEMAKER",
        "JUPYTER", "ZEPPELIN", "MLFLOW", "OPENMLDB", "DVC", "PYTORCH", "KUBEFLOW", "LINKIS", "PIGEON",
    ];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True when a definition may have nodes of the type.</summary>
    public static bool IsKnown(string type) => Known.Contains(Canonical(type));

    /// <summary>True when this version can run nodes of the type; a run with others is refused before anything is written.</summary>
    public static bool IsRunnable(string type) => type is Noop or Shell or Python or Http or Sql or DuckDb || IsSpark(type);

    /// <summary>True when nodes of the type need a Spark.</summary>
    public static bool IsSpark(string type) => type is Spark or EmrServerlessSpark;

    /// <summary>True when what the task writes into its log can be its output parameters: not where the log shows rows of a database, or what a server answered.</summary>
    public static bool GivesInLog(string type) => type is not (Http or Sql or DuckDb);

    /// <summary>The spelling in which a type is stored.</summary>
    public static string Canonical(string type) => type == EmrServerlessSparkWithHyphens ? EmrServerlessSpark : type;
}
