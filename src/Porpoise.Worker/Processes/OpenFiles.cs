using System.Globalization;

namespace Porpoise.Worker.Processes;

/// <summary>How many files, connections among them, this process may have open.</summary>
public static class OpenFiles
{
    /// <summary>The hard limit: .NET takes all of it, and a process may not let others have more than itself.</summary>
    public static long ReadMax()
    {
        var fields = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var hard) ? hard : long.MaxValue;
    }
}
