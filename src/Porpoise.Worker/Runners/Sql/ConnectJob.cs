namespace Porpoise.Worker.Runners.Sql;

/// <summary>Only connects to a data source: its connection test, in a process of its own as everything that loads a driver.</summary>
internal sealed class ConnectJob : IJobKind
{
    /// <summary>No task type, so no definition can have it.</summary>
    public const string Kind = "(connect)";

    public async Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct)
    {
        await using var database = await SqlConnections.OpenAsync(job.DataSource ?? throw new JobException("There is no data source to connect to."), log, ct);
        await database.DialectAsync(ct); // one that accepts connections but cannot be read is of no use
        return new Dictionary<string, string>();
    }
}
