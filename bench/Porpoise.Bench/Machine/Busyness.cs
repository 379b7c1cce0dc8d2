using System.Globalization;

namespace Porpoise.Bench.Machine;

/// <summary>How much of the machine others use: before a measurement, and during it.</summary>
internal static class Busyness
{
    /// <summary>Above this share a figure says more about the neighbours than about the server.</summary>
    public const double BusyMax = 0.20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the machine is quiet, or patience ends; the busy share last seen.</summary>
    public static double WaitForQuiet(TimeSpan patience)
    {
        for (var waited = TimeSpan.Zero; ; waited += Look)
        {
            var (total, busy) = Read();
            Thread.Sleep(Look);
            var (totalAfter, busyAfter) = Read();
            var share = (busyAfter - busy) / Math.Max(1.0, totalAfter - total);
            if (share <= BusyMax || waited >= patience)
            {
                return share;
            }
        }
    }

    /// <summary>Begins to watch.</summary>
    public static Watch Begin() => new();

    private static (long Total, long Busy) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(static t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum(), ticks.Sum() - ticks[3] - ticks[4]);
    }

    /// <summary>One measurement's view of the machine.</summary>
    internal sealed class Watch
    {
        private readonly double _cpu = ProcessFigures.CpuSeconds(Environment.ProcessId);
        private readonly (long Total, long Busy) _before = Read();

        /// <summary>The share of the machine that others used since the beginning: all but this process, its ended children, and those named.</summary>
        public double Others(params ReadOnlySpan<int> children)
        {
            var (total, busy) = Read();
            var own = ProcessFigures.CpuSeconds(Environment.ProcessId) - _cpu;
            foreach (var child in children)
            {
                own += ProcessFigures.CpuSeconds(child);
            }

            return Math.Clamp((busy - _before.Busy - (own * ProcessFigures.TicksPerSecond)) / Math.Max(1, total - _before.Total), 0, 1);
        }
    }
}
