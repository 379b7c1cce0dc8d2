using System.Globalization;
using Porpoise.Core.DataSources;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>Runs preStatements, sql and postStatements in one connection to a data source; each statement takes effect by itself, unless the script begins a transaction.</summary>
internal sealed class SqlJob : IJobKind
{
    public const string SeparatorDefault = ";";

    public async Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct)
    {
        var source = job.DataSource ?? throw new JobException("The task names no data source. Choose one in its definition (datasource).");
        if (DataSourceTypes.Read(job.Word("type")) is { } type && type != source.Settings.Type)
        {
            throw new JobException($"The task is written for {DataSourceTypes.NameOf(type)}, and its data source '{source.Settings.Name}' is {DataSourceTypes.NameOf(source.Settings.Type)}. Correct type or datasource in its definition.");
        }

        await using var database = await SqlConnections.OpenAsync(source, log, ct);
        var session = new SqlSession(database, job, log);
        await RunAllAsync(session, job, "preStatements", ct);
        var separator = job.Text("segmentSeparator") is { Length: > 0 } own ? own : SeparatorDefault;
        var table = await session.RunAsync("sql", job.Text("sql"), separator, ct);
        await RunAllAsync(session, job, "postStatements", ct);
        return Outputs(job, table);
    }

    /// <summary>The values of the job's output parameters that the table has.</summary>
    public static Dictionary<string, string> Outputs(Job job, SqlTable? table) => job.Outputs
        .Select(o => (Name: o.Key, Value: table?.Find(o.Key, o.Value)))
        .Where(o => o.Value is not null)
        .ToDictionary(o => o.Name, o => o.Value!, StringComparer.Ordinal);

    private static async Task RunAllAsync(SqlSession session, Job job, string list, CancellationToken ct)
    {
        foreach (var (at, statement) in job.List(list).Index())
        {
            await session.RunAsync(string.Create(CultureInfo.InvariantCulture, $"{list}[{at}]"), statement.GetString()!, SeparatorDefault, ct);
        }
    }
}
