using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Worker.Tests;

/// <summary>Not a test: attempts per second at 8 slots, next to a bare shell loop that does the same work. <c>Porpoise.Worker.Tests rate 2000</c>.</summary>
internal static class StartRate
{
    private const int Slots = 8;
    private const string BareLoop = """
        for slot in 1 2 3 4 5 6 7 8; do (
          i=0; while [ $i -lt $1 ]; do i=$((i+1)); d=$2/$slot/$i; setsid bash $2/script >$2/$slot.$i.log 2>&1 </dev/null; echo $? >$2/$slot.$i.exit; done
        ) & done; wait
        """;

    public static async Task<int> MeasureAsync(int attempts)
    {
        for (var round = 1; round <= 3; round++)
        {
            await ReportAsync("bare loop", attempts, folder => RunBareAsync(folder, attempts));
            foreach (var startsMax in (int[])[1, 2, 4])
            {
                await ReportAsync($"worker ({startsMax})", attempts, folder => RunWorkerAsync(folder, attempts, startsMax));
            }
        }

        return 0;
    }

    /// <summary>
    /// Processor time tells more than the rate while other things run on the machine. The folders are left to the caller: ext4 is slow beside inodes that
    /// were deleted a moment ago, which would be measured along.
    /// </summary>
    private static async Task ReportAsync(string name, int attempts, Func<string, Task<double>> measure)
    {
        var (ownBefore, othersBefore) = ReadTicks();
        var folder = Directory.CreateTempSubdirectory("porpoise-rate-").FullName;
        var rate = await measure(folder);
        var (own, others) = ReadTicks();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-12}{rate,6:F0}/s   processor ms per attempt: server {10.0 * (own - ownBefore) / attempts:F2}, children {10.0 * (others - othersBefore) / attempts:F2}"));
    }

    /// <summary>Hundredths of a second, of this process and of its children that have ended.</summary>
    private static (long Own, long Children) ReadTicks()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(' ')[13..17].Select(static field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (fields[0] + fields[1], fields[2] + fields[3]);
    }

    private static async Task<double> RunBareAsync(string folder, int attempts)
    {
        await File.WriteAllTextAsync(folder + "/script", "/bin/true\n");
        var watch = Stopwatch.StartNew();
        using var loop = Process.Start("/bin/sh", ["-c", BareLoop, "bare", (attempts / Slots).ToString(CultureInfo.InvariantCulture), folder]);
        await loop.WaitForExitAsync();
        return attempts / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> RunWorkerAsync(string folder, int attempts, int startsMax)
    {
        await using var worker = new LocalWorker(
            new LocalWorkerOptions { Root = folder, InstallId = "rate", StartsMax = startsMax }, TimeProvider.System, NullLogger<LocalWorker>.Instance);
        var reports = new Reports();
        worker.Attach(reports);
        var watch = Stopwatch.StartNew();
        for (int started = 0, ended = 0; ended < attempts;)
        {
            if (started < attempts && started - ended < Slots)
            {
                worker.Start(new AttemptOrder(new RunId(1), 0, new AttemptKey(new TaskId(++started), 1), "SHELL", "true", new TaskProgram(ProgramLanguage.Shell, "/bin/true\n")));
                continue;
            }

            if (await reports.Ended.Reader.ReadAsync() is not AttemptOutcome.Exited { Code: 0 } and var other)
            {
                throw new InvalidOperationException(other.ToString());
            }

            ended++;
        }

        return attempts / watch.Elapsed.TotalSeconds;
    }

    private sealed class Reports : IAttemptReports
    {
        public Channel<AttemptOutcome> Ended { get; } = Channel.CreateUnbounded<AttemptOutcome>();

        public Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at)
        {
            Ended.Writer.TryWrite(outcome);
            return Task.CompletedTask;
        }
    }
}
