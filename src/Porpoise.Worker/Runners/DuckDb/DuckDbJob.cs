using System.Data.Common;
using Porpoise.Worker.Runners.Sql;

namespace Porpoise.Worker.Runners.DuckDb;

/// <summary>Runs statements in DuckDB over files: Parquet, CSV and JSON in the task's work folder and in the folders of the settings.</summary>
internal sealed class DuckDbJob : IJobKind
{
    private const string InMemory = ":memory:";

    public async Task<IReadOnlyDictionary<string, string>> RunAsync(Job job, JobLog log, CancellationToken ct)
    {
        var bounds = new DuckDbBounds(job.Settings.DuckDbMemoryMiB, job.Settings.DuckDbThreads, Environment.CurrentDirectory, job.Settings.DuckDbFolders);
        var file = FileOf(job, bounds);
        await using var database = DuckDbDatabase.Of(file, bounds, log);
        try
        {
            await database.OpenAsync(ct);
        }
        catch (Exception e) when (e is DbException or DllNotFoundException)
        {
            throw new JobException($"DuckDB cannot be opened with {(file == InMemory ? "a database in memory" : file)}: {e.Message}", e);
        }

        log.Say($"DuckDB {database.Version}, {(file == InMemory ? "in memory" : file)}; at most {bounds.MemoryMiB} MiB and {bounds.Threads} threads; files below {string.Join(", ", bounds.Folders.Prepend("the work folder"))}");
        return SqlJob.Outputs(job, await new SqlSession(database, job, log).RunAsync("sql", job.Text("sql"), SqlJob.SeparatorDefault, ct));
    }

    /// <summary>The engine opens this one before its own bounds hold, so it is looked at here.</summary>
    private static string FileOf(Job job, DuckDbBounds bounds)
    {
        var wanted = job.Fill(job.Text("database"));
        if (wanted.Length == 0 || wanted == InMemory)
        {
            return InMemory;
        }

        var path = Path.GetFullPath(wanted);
        var real = Path.Combine(Real(Path.GetDirectoryName(path) ?? "/"), Path.GetFileName(path));
        if (wanted.AsSpan().ContainsAny(';', '=', '\0') || new FileInfo(real).LinkTarget is not null || !bounds.Folders.Prepend(bounds.WorkFolder).Any(folder => real.StartsWith(Real(folder).TrimEnd('/') + "/", StringComparison.Ordinal)))
        {
            throw new JobException($"The database '{wanted}' is not below the task's work folder or a folder that this server allows (--duckdb-folder): {string.Join(", ", bounds.Folders.DefaultIfEmpty("there is none"))}.");
        }

        return real;
    }

    /// <summary>With every link on the way followed.</summary>
    private static string Real(string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        if (parent is null)
        {
            return folder;
        }

        var here = Path.Combine(Real(parent), Path.GetFileName(folder));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target ? Real(target) : here;
    }
}
