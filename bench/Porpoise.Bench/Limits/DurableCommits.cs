using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Porpoise.Bench.Limits;

/// <summary>How long this disk takes to make one small write durable, one at a time. Milliseconds per commit.</summary>
internal static unsafe class DurableCommits
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    /// <summary>Appending 4 KiB and fdatasync: what no store can beat.</summary>
    public static double AppendAndSync(string folder)
    {
        var path = Path.Combine(folder, "sync.dat");
        var fd = Libc.Checked(Libc.Open(path, Libc.WriteOnly | Libc.Create | Libc.Truncate | Libc.CloseOnExec, 0x180));
        try
        {
            var block = stackalloc byte[4096];
            var watch = Stopwatch.StartNew();
            var count = 0;
            for (; watch.Elapsed < Duration; count++)
            {
                if (Libc.Write(fd, block, 4096) != 4096)
                {
                    throw new IOException("The disk is full.");
                }

                _ = Libc.Checked(Libc.DataSync(fd));
            }

            return watch.Elapsed.TotalMilliseconds / count;
        }
        finally
        {
            _ = Libc.Close(fd);
            File.Delete(path);
        }
    }

    /// <summary>One row inserted and committed by SQLite in WAL mode with synchronous=FULL: "the machine's durable commit".</summary>
    public static double SqliteInsert(string folder)
    {
        var path = Path.Combine(folder, "commit.db");
        try
        {
            using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma journal_mode = wal; pragma synchronous = full; create table t (id integer primary key, v text)";
            command.ExecuteNonQuery();
            command.CommandText = "insert into t (v) values ($v)";
            command.Parameters.AddWithValue("$v", new string('x', 100));
            command.Prepare();
            var watch = Stopwatch.StartNew();
            var count = 0;
            for (; watch.Elapsed < Duration; count++)
            {
                command.ExecuteNonQuery();
            }

            return watch.Elapsed.TotalMilliseconds / count;
        }
        finally
        {
            foreach (var file in Directory.EnumerateFiles(folder, "commit.db*"))
            {
                File.Delete(file);
            }
        }
    }
}
