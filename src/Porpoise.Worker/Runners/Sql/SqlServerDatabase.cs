using System.Data.Common;
using Microsoft.Data.SqlClient;
using Porpoise.Core.DataSources;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>SQL Server by Microsoft.Data.SqlClient.</summary>
internal sealed class SqlServerDatabase : SqlDatabase
{
    private SqlServerDatabase(SqlConnection connection, JobLog log)
        : base(connection, log) => connection.InfoMessage += (_, e) => log.Say(e.Message);

    public static SqlDatabase Of(DataSourceAccess source, IReadOnlyDictionary<string, string> options, JobLog log)
    {
        var settings = new SqlConnectionStringBuilder
        {
            DataSource = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"tcp:{source.Settings.Host},{source.Settings.Port}"),
            InitialCatalog = source.Settings.Database,
            UserID = source.Settings.User,
            Password = source.Password,
            ApplicationName = "Porpoise",
            Pooling = false,
            ConnectTimeout = SqlConnections.ConnectSeconds(options),
            CommandTimeout = 0,
            Encrypt = options.GetValueOrDefault(DataSourceOptions.Encrypt, "true") switch
            {
                "false" => SqlConnectionEncryptOption.Optional,
                "strict" => SqlConnectionEncryptOption.Strict,
                _ => SqlConnectionEncryptOption.Mandatory,
            },
            TrustServerCertificate = options.GetValueOrDefault(DataSourceOptions.TrustServerCertificate) == "true",
        };
        return new SqlServerDatabase(new SqlConnection(settings.ConnectionString), log);
    }

    public override ValueTask<SqlDialect> DialectAsync(CancellationToken ct) => ValueTask.FromResult(SqlDialect.SqlServer);

    public override string Explain(DbException failure) => failure is SqlException e
        ? string.Join(' ', e.Errors.Cast<SqlError>().Select(x => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x.Number}: {x.Message} (line {x.LineNumber} of the batch)")))
        : failure.Message;
}
