using Microsoft.Data.Sqlite;

namespace Porpoise.Storage.Sqlite;

/// <summary>Copies of a store: taken at one moment while a server may be writing, on disk when they are done, and examined before they are trusted.</summary>
public static class StoreCopy
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int FaultsShown = 3;

    /// <param name="path">The store.</param>
    /// <param name="copy">A file that does not exist yet.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read, or the copy not written.</exception>
    public static void Write(string path, string copy)
    {
        // SQLite takes an empty file, and leaves it to its owner.
        var empty = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            empty.UnixCreateMode = OwnerOnly;
        }

        new FileStream(copy, empty).Dispose();
        Use(path, connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "vacuum into $copy"; // one read transaction, which no writer waits for
            command.Parameters.AddWithValue("$copy", copy);
            return command.ExecuteNonQuery();
        });
        using var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true); // SQLite leaves that to whoever wants it
    }

    /// <summary>What is wrong with a store's file, or null.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static string? FindFault(string path) => Use(path, connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma integrity_check";
        using var rows = command.ExecuteReader();
        var faults = new List<string>();
        while (rows.Read() && faults.Count < FaultsShown)
        {
            faults.Add(rows.GetString(0));
        }

        return faults is ["ok"] ? null : string.Join("; ", faults);
    });

    private static T Use<T>(string path, Func<SqliteConnection, T> use)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            return use(connection);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The store '{path}' cannot be copied: {e.Message}", e);
        }
    }
}
