using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Porpoise.Core.DataSources;
using Porpoise.Core.Parameters;
using Porpoise.Worker.Runners;
using Porpoise.Worker.Runners.DuckDb;
using Porpoise.Worker.Runners.Sql;
using Porpoise.Worker.Tests.Databases;

namespace Porpoise.Worker.Tests.Runners.Sql;

/// <summary>Which database a test is run in.</summary>
public enum Engine
{
    PostgreSql,
    MariaDb,
    Sqlite,
    DuckDb,
}

/// <summary>Scripts run in each database by the same code that runs tasks.</summary>
public abstract class SqlTestBench(DatabaseServers servers) : IDisposable
{
    public static TheoryData<Engine> Engines { get; } = [.. Enum.GetValues<Engine>()];

    /// <summary>Where a text that is run as a command of the shell would leave its mark.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("porpoise-sql-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected Task<Ran> RunAsync(Engine engine, string sql, IReadOnlyDictionary<string, string>? values = null, params Parameter[] local) =>
        RunAsync(engine, new JsonObject { ["sql"] = sql }, values, default, local);

    private protected async Task<Ran> RunAsync(Engine engine, JsonObject taskParams, IReadOnlyDictionary<string, string>? values, CancellationToken ct, params Parameter[] local)
    {
        if (engine == Engine.DuckDb)
        {
            taskParams["database"] = Path.Combine(Folder, "d.duckdb");
            var settings = new JobSettings { DuckDbFolders = [Folder] };
            return await JobBench.RunAsync(new DuckDbJob(), JobBench.JobOf("DUCKDB", taskParams, values, local) with { Settings = settings }, ct);
        }

        var access = await AccessAsync(engine);
        return await JobBench.RunAsync(new SqlJob(), JobOf(access.Settings.Type, taskParams, values, local) with { DataSource = access }, ct);
    }

    /// <summary>A job for such a data source, unless its taskParams say another.</summary>
    private protected static Job JobOf(DataSourceType type, JsonObject taskParams, IReadOnlyDictionary<string, string>? values = null, params Parameter[] local)
    {
        taskParams["type"] ??= DataSourceTypes.NameOf(type);
        taskParams["datasource"] ??= 1;
        return JobBench.JobOf("SQL", taskParams, values, local);
    }

    protected async Task<DataSourceAccess> AccessAsync(Engine engine)
    {
        switch (engine)
        {
            case Engine.PostgreSql:
                return (await servers.PostgreSqlAsync()).Access;
            case Engine.MariaDb:
                return (await servers.MariaDbAsync()).Access;
            default:
                var file = Path.Combine(Folder, "s.db");
                await using (var stream = new FileStream(file, FileMode.OpenOrCreate))
                {
                }

                return new DataSourceAccess(new DataSourceSettings("lite", DataSourceType.Sqlite, "", "", 0, file, "", ""), "");
        }
    }

    /// <summary>A name that no other test uses.</summary>
    protected static string NewName() => "t_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
}
