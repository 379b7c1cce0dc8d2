using System.Data.Common;
using Npgsql;
using Porpoise.Core.DataSources;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>PostgreSQL by Npgsql.</summary>
internal sealed class PostgreSqlDatabase : SqlDatabase
{
    private static readonly Version WatchesClients = new(14, 0);
    private readonly NpgsqlConnection _connection;

    private PostgreSqlDatabase(NpgsqlConnection connection, JobLog log)
        : base(connection, log)
    {
        _connection = connection;
        _connection.Notice += (_, e) => log.Say($"{e.Notice.Severity}: {e.Notice.MessageText}");
    }

    public static SqlDatabase Of(DataSourceAccess source, IReadOnlyDictionary<string, string> options, JobLog log)
    {
        AppContext.SetSwitch("Npgsql.EnableSqlRewriting", isEnabled: false); // statements are sent as they are
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = source.Settings.Host,
            Port = source.Settings.Port,
            Database = source.Settings.Database.Length == 0 ? null : source.Settings.Database,
            Username = source.Settings.User,
            Password = source.Password,
            ApplicationName = "Porpoise",
            Pooling = false,
            Timeout = SqlConnections.ConnectSeconds(options),
            CommandTimeout = 0,
            CancellationTimeout = SqlConnections.CancelMilliseconds,
            KeepAlive = 30,
            SslMode = options.GetValueOrDefault(DataSourceOptions.SslMode, "prefer") switch
            {
                "disable" => SslMode.Disable,
                "require" => SslMode.Require,
                "verify-ca" => SslMode.VerifyCA,
                "verify-full" => SslMode.VerifyFull,
                _ => SslMode.Prefer,
            },
            SearchPath = options.GetValueOrDefault(DataSourceOptions.SearchPath),
        };
        return new PostgreSqlDatabase(new NpgsqlConnection(settings.ConnectionString), log);
    }

    public override async Task OpenAsync(CancellationToken ct)
    {
        await base.OpenAsync(ct);
        if (_connection.PostgreSqlVersion >= WatchesClients)
        {
            // Killed, this process can cancel nothing; then the server is to notice by itself, also in the middle of a statement.
            await using var command = Command("set client_connection_check_interval = 5000");
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    public override ValueTask<SqlDialect> DialectAsync(CancellationToken ct)
    {
        var settings = _connection.PostgresParameters; // the server says it of itself when one changes
        if (settings.GetValueOrDefault("client_encoding", "UTF8") is var encoding and not "UTF8")
        {
            throw new JobException($"The script has set client_encoding to {encoding}. Values can be put into statements safely only with UTF8; leave that setting alone.");
        }

        return ValueTask.FromResult(SqlDialect.PostgreSql with { HasBackslashes = settings.GetValueOrDefault("standard_conforming_strings", "on") == "off" });
    }

    public override DbCommand Command(string text)
    {
        var command = (NpgsqlCommand)base.Command(text);
        command.AllResultTypesAreUnknown = true; // as text, in the server's own form
        return command;
    }

    public override string Explain(DbException failure) => failure is PostgresException e
        ? $"{e.SqlState}: {e.MessageText}{Part("Detail", e.Detail)}{Part("Hint", e.Hint)}{Part("Where", e.Where)}"
        : failure.InnerException is { } inner ? $"{failure.Message} ({inner.Message})" : failure.Message;

    private static string Part(string name, string? text) => string.IsNullOrEmpty(text) ? "" : $" {name}: {text}";
}
