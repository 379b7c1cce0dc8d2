using System.Buffers;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;

namespace Porpoise.Worker.Processes;

/// <summary>Reads /proc: the processes of this machine, and the tag in the environment of one.</summary>
internal static class ProcessTable
{
    public const string TagVariable = "PORPOISE_TAG";

    private const int KernelThreads = 2;
    private const int EnvironmentMax = 8 * 1024 * 1024;
    private static readonly byte[] TagAssignment = Encoding.ASCII.GetBytes(TagVariable + "=");

    /// <summary>
    /// All processes, zombies included, that started at <paramref name="since"/> or later; never this one, init or the kernel's.
    /// Not a snapshot: one that starts meanwhile may be missing.
    /// </summary>
    public static List<ProcessStat> Read(long since)
    {
        var found = new List<ProcessStat>();
        var pids = new FileSystemEnumerable<int>(
            "/proc", static (ref entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture))
        {
            ShouldIncludePredicate = static (ref entry) => char.IsAsciiDigit(entry.FileName[0]),
        };
        foreach (var pid in pids)
        {
            if (pid is not 1 and not KernelThreads && pid != Environment.ProcessId
                && ProcessStat.Read(pid) is { Parent: not KernelThreads } process && process.Identity.Start >= since)
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>The process's tag (<c>install id/task.attempt</c>); null if it has none or hides it.</summary>
    public static string? ReadTag(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ");
        for (var size = 16 * 1024; ; size *= 8)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var length = SmallFile.Read(path, buffer);
                if (length <= 0)
                {
                    return null;
                }

                if (FindTag(buffer.AsSpan(0, length)) is { } tag)
                {
                    return tag;
                }

                if (length < buffer.Length || size >= EnvironmentMax)
                {
                    return null;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>The tag in a block of NUL-separated assignments.</summary>
    public static string? FindTag(ReadOnlySpan<byte> environment)
    {
        for (var from = 0; environment[from..].IndexOf(TagAssignment) is var at and >= 0; from += at + 1)
        {
            var start = from + at;
            if (start == 0 || environment[start - 1] == 0)
            {
                var value = environment[(start + TagAssignment.Length)..];
                var end = value.IndexOf((byte)0);
                return end < 0 ? null : Encoding.UTF8.GetString(value[..end]);
            }
        }

        return null;
    }
}
