using System.CommandLine;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Commands;

/// <summary>The options of <c>porpoise serve</c> that say where Spark tasks run. Each is taken from a variable when it is not given.</summary>
internal sealed class SparkOptions
{
    private readonly VariableOption _home = New("--spark-home", SparkSettings.HomeVariable, "The folder of a Spark distribution; without one, runs with Spark nodes are refused");
    private readonly VariableOption _master = New("--spark-master", SparkSettings.MasterVariable, "Where Spark tasks run that name no master: local[*], yarn, spark://HOST:PORT or k8s://HOST:PORT", new SparkSettings().Master);
    private readonly VariableOption _deployMode = New("--spark-deploy-mode", SparkSettings.DeployModeVariable, "Where the drivers of such tasks run: client (this machine) or cluster", new SparkSettings().DeployMode);
    private readonly VariableOption _restUrl = New("--spark-rest-url", SparkSettings.RestVariable, "The REST gateway of a standalone master; without it port 6066 of the master's machine");
    private readonly VariableOption _yarnUrl = New("--spark-yarn-url", SparkSettings.YarnVariable, "The web address of YARN's resource manager, such as http://rm:8088; needed for YARN in cluster mode");

    public void AddTo(Command command)
    {
        _deployMode.AcceptOnlyFromAmong("client", "cluster");
        foreach (var option in (ReadOnlySpan<Option<string?>>)[_home, _master, _deployMode, _restUrl, _yarnUrl])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Null: no Spark is configured.</summary>
    public SparkSettings? Read(ParseResult parsed)
    {
        var variables = new Dictionary<string, string?>
        {
            [SparkSettings.HomeVariable] = parsed.GetValue(_home),
            [SparkSettings.MasterVariable] = parsed.GetValue(_master),
            [SparkSettings.DeployModeVariable] = parsed.GetValue(_deployMode),
            [SparkSettings.RestVariable] = parsed.GetValue(_restUrl),
            [SparkSettings.YarnVariable] = parsed.GetValue(_yarnUrl),
        };
        var settings = SparkSettings.Read(name => variables[name] ?? Environment.GetEnvironmentVariable(name));
        return settings.Home.Length > 0 ? settings with { Home = Path.GetFullPath(settings.Home) } : null;
    }

    private static VariableOption New(string name, string variable, string description, string? otherwise = null) =>
        new(name, variable, description) { DefaultInWords = otherwise };
}
