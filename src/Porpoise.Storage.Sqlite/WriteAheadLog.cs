namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Gives the write-ahead log its full size in advance. A commit that makes a file longer has to write the file's new length and its new blocks
/// too; one that writes over old bytes takes half the time. SQLite takes bytes that are no frame of its own for the end of the log, so
/// zeros behind it mean nothing.
/// </summary>
internal static class WriteAheadLog
{
    private const int HeaderSize = 32;
    private const int FrameSize = 4096 + 24;

    /// <summary>On a disk that is nearly full the space is needed for other things.</summary>
    private const int SpareFactor = 100;

    /// <param name="path">The database file; its log is the file with <c>-wal</c> behind the name.</param>
    /// <param name="pages">How many pages the log holds before it starts over.</param>
    public static void Fill(string path, int pages)
    {
        var size = HeaderSize + ((long)pages * FrameSize);
        if (path.Length == 0 || new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < size * SpareFactor)
        {
            return;
        }

        using var log = new FileStream(path + "-wal", FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var end = log.Seek(0, SeekOrigin.End);
        try
        {
            var zeros = new byte[64 * 1024];
            for (var at = end; at < size; at += zeros.Length)
            {
                log.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, size - at)));
            }

            log.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            log.SetLength(end); // only speed is lost: a disk that is in trouble shows itself at the first commit, where it is reported
        }
    }
}
