using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// A prepared statement that stays prepared. Parameters and columns go by position and without boxing: with the ADO.NET command
/// each statement of a commit costs several times as much, and a commit has a dozen.
/// </summary>
internal sealed class Statement(SqliteConnection connection, string sql) : IDisposable
{
    private sqlite3_stmt? _statement;
    private int _bound;

    private sqlite3 Db => connection.Handle!;

    /// <summary>Begins a new use: parameters follow in the order of the text.</summary>
    public Statement Begin()
    {
        if (_statement is null)
        {
            Check(raw.sqlite3_prepare_v3(Db, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        }

        _bound = 0;
        return this;
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value)
    {
        Check(value is { } v ? raw.sqlite3_bind_int64(_statement, ++_bound, v) : raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public Statement Bind(string value)
    {
        Check(raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    public Statement BindOrNull(string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, ++_bound) : raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(byte[] value)
    {
        Check(raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(DateTimeOffset value) => Bind(StoredTime.ToNumber(value));

    public Statement Bind(DateTimeOffset? value) => Bind(value is { } v ? StoredTime.ToNumber(v) : (long?)null);

    /// <summary>True while there is a row to read. Call it until it answers false, or <see cref="End"/> the use.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        switch (code)
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                raw.sqlite3_reset(_statement);
                return false;
            default:
                raw.sqlite3_reset(_statement);
                Check(code);
                return false;
        }
    }

    /// <summary>Ends a use before its last row.</summary>
    public void End() => raw.sqlite3_reset(_statement);

    /// <summary>Runs to the end and says how many rows were written.</summary>
    public int Execute()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(Db);
    }

    /// <summary>Whether there is a row. Ends the use.</summary>
    public bool Any()
    {
        var any = Step();
        End();
        return any;
    }

    /// <summary>The first column of the only row, such as a count. Ends the use.</summary>
    public long Number()
    {
        var number = Step() ? Long(0) : throw new UnreachableException($"No row: {sql}");
        End();
        return number;
    }

    /// <summary>The first row; null: there is none. Ends the use.</summary>
    public T? First<T>(Func<Statement, T> read)
        where T : class
    {
        var first = Step() ? read(this) : null;
        End();
        return first;
    }

    /// <summary>All rows. Ends the use.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        var all = new List<T>();
        while (Step())
        {
            all.Add(read(this));
        }

        return all;
    }

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => raw.sqlite3_column_int(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public int? IntOrNull(int column) => IsNull(column) ? null : Int(column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public DateTimeOffset Time(int column) => StoredTime.FromNumber(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => _statement?.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(Db).utf8_to_string(), code, raw.sqlite3_extended_errcode(Db));
        }
    }
}
