using System.Buffers;
using System.Globalization;
using System.Text;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// Reads the logs of attempts, also while they are written. Only reads files: it works beside a worker, or without one.
/// </summary>
public sealed class AttemptLogs(string root)
{
    /// <summary>The longest line given out; the rest of a longer one is left out, and the line says so.</summary>
    public const int LineBytesMax = 1024 * 1024;

    /// <summary>The most bytes of log in one answer; the next page goes on from there.</summary>
    public const int PageBytesMax = 4 * 1024 * 1024;

    private const int ChunkSize = 64 * 1024;
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>The log as a stream of bytes, for a download; null if there is none. It ends where the log ends when that is reached.</summary>
    public Stream? OpenRead(TaskId task, int attempt)
    {
        try
        {
            var path = new AttemptFolder(_root, new AttemptKey(task, attempt)).Log;
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// The next lines of the log after the first <paramref name="skipLines"/>, at most <paramref name="limit"/> of them and at most
    /// <see cref="PageBytesMax"/> bytes, each with its line end; null if there is no log. A last line without a line end counts only
    /// once the attempt has ended: until then it may grow, and a reader who goes on after it would miss the rest.
    /// </summary>
    public LogPage? ReadLines(TaskId task, int attempt, long skipLines, int limit)
    {
        // Asked first: what an ended attempt wrote is all in the file that is read afterwards.
        var ended = HasEnded(new AttemptFolder(_root, new AttemptKey(task, attempt)));
        using var log = OpenRead(task, attempt);
        if (log is null)
        {
            return null;
        }

        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var page = new PageBuilder(skipLines, limit);
            for (int read; !page.IsFull && (read = log.Read(chunk, 0, ChunkSize)) > 0;)
            {
                page.Add(chunk.AsSpan(0, read));
            }

            return page.Finish(ended);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>By its exit code, or because its shim is not there any more.</summary>
    private static bool HasEnded(AttemptFolder folder) =>
        folder.ReadExit() is not null
        || folder.ReadClaim() switch
        {
            Claim.Revoked => true,
            Claim.Signed claim => ProcessStat.Read(claim.Shim.Pid)?.Identity != claim.Shim,
            _ => false,
        };

    /// <summary>Cuts a page out of the bytes of a log that are poured in.</summary>
    private sealed class PageBuilder(long skip, int limit)
    {
        private readonly ArrayBufferWriter<byte> _text = new();
        private long _skip = Math.Max(0, skip);
        private int _lines;
        private int _lineStart;
        private long _leftOut;

        public bool IsFull { get; private set; } = limit <= 0;

        private int LineLength => _text.WrittenCount - _lineStart;

        public void Add(ReadOnlySpan<byte> bytes)
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
                        EndLine("\n"u8);
                    }
                }

                bytes = bytes[(end < 0 ? bytes.Length : end + 1)..];
            }
        }

        public LogPage Finish(bool ended)
        {
            if (!IsFull && ended && LineLength > 0)
            {
                EndLine([]);
            }

            return new LogPage(_lines, Encoding.UTF8.GetString(_text.WrittenSpan[.._lineStart]));
        }

        private void Append(ReadOnlySpan<byte> piece)
        {
            var kept = Math.Min(piece.Length, LineBytesMax - LineLength);
            _text.Write(piece[..kept]);
            _leftOut += piece.Length - kept;
        }

        private void EndLine(ReadOnlySpan<byte> lineEnd)
        {
            if (_leftOut > 0)
            {
                _text.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $" [… {_leftOut} bytes left out]")));
                _leftOut = 0;
            }

            _text.Write(lineEnd);
            if (_lines > 0 && _text.WrittenCount > PageBytesMax)
            {
                IsFull = true; // This line opens the next page.
                return;
            }

            _lines++;
            _lineStart = _text.WrittenCount;
            IsFull = _lines >= limit;
        }
    }
}
