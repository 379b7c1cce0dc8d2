using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Crashes;

/// <summary>Acknowledged means durable: watched from outside, in the system calls.</summary>
[Trait("lane", "slow")]
public sealed partial class DurabilityTests : InstallationTest
{
    private const int Starts = 50;

    [Fact]
    public async Task Between_the_request_and_the_answer_of_each_start_the_log_is_synced()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        var wal = FindDescriptor(Installation.Server.Id, Installation.Folder + "/porpoise.db-wal");
        var trace = Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "trace");
        using (var strace = Attach(Installation.Server.Id, trace))
        {
            // Started once before: what the first call compiles and opens is not of interest.
            await Dolphin.StartAsync(code);
            for (var i = 0; i < Starts; i++)
            {
                await StartMarkedAsync(code, i);
            }

            using (var ask = Process.Start("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await ask.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            await strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var events = Read(File.ReadLines(trace), wal);
        for (var i = 0; i < Starts; i++)
        {
            AssertSyncedBeforeAnswer(events, Mark(i));
        }
    }

    private static string Mark(int i) => string.Create(CultureInfo.InvariantCulture, $"mark-{i:000}.");

    private async Task StartMarkedAsync(long code, int i)
    {
        var target = $"/dolphinscheduler/projects/{Dolphin.Workspace}/executors/start-process-instance?clientToken={Mark(i)}&processDefinitionCode={code}";
        (await Dolphin.SendAsync(HttpMethod.Post, target)).Data();
    }

    /// <summary>In the order of events: the request was read; then a sync of the WAL began and, still before the answer was begun, succeeded.</summary>
    private static void AssertSyncedBeforeAnswer(IReadOnlyList<(What What, string Line)> events, string mark)
    {
        var read = Index(0, e => e.What == What.Read && e.Line.Contains(mark, StringComparison.Ordinal));
        Assert.True(read >= 0, $"The trace does not show the request {mark}.");
        var answer = Index(read + 1, e => e.What == What.Answer);
        Assert.True(answer >= 0, $"The trace does not show the answer to {mark}.");
        var wrote = Index(read + 1, e => e.What == What.WalWrite);
        var began = Index(Math.Max(wrote, read) + 1, e => e.What == What.SyncBegin);
        var ended = Index(began + 1, e => e.What == What.SyncEnd);
        Assert.True(
            wrote >= 0 && began >= 0 && ended >= 0 && wrote < began && began < ended && ended < answer,
            $"Between the request {mark} and its answer the WAL was not written and synced:\n{string.Join('\n', events.Skip(read).Take(answer - read + 1).Select(e => e.What + " " + e.Line))}");

        int Index(int from, Predicate<(What What, string Line)> match) => ((List<(What, string)>)events).FindIndex(Math.Min(from, events.Count), match);
    }

    private enum What
    {
        Read,
        WalWrite,
        SyncBegin,
        SyncEnd,
        Answer,
    }

    /// <summary>
    /// Picks the events out of the trace. A call that another thread interrupts takes two lines, "unfinished" and "resumed": what is read
    /// shows in the second, what is sent in the first, and a sync has ended with the second only.
    /// </summary>
    private static List<(What What, string Line)> Read(IEnumerable<string> lines, int wal)
    {
        var events = new List<(What, string)>();
        var syncing = new HashSet<string>();
        foreach (var line in lines)
        {
            if (Call().Match(line) is not { Success: true } call)
            {
                continue;
            }

            var (thread, resumed, name, rest) = (call.Groups["thread"].Value, call.Groups["resumed"].Success, call.Groups["name"].Value, call.Groups["rest"].Value);
            var unfinished = rest.EndsWith("<unfinished ...>", StringComparison.Ordinal);
            if (name is "fdatasync" or "fsync")
            {
                if (!resumed && rest.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{wal}"), StringComparison.Ordinal) && !char.IsAsciiDigit(rest[Digits(wal)]))
                {
                    events.Add((What.SyncBegin, line));
                    syncing.Add(thread);
                }

                if (!unfinished && syncing.Remove(thread) && rest.EndsWith("= 0", StringComparison.Ordinal))
                {
                    events.Add((What.SyncEnd, line));
                }
            }
            else if (name is "pwrite64" or "write" or "pwritev" && !resumed && rest.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{wal},"), StringComparison.Ordinal))
            {
                events.Add((What.WalWrite, line));
            }
            else if (!resumed && rest.Contains("HTTP/1.1 200 OK", StringComparison.Ordinal))
            {
                events.Add((What.Answer, line));
            }
            else if (!unfinished && rest.Contains("POST /dolphinscheduler", StringComparison.Ordinal))
            {
                events.Add((What.Read, line));
            }
        }

        return events;
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static int FindDescriptor(int pid, string path)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")))
        {
            if (new FileInfo(entry).LinkTarget == path && Writes(pid, Path.GetFileName(entry)))
            {
                return int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
            }
        }

        throw new FileNotFoundException($"The server has not opened {path} for writing.");
    }

    /// <summary>The writer's connection is the first; the readers open the log after it. All may write, so the lowest number it is.</summary>
    private static bool Writes(int pid, string descriptor) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fdinfo/{descriptor}")).First(l => l.StartsWith("flags:", StringComparison.Ordinal))[^1] is '2' or '1';

    private static Process Attach(int pid, string trace)
    {
        try
        {
            var strace = Process.Start(new ProcessStartInfo(
                "strace",
                [
                    "-f", "-s", "600", "-o", trace, "-p", pid.ToString(CultureInfo.InvariantCulture),
                    "-e", "trace=fdatasync,fsync,read,readv,write,writev,pwrite64,pwritev,recvfrom,recvmsg,sendto,sendmsg",
                ])
            {
                RedirectStandardError = true,
            })!;
            for (string? line; !string.Concat(line = strace.StandardError.ReadLine()).Contains("attached", StringComparison.Ordinal);)
            {
                Assert.SkipWhen(line is null || line.Contains("not permitted", StringComparison.Ordinal), "strace cannot attach here: " + line);
            }

            return strace;
        }
        catch (Win32Exception e)
        {
            Assert.Skip("strace is not installed: " + e.Message);
            throw;
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+(?:(?<resumed><\.\.\. )(?<name>\w+) resumed>|(?<name>\w+)\()(?<rest>.*)$")]
    private static partial Regex Call();
}
