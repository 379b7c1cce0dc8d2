using System.Data.Common;

namespace Porpoise.Worker.Runners.Sql;

/// <summary>An open database, and what is particular about it. Each driver is named in one of these only, so no process loads one that it does not need.</summary>
internal abstract class SqlDatabase(DbConnection connection, JobLog log) : IAsyncDisposable
{
    protected DbConnection Connection => connection;

    protected JobLog Log => log;

    /// <summary>What it says of itself, once it is open.</summary>
    public virtual string Version => connection.ServerVersion;

    public virtual Task OpenAsync(CancellationToken ct) => connection.OpenAsync(ct);

    /// <summary>As it reads statements at this moment: settings of the session may change that.</summary>
    public abstract ValueTask<SqlDialect> DialectAsync(CancellationToken ct);

    /// <summary>To be sent as it is; without a time limit, which the attempt has.</summary>
    public virtual DbCommand Command(string text)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // it is the author's statement; values of parameters stand in it as literals only (SqlScript)
        command.CommandText = text;
#pragma warning restore CA2100
        command.CommandTimeout = 0;
        return command;
    }

    /// <summary>Called with each statement before it is sent.</summary>
    /// <exception cref="JobException">It may not be run here.</exception>
    public virtual void Check(SqlStatement statement)
    {
    }

    /// <summary>Ends a statement at once, where cancelling the call does not.</summary>
    public virtual void Interrupt(DbCommand command)
    {
    }

    /// <summary>What the database said, with all that it said to it.</summary>
    public virtual string Explain(DbException failure) => failure.Message;

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
