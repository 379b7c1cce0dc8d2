namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Which Spark, and where it runs. The server hands it to attempts as variables, which an environment of the task may replace.
/// </summary>
public sealed record SparkSettings
{
    public const string HomeVariable = "SPARK_HOME";
    public const string MasterVariable = "PORPOISE_SPARK_MASTER";
    public const string DeployModeVariable = "PORPOISE_SPARK_DEPLOY_MODE";
    public const string RestVariable = "PORPOISE_SPARK_REST_URL";
    public const string YarnVariable = "PORPOISE_SPARK_YARN_URL";

    /// <summary>Of the server's own variables, those that a Spark installation needs; attempts of Spark tasks get them.</summary>
    public static readonly IReadOnlyList<string> Passed = ["JAVA_HOME", "SPARK_CONF_DIR", "HADOOP_CONF_DIR", "YARN_CONF_DIR", "HADOOP_HOME", "KUBECONFIG", "PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"];

    /// <summary>The folder of the Spark distribution; empty: none.</summary>
    public string Home { get; init; } = "";

    /// <summary>Where work runs that names no master.</summary>
    public string Master { get; init; } = "local[*]";

    /// <summary>Where the driver of such work runs: <c>client</c> is the worker's machine, <c>cluster</c> the cluster.</summary>
    public string DeployMode { get; init; } = "client";

    /// <summary>Of a standalone master's REST gateway; empty: port 6066 of the master's machine.</summary>
    public string RestUrl { get; init; } = "";

    /// <summary>Of YARN's resource manager, such as http://rm:8088; empty: none is known.</summary>
    public string YarnUrl { get; init; } = "";

    /// <summary>What the task's process finds in its environment.</summary>
    public static SparkSettings Read(Func<string, string?> variable)
    {
        var standard = new SparkSettings();
        return new SparkSettings
        {
            Home = Given(HomeVariable, ""),
            Master = Given(MasterVariable, standard.Master),
            DeployMode = Given(DeployModeVariable, standard.DeployMode),
            RestUrl = Given(RestVariable, ""),
            YarnUrl = Given(YarnVariable, ""),
        };

        string Given(string name, string otherwise) => variable(name) is { Length: > 0 } value ? value : otherwise;
    }

    /// <summary>The variables of an attempt, <c>NAME=value</c>.</summary>
    public IEnumerable<string> Write() => new[]
    {
        (HomeVariable, Home), (MasterVariable, Master), (DeployModeVariable, DeployMode), (RestVariable, RestUrl), (YarnVariable, YarnUrl),
    }
    .Concat(Passed.Select(name => (name, Environment.GetEnvironmentVariable(name) ?? ""))).Where(v => v.Item2.Length > 0).Select(v => $"{v.Item1}={v.Item2}");
}
