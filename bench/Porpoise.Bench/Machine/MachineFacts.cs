using System.Globalization;
using System.Runtime.InteropServices;

namespace Porpoise.Bench.Machine;

/// <summary>What the figures depend on: processor, kernel, file system of the data folder.</summary>
internal sealed record MachineFacts(int Cores, string Cpu, double MemoryGiB, string Kernel, string FileSystem, string Runtime)
{
    public static MachineFacts Read(string dataFolder) => new(
        Environment.ProcessorCount,
        Field("/proc/cpuinfo", "model name"),
        Math.Round(long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0 / 1024, 1),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        FileSystemOf(dataFolder),
        RuntimeInformation.FrameworkDescription);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Cores} cores {Cpu}, {MemoryGiB} GiB, Linux {Kernel}, {FileSystem}, {Runtime}");

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : "0 unknown";

    /// <summary>The type of the longest mount point above the folder.</summary>
    private static string FileSystemOf(string folder)
    {
        var (type, length) = ("unknown", 0);
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var parts = line.Split(' ');
            var point = parts[1].TrimEnd('/') + "/";
            if ((folder + "/").StartsWith(point, StringComparison.Ordinal) && point.Length > length)
            {
                (type, length) = (parts[2], point.Length);
            }
        }

        return type;
    }
}
