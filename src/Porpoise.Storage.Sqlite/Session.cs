using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Porpoise.Storage.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal class Session(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>The texts that were used so far.</summary>
    public IEnumerable<string> Texts => _statements.Keys;

    /// <summary>The statement for a text. Texts are constants, so their identity is enough to find it again.</summary>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new Statement(connection, sql);
            _statements.Add(sql, statement);
        }

        return statement.Begin();
    }

    /// <summary>Runs a text that is not worth keeping prepared; it may hold several statements.</summary>
    public void Run(string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this project and embedded migrations come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Until it is disposed of, all reads see the store at one moment.</summary>
    public Snapshot BeginSnapshot() => new(this);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
        GC.SuppressFinalize(this);
    }

    public readonly struct Snapshot : IDisposable
    {
        private readonly Session? _session;

        /// <summary>The simulator reads on the writer's own connection, where a commit never lies between two reads.</summary>
        public Snapshot(Session session)
        {
            if (!session.IsInTransaction)
            {
                _session = session;
                session.Use("begin").Execute();
            }
        }

        public void Dispose() => _session?.Use("rollback").Execute();
    }
}
