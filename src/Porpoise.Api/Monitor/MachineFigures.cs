using System.Globalization;

namespace Porpoise.Api.Monitor;

/// <summary>How busy a machine is.</summary>
/// <param name="CpuUsage">Share of all cores, 0 to 1.</param>
/// <param name="MemoryUsage">Share of the memory that is not available to new programs, 0 to 1.</param>
/// <param name="LoadAverage">Of the last minute.</param>
/// <param name="AvailableMemory">GiB.</param>
/// <param name="DiskAvailable">GiB, where the data is.</param>
/// <param name="DiskUsage">Share, 0 to 1.</param>
internal sealed record MachineFigures(double CpuUsage, double MemoryUsage, double LoadAverage, double AvailableMemory, double DiskAvailable, double DiskUsage);

/// <summary>Reads them from /proc. Figures that the machine does not give are 0.</summary>
internal sealed class MachineGauge
{
    private const double GiB = 1024 * 1024 * 1024;

    private readonly Lock _gate = new();
    private CpuTimes _last;

    public MachineFigures Read(string dataFolder)
    {
        var (total, available) = ParseMemory(ReadLines("/proc/meminfo"));
        var disk = new DriveInfo(dataFolder);
        return new MachineFigures(
            CpuUsageSinceLastTime(ReadLines("/proc/stat")),
            total == 0 ? 0 : Math.Round(1 - ((double)available / total), 4),
            ParseLoad(ReadLines("/proc/loadavg")),
            Math.Round(available * 1024 / GiB, 2),
            Math.Round(disk.AvailableFreeSpace / GiB, 2),
            disk.TotalSize == 0 ? 0 : Math.Round(1 - ((double)disk.AvailableFreeSpace / disk.TotalSize), 4));
    }

    /// <summary>KiB in all, and those that new programs can have.</summary>
    internal static (long Total, long Available) ParseMemory(IEnumerable<string> lines)
    {
        long total = 0, available = 0;
        foreach (var line in lines)
        {
            var parts = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 1 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kib))
            {
                (total, available) = parts[0] switch
                {
                    "MemTotal" => (kib, available),
                    "MemAvailable" => (total, kib),
                    _ => (total, available),
                };
            }
        }

        return (total, available);
    }

    internal static double ParseLoad(IEnumerable<string> lines) =>
        double.TryParse(lines.FirstOrDefault()?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : 0;

    /// <summary>Ticks since the machine started. Waiting for a disk counts as idle.</summary>
    internal static CpuTimes ParseCpu(IEnumerable<string> lines)
    {
        var ticks = (lines.FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal)) ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8) // user nice system idle iowait irq softirq steal; guests count as user already
            .Select(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0)
            .ToArray();
        return ticks.Length < 5 ? default : new CpuTimes(ticks.Sum(), ticks[3] + ticks[4]);
    }

    /// <summary>The first time: since the machine started.</summary>
    private double CpuUsageSinceLastTime(IEnumerable<string> lines)
    {
        lock (_gate)
        {
            var now = ParseCpu(lines);
            var (total, idle) = (now.Total - _last.Total, now.Idle - _last.Idle);
            _last = now;
            return total <= 0 ? 0 : Math.Clamp(Math.Round(1 - ((double)idle / total), 4), 0, 1);
        }
    }

    private static string[] ReadLines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    internal readonly record struct CpuTimes(long Total, long Idle);
}
