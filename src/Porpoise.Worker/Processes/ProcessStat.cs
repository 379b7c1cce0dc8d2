using System.Buffers.Text;
using System.Globalization;

namespace Porpoise.Worker.Processes;

/// <summary>What is needed of <c>/proc/PID/stat</c>.</summary>
internal readonly record struct ProcessStat(ProcessIdentity Identity, byte State, int Parent, int Group, int Session, int Threads)
{
    private const int LineMax = 2048;

    /// <summary>False for a zombie: it only waits to be reaped. A dead main thread whose other threads live on also shows as Z, and does live.</summary>
    public bool IsAlive => State is not ((byte)'Z' or (byte)'X') || Threads > 1;

    /// <summary>Null if there is no such process (any more).</summary>
    public static ProcessStat? Read(int pid)
    {
        Span<byte> line = stackalloc byte[LineMax];
        var length = SmallFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), line);
        return length > 0 ? Parse(line[..length]) : null;
    }

    /// <summary>Null if it is no such line. The second field is the program's name as it chose it, blanks and parentheses included: the last ')' ends it.</summary>
    public static ProcessStat? Parse(ReadOnlySpan<byte> line)
    {
        var name = line.LastIndexOf((byte)')');
        if (name < 0 || name + 2 >= line.Length || !Utf8Parser.TryParse(line, out int pid, out _))
        {
            return null;
        }

        // After the name: 3 state, 4 parent, 5 group, 6 session, …, 20 threads, 21 zero, 22 start time.
        Span<long> numbers = stackalloc long[23];
        var rest = line[(name + 2)..];
        var state = rest[0];
        rest = rest[1..];
        for (var field = 4; field <= 22; field++)
        {
            rest = rest.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(rest, out numbers[field], out var used))
            {
                return null;
            }

            rest = rest[used..];
        }

        return new ProcessStat(
            new ProcessIdentity(pid, numbers[22]), state, (int)numbers[4], (int)numbers[5], (int)numbers[6], (int)numbers[20]);
    }
}
