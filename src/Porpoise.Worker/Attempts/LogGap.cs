using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// The middle of a log that grew too long, left out: the bytes from <paramref name="Start"/> to <paramref name="End"/> are a hole that takes no room on
/// the disk, and were this many lines. All else stays where it is, so that a task goes on writing, and readers go on from where they were.
/// </summary>
internal readonly record struct LogGap(long Start, long End, long Lines)
{
    private const int LookForLineEnd = 64 * 1024;
    private const int CountChunk = 256 * 1024;

    public static LogGap None => default;

    public long Length => End - Start;

    /// <summary>What readers see in its place.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture, $"{ClosingLine.Mark}{Lines} lines ({Length / 1024.0 / 1024.0:0.#} MiB) left out here: the log became too long, and only its beginning and its end are kept\n");

    /// <summary>The gap of a log; <see cref="None"/> if it is whole.</summary>
    public static LogGap Read(string log)
    {
        Span<byte> content = stackalloc byte[128];
        var length = SmallFile.Read(PathOf(log), content);
        if (length <= 0)
        {
            return None;
        }

        var fields = Encoding.ASCII.GetString(content[..length]).Split(' ');
        return new LogGap(Parse(fields[0]), Parse(fields[1]), Parse(fields[2]));

        static long Parse(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Cuts the log down to half of what it may have, if it has more than that: a quarter for its beginning, which stays the same for ever, and half for its end.
    /// Null, or why it is as long as before.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? Cut(string log, long bytesMax)
    {
        using var file = FileStatus.Read(log).Size > bytesMax ? TryOpen(log) : null;
        var before = file is null ? None : Read(log);
        if (file is null || file.Length - before.Length <= bytesMax)
        {
            return null;
        }

        var start = before.Length > 0 ? before.Start : LineEndBefore(file, bytesMax / 4);
        var end = LineEndAfter(file, file.Length - (bytesMax / 2));
        var from = before.Length > 0 ? before.End : start;
        var gap = new LogGap(start, end, before.Lines + CountLines(file, from, end));

        // Written down first: who reads between the two sees the gap a moment early, and never what is in it.
        var failure = gap.Write(log);
        failure = failure != 0 ? failure : Libc.PunchHole((int)file.SafeFileHandle.DangerousGetHandle(), start, end - start);
        return failure == 0 ? null : Libc.Describe(failure);
    }

    public static string PathOf(string log) => log + ".gap";

    private int Write(string log)
    {
        var draft = PathOf(log) + ".new";
        _ = Libc.Unlink(draft);
        var failure = SmallFile.Create(draft, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Start} {End} {Lines}")));
        return failure != 0 || Libc.Rename(draft, PathOf(log)) == 0 ? failure : Marshal.GetLastPInvokeError();
    }

    private static FileStream? TryOpen(string log)
    {
        try
        {
            return new FileStream(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Behind the last line end before this place; the place itself if the line is longer than anybody looks.</summary>
    private static long LineEndBefore(FileStream file, long place)
    {
        var from = Math.Max(0, place - LookForLineEnd);
        var at = ReadAt(file, from, (int)(place - from)).AsSpan().LastIndexOf((byte)'\n');
        return at < 0 ? place : from + at + 1;
    }

    private static long LineEndAfter(FileStream file, long place)
    {
        var at = ReadAt(file, place, LookForLineEnd).AsSpan().IndexOf((byte)'\n');
        return at < 0 ? place : place + at + 1;
    }

    private static long CountLines(FileStream file, long from, long end)
    {
        var lines = 0L;
        var chunk = new byte[CountChunk];
        file.Seek(from, SeekOrigin.Begin);
        for (int read; from < end && (read = file.Read(chunk, 0, (int)Math.Min(CountChunk, end - from))) > 0; from += read)
        {
            lines += chunk.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    private static byte[] ReadAt(FileStream file, long place, int length)
    {
        var bytes = new byte[length];
        file.Seek(place, SeekOrigin.Begin);
        return bytes[..file.ReadAtLeast(bytes, length, throwOnEndOfStream: false)];
    }
}
