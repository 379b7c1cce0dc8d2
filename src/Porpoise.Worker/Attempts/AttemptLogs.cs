using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// Reads the logs of attempts, also while they are written, and removes what attempts left behind. Only touches files: it works beside a worker, or without one.
/// </summary>
public sealed class AttemptLogs(string root) : IDisposable
{
    /// <summary>The longest line given out; the rest of a longer one is left out, and the line says so.</summary>
    public const int LineBytesMax = 128 * 1024;

    /// <summary>The most bytes of log in one answer; the next page goes on from there.</summary>
    public const int PageBytesMax = 256 * 1024;

    private const int ChunkSize = 64 * 1024;
    private const int PlacesMax = 1024;
    private readonly string _root = Path.GetFullPath(root);
    private readonly Lazy<GrowthWatcher?> _watcher = new(StartWatcher);

    /// <summary>Where the last page of a log ended: who follows a long log does not have it read from its beginning each time.</summary>
    private readonly ConcurrentDictionary<AttemptKey, (long Line, long Offset)> _places = new();

    /// <summary>The log as a stream of bytes, for a download; null if there is none. It ends where the log ends when that is reached.</summary>
    public Stream? OpenRead(TaskId task, int attempt) => Open(new AttemptKey(task, attempt));

    /// <summary>Follows the log from a place on, from before its first byte is written.</summary>
    public LogTail Follow(TaskId task, int attempt, long offset) => new(new AttemptFolder(_root, new AttemptKey(task, attempt)).Log, offset, _watcher.Value);

    /// <summary>
    /// The next lines of the log after the first <paramref name="skipLines"/>, at most <paramref name="limit"/> of them and at most
    /// <see cref="PageBytesMax"/> bytes, each with its line end; null if there is no log. A last line without a line end counts only
    /// once the attempt has ended: until then it may grow, and a reader who goes on after it would miss the rest.
    /// </summary>
    public LogPage? ReadLines(TaskId task, int attempt, long skipLines, int limit)
    {
        // Asked first: what an ended attempt wrote is all in the file that is read afterwards.
        var key = new AttemptKey(task, attempt);
        var ended = HasEnded(new AttemptFolder(_root, key));
        using var log = Open(key);
        if (log is null)
        {
            return null;
        }

        skipLines = Math.Max(0, skipLines);
        var known = _places.TryGetValue(key, out var place) && place.Line <= skipLines && place.Offset <= log.Length ? place : default;
        log.Position = known.Offset;
        using var page = new PageBuilder(skipLines - known.Line, limit);
        Pour(log, page);
        var lines = page.Finish(ended);
        Remember(key, skipLines + lines.LineCount, page.End);
        return lines;
    }

    /// <summary>
    /// Removes the folders, the logs and everything else of a task's attempts 1 to <paramref name="attempts"/>, which must have ended. Null: nothing is left;
    /// else what stands in the way, for people. May be repeated.
    /// </summary>
    public string? Remove(TaskId task, int attempts)
    {
        string? problem = null;
        for (var number = 1; number <= attempts; number++)
        {
            problem = new AttemptFolder(_root, new AttemptKey(task, number)).Remove() ?? problem;
        }

        return problem;
    }

    public void Dispose()
    {
        if (_watcher.IsValueCreated)
        {
            _watcher.Value?.Dispose();
        }
    }

