using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>A piece of a log.</summary>
/// <param name="Offset">Bytes of the log before it.</param>
/// <param name="End">Bytes of the log up to its end.</param>
/// <param name="Text">Bytes that are no UTF-8 show as U+FFFD.</param>
public readonly record struct LogPiece(long Offset, long End, string Text);

/// <summary>Follows a log while it grows. The kernel says when it does; nobody looks again and again. In place of what a long log has lost it gives the line that says so.</summary>
public sealed class LogTail : IDisposable
{
    /// <summary>Bytes of one piece. As a text of characters it is no large object yet, so it is garbage that is collected at once.</summary>
    public const int PieceMax = 32 * 1024;

    /// <summary>Some file systems do not tell, and there may be more logs to watch than the kernel allows: so now and then it is looked anyway.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    /// <summary>Between the commit that says that an attempt starts and its first byte. Nobody tells of a file that is not there yet.</summary>
    private static readonly TimeSpan LookForFile = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly GrowthWatcher? _watcher;
    private GrowthWatcher.Growth? _growth;
    private Task _waiting = Task.CompletedTask;
    private bool _exists;

    internal LogTail(string path, long offset, GrowthWatcher? watcher)
    {
        _path = path;
        _watcher = watcher;
        Offset = offset;
    }

    /// <summary>Bytes that were read or skipped.</summary>
    public long Offset { get; private set; }

    /// <summary>What is there beyond <see cref="Offset"/>, in pieces.</summary>
    /// <param name="isComplete">True when nothing will be added any more: then half a character at the end is given out too, which is left for the next time otherwise.</param>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<LogPiece> ReadAsync(bool isComplete, [EnumeratorCancellation] CancellationToken ct)
    {
        _growth ??= _watcher?.TryWatch(_path); // before the look, so that nothing between the two is missed
        if (Open() is not { } file)
        {
            yield break;
        }

        await using (file)
        {
            _exists = true;
            var buffer = ArrayPool<byte>.Shared.Rent(PieceMax);
            try
            {
                while (await ReadPieceAsync(file, buffer.AsMemory(0, PieceMax), isComplete, ct) is { } piece)
                {
                    Offset = piece.End;
                    yield return piece;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>Completes when there may be more. Asked again before that, it gives the same wait: a second one would miss what the first one takes.</summary>
    public Task WaitAsync(CancellationToken ct)
    {
        if (_waiting.IsCompleted)
        {
            _waiting = _growth?.WaitAsync(LookAnyway, ct) ?? Task.Delay(_exists ? LookAnyway : LookForFile, ct);
        }

        return _waiting;
    }

    public void Dispose() => _growth?.Dispose();

    private async Task<LogPiece?> ReadPieceAsync(FileStream file, Memory<byte> buffer, bool isComplete, CancellationToken ct)
    {
        var gap = LogGap.Read(_path);
        if (Offset >= gap.Start && Offset < gap.End)
        {
            return new LogPiece(Offset, gap.End, gap.Describe());
        }

        buffer = Offset < gap.Start ? buffer[..(int)Math.Min(buffer.Length, gap.Start - Offset)] : buffer;
        file.Seek(Offset, SeekOrigin.Begin);
        var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (LogGap.Read(_path) != gap)
        {
            return await ReadPieceAsync(file, buffer, isComplete, ct); // cut meanwhile: this may be a piece of the hole
        }

        var length = (isComplete && read < buffer.Length) || Offset + read == gap.Start ? read : WholeCharacters(buffer.Span[..read]);
        return length == 0 ? null : new LogPiece(Offset, Offset + length, Encoding.UTF8.GetString(buffer.Span[..length]));
    }

    /// <summary>Without a last character of which bytes are missing.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var lead = text[^back];
            if ((lead & 0xC0) != 0x80)
            {
                var wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
                return wanted > back ? text.Length - back : text.Length;
            }
        }

        return text.Length;
    }

    private FileStream? Open()
    {
        try
        {
            return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
