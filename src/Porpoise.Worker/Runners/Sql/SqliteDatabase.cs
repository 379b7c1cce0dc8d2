using System.Data.Common;
using Microsoft.Data.Sqlite;
using Porpoise.Core.DataSources;
using SQLitePCL;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>A file of SQLite's by Microsoft.Data.Sqlite. Its calls end when they end; so a statement is interrupted from beside.</summary>
internal sealed class SqliteDatabase(SqliteConnection connection, JobLog log) : SqlDatabase(connection, log)
{
    private const int Interrupted = 9;

    public override string Version => "SQLite " + Connection.ServerVersion;

    public static SqlDatabase Of(DataSourceAccess source, IReadOnlyDictionary<string, string> options, JobLog log)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = source.Settings.Database,
            Mode = options.GetValueOrDefault(DataSourceOptions.Mode) == "readOnly" ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        return new SqliteDatabase(new SqliteConnection(settings.ConnectionString), log);
    }

    public override ValueTask<SqlDialect> DialectAsync(CancellationToken ct) => ValueTask.FromResult(SqlDialect.Sqlite);

    public override void Interrupt(DbCommand command) => raw.sqlite3_interrupt(connection.Handle);

    public override string Explain(DbException failure) => failure is SqliteException { SqliteErrorCode: not Interrupted } e
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{e.SqliteExtendedErrorCode}: {e.Message}")
        : failure.Message;
}
