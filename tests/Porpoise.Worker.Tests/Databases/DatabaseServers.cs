using Porpoise.Worker.Tests.Databases;

[assembly: AssemblyFixture(typeof(DatabaseServers))]

namespace Porpoise.Worker.Tests.Databases;

/// <summary>The database servers of this test run: each started when the first test asks for it, and ended after the last test.</summary>
public sealed class DatabaseServers : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<DatabaseServer>? _postgreSql;
    private Task<DatabaseServer>? _mariaDb;

    public Task<DatabaseServer> PostgreSqlAsync()
    {
        lock (_gate)
        {
            return _postgreSql ??= StartAsync(new PostgreSqlServer());
        }
    }

    public Task<DatabaseServer> MariaDbAsync()
    {
        lock (_gate)
        {
            return _mariaDb ??= StartAsync(new MariaDbServer());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (Task<DatabaseServer>?[])[_postgreSql, _mariaDb])
        {
            if (server is { IsCompletedSuccessfully: true })
            {
                await (await server).DisposeAsync();
            }
        }
    }

    private static async Task<DatabaseServer> StartAsync(DatabaseServer server)
    {
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
