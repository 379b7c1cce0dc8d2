using Microsoft.Data.Sqlite;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in WAL mode with synchronous=FULL, so that a commit is on disk when it answers.
/// One connection writes, in group commits; a few read-only ones read. A full disk or a failing one makes the store read-only, with the
/// reason, until a probe can write again.
/// </summary>
public sealed partial class SqliteStore : IStore, IAccessStore, IAuditStore
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    private readonly SqliteStoreOptions _options;
    private readonly SqliteWriter _writer;
    private readonly GroupCommit _commits;
    private readonly ReaderPool _readers;
    private readonly ITimer _probe;
    private volatile StoreHealth _health = StoreHealth.Healthy;

    private SqliteStore(SqliteStoreOptions options, SqliteWriter writer)
    {
        _options = options;
        _writer = writer;
        InstallId = writer.InstallId;
        _readers = new ReaderPool(options.Path, writer);
        _commits = new GroupCommit(writer, options.Loop);
        _probe = options.Clock.CreateTimer(_ => Probe(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        writer.Failed += OnWriterFailed;
    }

    public event Action? Recovered;

    public StoreHealth Health => _health;

    /// <summary>Names this data folder for ever.</summary>
    public string InstallId { get; }

    /// <summary>Opens the store and brings its schema up to date.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, or a newer version of Porpoise wrote it.</exception>
    public static SqliteStore Open(SqliteStoreOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            return new SqliteStore(options, new SqliteWriter(options));
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The store '{options.Path}' cannot be opened: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _commits.DisposeAsync();
        _readers.Dispose();
        _writer.Dispose();
    }

    private Task<T> WriteAsync<T>(Func<WriterSession, (T Result, bool Keep)> write, bool goesOn = false, bool readsCounters = false) =>
        _health.ReadOnlyReason is { } reason
            ? Task.FromException<T>(new StoreUnavailableException(reason))
            : _commits.SubmitAsync(new SqliteWrite<T>(write, goesOn, readsCounters));

    private Task<T> ReadAsync<T>(Func<Session, T> read) => _readers.ReadAsync(read);

    /// <summary>Called by the writer, inside a failed commit.</summary>
    private void OnWriterFailed(string reason)
    {
        _health = new StoreHealth(reason);
        _probe.Change(ProbeInterval, Timeout.InfiniteTimeSpan);
    }

    private void Probe() => _ = ProbeAsync();

    private async Task ProbeAsync()
    {
        try
        {
            await _commits.SubmitAsync(new SqliteWrite<bool>(s => (IdentitySql.Probe(s, _options.Clock.GetUtcNow()), true)));
            _health = StoreHealth.Healthy;
            Recovered?.Invoke();
        }
        catch (StoreUnavailableException)
        {
            // The writer said so already, and OnWriterFailed set the next probe.
        }
    }
}
