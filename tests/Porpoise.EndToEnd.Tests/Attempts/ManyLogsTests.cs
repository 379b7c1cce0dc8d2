using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Attempts;

/// <summary>Logs go from the tasks to the disk, and from there to readers, but never through the server's memory.</summary>
[Trait("lane", "slow")]
public sealed class ManyLogsTests : InstallationTest
{
    private const int Tasks = 500;
    private const int Bytes = 10 * 1024 * 1024;
    private const int MemoryMegabytesMax = 200;

    [Fact]
    public async Task Five_hundred_logs_of_ten_megabytes_need_little_memory_and_none_loses_a_byte()
    {
        await Installation.StartAsync("--slots", "8");
        var workflow = new Workflow();
        for (var i = 0; i < Tasks; i++)
        {
            workflow.Shell($"t{i}", $"yes 'a line of the log, as long as such lines often are, of task {i}' | head -c {Bytes - 10}; printf '\\nend %04d\\n' {i}");
        }

        var watch = Stopwatch.StartNew();
        var run = await Dolphin.StartAsync(workflow);
        using var over = new CancellationTokenSource();
        var memory = WatchMemoryAsync(over.Token);
        var reading = ReadLogsAsync(run, over.Token);
        Assert.Equal("SUCCESS", await WaitAsync(run));
        var took = watch.Elapsed;
        await over.CancelAsync();
        var (most, read) = (await memory, await reading);
        TestContext.Current.SendDiagnosticMessage("{0} logs in {1:0.0} s, {2} pages read meanwhile, at most {3} MiB of memory", Tasks, took.TotalSeconds, read, most);

        foreach (var task in await Dolphin.TasksAsync(run))
        {
            var id = task.GetProperty("id").GetInt32();
            var log = Path.Combine(Installation.Folder, "attempts", $"{id / 1000}", $"{id}.1.log");
            Assert.Equal(Bytes, new FileInfo(log).Length);
            Assert.EndsWith($"end {int.Parse(Text(task, "name")[1..], CultureInfo.InvariantCulture):0000}\n", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        }

        Assert.True(read >= 20, $"Only {read} pages were read.");
        Assert.InRange(most, 1, MemoryMegabytesMax);
    }

    private async Task<string> WaitAsync(int run)
    {
        string state;
        while ((state = Text((await Dolphin.TryGetRunAsync(run, waitSeconds: 30)).Data(), "state")) is "RUNNING_EXECUTION" or "SUBMITTED_SUCCESS")
        {
        }

        return state;
    }

    /// <summary>VmRSS in MiB, at most.</summary>
    private async Task<int> WatchMemoryAsync(CancellationToken over)
    {
        var most = 0;
        while (!over.IsCancellationRequested)
        {
            var line = File.ReadLines($"/proc/{Installation.Server.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            most = Math.Max(most, int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);
            await Task.Delay(50, CancellationToken.None);
        }

        return most;
    }

    /// <summary>Follows the logs of whatever runs, page by page to the end of each. How many pages that were.</summary>
    private async Task<int> ReadLogsAsync(int run, CancellationToken over)
    {
        var pages = 0;
        while (!over.IsCancellationRequested)
        {
            foreach (var task in (await Dolphin.TasksAsync(run)).Where(t => Text(t, "state") is "RUNNING_EXECUTION" or "SUCCESS").TakeLast(4))
            {
                pages += await ReadLogAsync(task, over);
            }
        }

        return pages;
    }

    private async Task<int> ReadLogAsync(JsonElement task, CancellationToken over)
    {
        var pages = 0;
        for (var skip = 0; !over.IsCancellationRequested;)
        {
            var page = await Dolphin.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task.GetProperty("id").GetInt32()), ("skipLineNum", skip), ("limit", 10_000));
            if (!page.Json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || data.GetProperty("lineNum").GetInt32() is not (> 0 and var lines))
            {
                break;
            }

            skip += lines;
            pages++;
        }

        return pages;
    }
}
