using System.Data.Common;
using MySqlConnector;
using Porpoise.Core.DataSources;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>MySQL and MariaDB by MySqlConnector.</summary>
internal sealed class MySqlDatabase(MySqlConnection connection, JobLog log) : SqlDatabase(connection, log)
{
    public static SqlDatabase Of(DataSourceAccess source, IReadOnlyDictionary<string, string> options, JobLog log)
    {
        var settings = new MySqlConnectionStringBuilder
        {
            Server = source.Settings.Host,
            Port = (uint)source.Settings.Port,
            Database = source.Settings.Database,
            UserID = source.Settings.User,
            Password = source.Password,
            ApplicationName = "Porpoise",
            Pooling = false,
            AllowUserVariables = true, // so that @name stays what it is
            AllowLoadLocalInfile = false,
            ConvertZeroDateTime = true,
            TreatTinyAsBoolean = false,
            CharacterSet = "utf8mb4",
            ConnectionTimeout = (uint)SqlConnections.ConnectSeconds(options),
            DefaultCommandTimeout = 0,
            CancellationTimeout = SqlConnections.CancelMilliseconds / 1_000,
            Keepalive = 30,
            SslMode = options.GetValueOrDefault(DataSourceOptions.SslMode, "prefer") switch
            {
                "disable" => MySqlSslMode.None,
                "require" => MySqlSslMode.Required,
                "verify-ca" => MySqlSslMode.VerifyCA,
                "verify-full" => MySqlSslMode.VerifyFull,
                _ => MySqlSslMode.Preferred,
            },
        };
        return new MySqlDatabase(new MySqlConnection(settings.ConnectionString), log);
    }

    /// <summary>Both are asked for before each statement: an earlier one, or a procedure that it called, may have changed them.</summary>
    public override async ValueTask<SqlDialect> DialectAsync(CancellationToken ct)
    {
        await using var command = Command("select @@session.sql_mode, @@session.character_set_client");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var modes = reader.GetString(0).Split(',');
        if (reader.GetString(1) is var encoding && !encoding.StartsWith("utf8", StringComparison.Ordinal))
        {
            throw new JobException($"The script has set character_set_client to {encoding}. Values can be put into statements safely only with utf8mb4; leave that setting alone.");
        }

        return SqlDialect.MySql with { HasBackslashes = !modes.Contains("NO_BACKSLASH_ESCAPES"), HasDoubleQuotedTexts = !modes.Contains("ANSI_QUOTES") };
    }

    public override string Explain(DbException failure) => failure is MySqlException e && e.Number > 0
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{e.Number} ({e.SqlState}): {e.Message}")
        : failure.InnerException is { } inner ? $"{failure.Message} ({inner.Message})" : failure.Message;
}
