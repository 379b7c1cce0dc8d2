using System.Data.Common;
using System.Globalization;
using Porpoise.Core.DataSources;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>Opens data sources.</summary>
internal static class SqlConnections
{
    /// <summary>What a server gets to end a cancelled statement; less than what the worker lets pass between TERM and KILL.</summary>
    public const int CancelMilliseconds = 2_000;

    private const int ConnectSecondsDefault = 15;

    public static int ConnectSeconds(IReadOnlyDictionary<string, string> options) =>
        options.TryGetValue(DataSourceOptions.ConnectTimeout, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : ConnectSecondsDefault;

    /// <exception cref="JobException">It cannot be connected to; says to what and what to do.</exception>
    public static async Task<SqlDatabase> OpenAsync(DataSourceAccess source, JobLog log, CancellationToken ct)
    {
        var options = DataSourceOptions.Read(source.Settings.Options);
        var database = source.Settings.Type switch
        {
            DataSourceType.PostgreSql => PostgreSqlDatabase.Of(source, options, log),
            DataSourceType.MySql => MySqlDatabase.Of(source, options, log),
            DataSourceType.SqlServer => SqlServerDatabase.Of(source, options, log),
            _ => SqliteDatabase.Of(source, options, log),
        };
        var who = source.Settings.User.Length == 0 ? "" : $" as {source.Settings.User}";
        log.Say($"Data source '{source.Settings.Name}': {DataSourceTypes.NameOf(source.Settings.Type)} at {source.Settings.Place}{who}");
        try
        {
            await database.OpenAsync(ct);
            log.Say($"Connected; the server's version is {database.Version}.");
            return database;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is DbException or TimeoutException or ArgumentException or InvalidOperationException)
        {
            var said = e is DbException failure ? database.Explain(failure) : e.Message;
            await database.DisposeAsync();
            throw new JobException(
                $"The data source cannot be connected to: {said.TrimEnd().TrimEnd('.')}. Check that it is up and can be reached from this machine, and its user and password; the data source's connection test tries the same.", e);
        }
    }
}
