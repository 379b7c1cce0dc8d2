using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Porpoise.Storage.Commits;
using SQLitePCL;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Makes batches of writes durable: one transaction, a savepoint for each write, so that one refusal or constraint error does not fail its
/// neighbours. An error of the disk fails the whole batch, because nobody can say what of it is on disk; the rows decide later.
/// </summary>
internal sealed class SqliteWriter : ICommitExecutor, IDisposable
{
    /// <summary>Pages in the WAL before it is copied back into the file and written again from its start.</summary>
    private const int CheckpointPages = 2000;

    private readonly SqliteStoreOptions _options;
    private WriterSession _session;
    private bool _mustReopen;

    public SqliteWriter(SqliteStoreOptions options)
    {
        _options = options;
        _session = Open();
        try
        {
            Migrate();
        }
        catch
        {
            _session.Dispose(); // with it goes what was begun
            throw;
        }

        _session.ReadSequences();
        WriteAheadLog.Fill(options.Path, CheckpointPages);
        var install = _session.Use("select install_id from store");
        install.Step();
        InstallId = install.Text(0);
        install.End();
    }

    /// <summary>Something is wrong with the disk: the reason, for people.</summary>
    public event Action<string>? Failed;

    public string InstallId { get; }

    public Session Session => _session;

    public void Execute(IReadOnlyList<CommitItem> batch)
    {
        try
        {
            Reopen();
            _session.Use("begin immediate").Execute();
            foreach (var item in batch)
            {
                Apply(item);
            }

            _session.Counters.Write(_session);
            _session.Use("commit").Execute();
        }
        catch (SqliteException e)
        {
            FailAll(batch, e);
        }
    }

    public void Dispose() => _session.Dispose();

    private void Apply(CommitItem item)
    {
        var write = (ISqliteWrite)item;
        if (write.ReadsCounters)
        {
            _session.Counters.Write(_session); // outside its savepoint: what its neighbours counted stays, whatever comes of it
        }

        _session.Use("savepoint item").Execute();
        try
        {
            if (write.Apply(_session))
            {
                _session.Counters.KeepItem();
            }
            else
            {
                Undo();
            }
        }
        catch (Exception e) when (e is not SqliteException sqlite || !IsFatal(sqlite))
        {
            item.Failure = e;
            Undo();
        }

        _session.Use("release item").Execute();
    }

    private void Undo()
    {
        _session.Counters.DropItem();
        _session.Use("rollback to item").Execute();
    }

    /// <summary>A broken rule concerns one write; anything else concerns the disk or the file, and so all of them.</summary>
    private static bool IsFatal(SqliteException e) => e.SqliteErrorCode is not (raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE);

    private void FailAll(IReadOnlyList<CommitItem> batch, SqliteException e)
    {
        var reason = e.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => "The disk that holds the data folder is full. Nothing that was acknowledged is lost; free some space and the service goes on by itself.",
            _ => string.Create(CultureInfo.InvariantCulture, $"The store cannot write: {e.Message} (SQLite {e.SqliteErrorCode}/{e.SqliteExtendedErrorCode}). Nothing that was acknowledged is lost."),
        };
        GiveUp(e);
        foreach (var item in batch)
        {
            item.Failure = new StoreUnavailableException(reason, e);
        }

        Failed?.Invoke(reason);
    }

    /// <summary>
    /// Leaves the failed transaction behind. After a failed fsync the kernel may have dropped the pages: only what a fresh connection reads from the
    /// file can be trusted, so the next batch opens one; the store's probe is such a batch.
    /// </summary>
    private void GiveUp(SqliteException cause)
    {
        _session.Counters.Drop();
        try
        {
            if (_session.IsInTransaction)
            {
                _session.Run("rollback");
            }

            _mustReopen |= cause.SqliteErrorCode != raw.SQLITE_FULL;
        }
        catch (SqliteException)
        {
            _mustReopen = true; // the reason that is reported is that of the commit
        }
    }

    private void Reopen()
    {
        if (!_mustReopen || _options.Path.Length == 0)
        {
            return;
        }

        // The old connection goes only when a new one works: there must always be one to read from.
        var fresh = Open(mayCreate: false);
        try
        {
            fresh.ReadSequences();
        }
        catch (SqliteException)
        {
            fresh.Dispose();
            throw;
        }

        fresh.DeletedVersions.UnionWith(_session.DeletedVersions);
        _session.Dispose();
        _session = fresh;
        _mustReopen = false;
    }

    private WriterSession Open(bool mayCreate = true)
    {
        var source = _options.Path.Length == 0 ? ":memory:" : _options.Path;
        var mode = mayCreate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        var session = new WriterSession(connection);
        session.Run(string.Create(
            CultureInfo.InvariantCulture,
            $"pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000; pragma wal_autocheckpoint = {CheckpointPages};"));
        return session;
    }

    /// <summary>Migrations are numbered, forward-only and never edited once released; the file remembers the number of the last one.</summary>
    private void Migrate()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var migrations = assembly.GetManifestResourceNames().Order(StringComparer.Ordinal).ToArray();
        var version = _session.Use("pragma user_version");
        version.Step();
        var done = version.Int(0);
        version.End();
        if (done > migrations.Length)
        {
            throw new StoreUnavailableException(string.Create(
                CultureInfo.InvariantCulture,
                $"The store '{_options.Path}' was written by a newer version of Porpoise (schema {done}, this version knows {migrations.Length}). Start that version again."));
        }

        for (var i = done; i < migrations.Length; i++)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(migrations[i])!);
            try
            {
                _session.Run(string.Create(CultureInfo.InvariantCulture, $"begin immediate; {reader.ReadToEnd()} pragma user_version = {i + 1}; commit;"));
            }
            catch (SqliteException e)
            {
                throw new StoreUnavailableException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The store '{_options.Path}' cannot be brought from schema {i} to {i + 1}: {e.Message} It is left with schema {i}; the version of Porpoise that wrote it can be started again."),
                    e);
            }
        }

        _session.Use("insert or ignore into store (id, install_id, code_bound, run_bound, task_bound, probed_at) values (1, ?1, 0, 1, 1, 0)").Bind(_options.NewInstallId()).Execute();
    }
}
