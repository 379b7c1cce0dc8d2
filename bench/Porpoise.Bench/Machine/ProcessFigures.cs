using System.Globalization;

namespace Porpoise.Bench.Machine;

/// <summary>What /proc says of one process.</summary>
internal static class ProcessFigures
{
    /// <summary>Clock ticks per second in /proc; the same on every Linux.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>Processor time of the process and of those of its children that it has reaped.</summary>
    public static double CpuSeconds(int pid) => OwnCpuSeconds(pid) + ChildrenCpuSeconds(pid);

    public static double OwnCpuSeconds(int pid) => Ticks(pid, 11..13) / TicksPerSecond;

    /// <summary>Of reaped children, with what they had reaped themselves.</summary>
    public static double ChildrenCpuSeconds(int pid) => Ticks(pid, 13..15) / TicksPerSecond;

    public static double ResidentMb(int pid) => Kilobytes(pid, "status", "VmRSS:") / 1024.0;

    public static double PeakResidentMb(int pid) => Kilobytes(pid, "status", "VmHWM:") / 1024.0;

    /// <summary>Resident memory, with pages that are shared with other processes counted in part.</summary>
    public static double ProportionalMb(int pid) => Kilobytes(pid, "smaps_rollup", "Pss:") / 1024.0;

    /// <summary>
    /// Processes whose HOME lies in the folder: tasks that a killed server left behind. Theirs is the only environment that says so.
    /// </summary>
    public static List<int> WithHomeIn(string folder)
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                if (File.ReadAllText(process + "/environ").Split('\0').Any(v => v.StartsWith("HOME=" + folder + "/", StringComparison.Ordinal)))
                {
                    found.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is somebody else's.
            }
        }

        return found;
    }

    /// <summary>Fields of /proc/PID/stat, counted from behind the program's name; 0 if the process is gone.</summary>
    private static long Ticks(int pid, Range fields)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[fields].Sum(static ticks => long.Parse(ticks, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Kilobytes(int pid, string file, string name)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}")).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
