using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Porpoise.Storage.Sqlite;

/// <summary>A few read-only connections. A read runs on the caller's thread and is short: a long one would keep checkpoints from finishing.</summary>
internal sealed class ReaderPool(string path, SqliteWriter writer) : IDisposable
{
    private const int ReadersMax = 4;

    private readonly SemaphoreSlim _free = new(ReadersMax);
    private readonly ConcurrentBag<Session> _idle = [];

    public async Task<T> ReadAsync<T>(Func<Session, T> read)
    {
        if (path.Length == 0)
        {
            return read(writer.Session);
        }

        await _free.WaitAsync();
        var session = _idle.TryTake(out var idle) ? idle : null;
        try
        {
            session ??= Open();
            return read(session);
        }
        catch (Exception e)
        {
            session?.Dispose(); // it may be in the middle of a read, and would keep checkpoints from finishing
            session = null;
            if (e is SqliteException)
            {
                throw new StoreUnavailableException($"The store cannot be read: {e.Message}", e);
            }

            throw;
        }
        finally
        {
            if (session is not null)
            {
                _idle.Add(session);
            }

            _free.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }

        _free.Dispose();
    }

    private Session Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var session = new Session(connection);
        session.Run("pragma query_only = on; pragma busy_timeout = 5000; pragma mmap_size = 0;");
        return session;
    }
}
