using System.Data.Common;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Porpoise.Worker.Runners.Sql;

namespace Porpoise.Worker.Runners.DuckDb;

/// <summary>DuckDB in this process, in memory or in a file, within the bounds of the settings. It is a part of the program that can crash; that costs one attempt.</summary>
internal sealed partial class DuckDbDatabase(DuckDBConnection connection, DuckDbBounds bounds, JobLog log) : SqlDatabase(connection, log)
{
    public override string Version => Connection.ServerVersion;

    public static SqlDatabase Of(string file, DuckDbBounds bounds, JobLog log) => new DuckDbDatabase(new DuckDBConnection($"Data Source={file}"), bounds, log);

    /// <summary>The bounds are set before anything of the task runs, and cannot be changed afterwards.</summary>
    public override async Task OpenAsync(CancellationToken ct)
    {
        await base.OpenAsync(ct);
        foreach (var setting in bounds.Settings)
        {
            await using var command = Command(setting);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    public override ValueTask<SqlDialect> DialectAsync(CancellationToken ct) => ValueTask.FromResult(SqlDialect.DuckDb);

    /// <summary>An extension is a program from elsewhere. Once loaded it would be held by none of the bounds; and DuckDB itself asks the network for one whatever the bounds are.</summary>
    public override void Check(SqlStatement statement)
    {
        if (Extension().IsMatch(statement.Text))
        {
            throw new JobException("DUCKDB tasks neither install nor load extensions. What is built in reads and writes Parquet, CSV and JSON; read from other places with another task, and leave files here.");
        }
    }

    public override void Interrupt(DbCommand command) => command.Cancel();

    [GeneratedRegex(@"^(\s|--[^\n]*\n|/\*.*?\*/)*(force\s+install|install|load|update\s+extensions)\b", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Extension();
}