    /// <summary>Null: the kernel gives no more of them, and logs are looked at now and then.</summary>
    private static GrowthWatcher? StartWatcher()
    {
        try
        {
            return new GrowthWatcher();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private LogReader? Open(AttemptKey key)
    {
        try
        {
            var path = new AttemptFolder(_root, key).Log;
            return new LogReader(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Pour(LogReader log, PageBuilder page)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (!page.IsFull)
            {
                var at = log.Position;
                var read = log.ReadOrPass(chunk.AsSpan(0, ChunkSize), out var gap);
                if (gap.Length > 0)
                {
                    page.Add(gap);
                }
                else if (read == 0)
                {
                    return;
                }
                else
                {
                    page.Add(chunk.AsSpan(0, read), at);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void Remember(AttemptKey key, long line, long? offset)
    {
        if (offset is { } end)
        {
            if (_places.Count >= PlacesMax)
            {
                _places.Clear();
            }

            _places[key] = (line, end);
        }
    }

    /// <summary>By its exit code, or because its shim is not there any more.</summary>
    internal static bool HasEnded(AttemptFolder folder) =>
        folder.ReadExit() is not null
        || folder.ReadClaim() switch
        {
            Claim.Revoked => true,
            Claim.Signed claim => ProcessStat.Read(claim.Shim.Pid)?.Identity != claim.Shim,
            _ => false,
        };

    /// <summary>Cuts a page out of the bytes of a log that are poured in. Its buffer is borrowed: who follows many long logs would leave as much garbage as they are long.</summary>
    private sealed class PageBuilder(long skip, int limit) : IDisposable
    {
        /// <summary>Of its own: from the shared pool each thread would keep one array of each size for the next time.</summary>
        private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(maxArrayLength: 1024 * 1024, maxArraysPerBucket: 4);

        private byte[] _text = Pool.Rent(ChunkSize);
        private int _length;
        private long _skip = skip;
        private long _linesLeftOut;
        private int _lines;
        private int _lineStart;
        private long _leftOut;

        public bool IsFull { get; private set; } = limit <= 0;

        /// <summary>Where in the log the last line ends that is on the page; null: there is none.</summary>
        public long? End { get; private set; }

        private int LineLength => _length - _lineStart;

        /// <param name="bytes">The next bytes of the log.</param>
        /// <param name="at">Where they begin.</param>
        public void Add(ReadOnlySpan<byte> bytes, long at)
        {
            while (bytes.Length > 0 && !IsFull)
            {
                var end = bytes.IndexOf((byte)'\n');
                var piece = end < 0 ? bytes : bytes[..end];
                if (_skip > 0)
                {
                    _skip -= end < 0 ? 0 : 1;
                }
                else
                {
                    Append(piece);
                    if (end >= 0)
                    {
                        EndLine("\n"u8, at + end + 1);
                    }
                }

                var used = end < 0 ? bytes.Length : end + 1;
                bytes = bytes[used..];
                at += used;
            }
        }

        /// <summary>Lines that are gone count as if they were there, so that whoever skips so many lines gets to the same place as before.</summary>
        public void Add(LogGap gap)
        {
            if (LineLength > 0)
            {
                EndLine("\n"u8, gap.Start); // the gap begins in the middle of a long line
            }

            if (_skip >= gap.Lines)
            {
                _skip -= gap.Lines;
            }
            else if (!IsFull)
            {
                var left = gap.Lines - _skip;
                _skip = 0;
                Append(Encoding.UTF8.GetBytes(gap.Describe().TrimEnd('\n')));
                EndLine("\n"u8, gap.End);
                _linesLeftOut += left - 1;
            }
        }

        public LogPage Finish(bool ended)
        {
            if (!IsFull && ended && LineLength > 0)
            {
                EndLine([], null);
            }

            return new LogPage((int)Math.Min(int.MaxValue, _lines + _linesLeftOut), Encoding.UTF8.GetString(_text, 0, _lineStart));
        }

        public void Dispose() => Pool.Return(_text);

        private void Append(ReadOnlySpan<byte> piece)
        {
            var kept = Math.Min(piece.Length, LineBytesMax - LineLength);
            Write(piece[..kept]);
            _leftOut += piece.Length - kept;
        }

        private void EndLine(ReadOnlySpan<byte> lineEnd, long? end)
        {
            if (_leftOut > 0)
            {
                Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" [… {_leftOut} bytes left out]")));
                _leftOut = 0;
            }

            Write(lineEnd);
            if (_lines > 0 && _length > PageBytesMax)
            {
                IsFull = true; // This line opens the next page.
                return;
            }

            _lines++;
            End = end;
            _lineStart = _length;
            IsFull = _lines >= limit;
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > _text.Length - _length)
            {
                var larger = Pool.Rent(Math.Max(2 * _text.Length, _length + bytes.Length));
                _text.AsSpan(0, _length).CopyTo(larger);
                Pool.Return(_text);
                _text = larger;
            }

            bytes.CopyTo(_text.AsSpan(_length));
            _length += bytes.Length;
        }
    }
}
