using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.EndToEnd.Tests.Live;
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
    private const int Readers = 8;
    private const int Followers = 8;

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
        var reading = Enumerable.Range(0, Readers).Select(i => ReadLogsAsync(run, i, over.Token)).ToList();
        var following = Enumerable.Range(0, Followers).Select(i => FollowLogsAsync(run, i, over.Token)).ToList();
        Assert.Equal("SUCCESS", await WaitAsync(run));
        var took = watch.Elapsed;
        await over.CancelAsync();
        var (most, read, followed) = (await memory, (await Task.WhenAll(reading)).Sum(), (await Task.WhenAll(following)).Sum());
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Tasks} logs in {took.TotalSeconds:0} s; meanwhile {read} pages read, {followed} logs followed; at most {most} MiB of memory"));

        foreach (var task in await Dolphin.TasksAsync(run))
        {
            var id = task.GetProperty("id").GetInt32();
            var log = Path.Combine(Installation.Folder, "attempts", $"{id / 1000}", $"{id}.1.log");
            Assert.Equal(Bytes, new FileInfo(log).Length);
            Assert.EndsWith($"end {int.Parse(Text(task, "name")[1..], CultureInfo.InvariantCulture):0000}\n", await File.ReadAllTextAsync(log), StringComparison.Ordinal);
        }

        Assert.True(read >= 20, $"Only {read} pages were read.");
        Assert.True(followed >= Followers, $"Only {followed} logs were followed.");
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

    /// <summary>Reads the logs of whatever runs, page by page to the end of each. How many pages that were.</summary>
    private async Task<int> ReadLogsAsync(int run, int number, CancellationToken over)
    {
        var pages = 0;
        while (!over.IsCancellationRequested)
        {
            if (await NewestAsync(run, number) is { } task)
            {
                pages += await ReadLogAsync(task, over);
            }
        }

        return pages;
    }

    private async Task<int> ReadLogAsync(int task, CancellationToken over)
    {
        var pages = 0;
        for (var skip = 0; !over.IsCancellationRequested;)
        {
            var page = await Dolphin.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task), ("skipLineNum", skip), ("limit", 10_000));
            if (!page.Json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || data.GetProperty("lineNum").GetInt32() is not (> 0 and var lines))
            {
                break;
            }

            skip += lines;
            pages++;
        }

        return pages;
    }

    /// <summary>Follows the logs of whatever runs, each to its end, where every byte of it has come. How many that were.</summary>
    private async Task<int> FollowLogsAsync(int run, int number, CancellationToken over)
    {
        var logs = 0;
        while (!over.IsCancellationRequested)
        {
            if (await NewestAsync(run, number) is { } task)
            {
                await using var events = await EventReader.OpenAsync(Installation.Url, Installation.Key.Token, $"/porpoise/v1/workspaces/{Dolphin.Workspace}/task-instances/{task}/log/events");
                var bytes = 0;
                await events.UntilAsync(e =>
                {
                    bytes += Encoding.UTF8.GetByteCount(Text(e.Data, "text"));
                    return e.Name == "end";
                });
                Assert.Equal(Bytes, bytes);
                logs++;
            }
        }

        return logs;
    }

    /// <summary>The task that is the <paramref name="number"/>th from the last of those that have begun.</summary>
    private async Task<int?> NewestAsync(int run, int number) =>
        (await Dolphin.TasksAsync(run)).Where(t => Text(t, "state") is "RUNNING_EXECUTION" or "SUCCESS").Select(t => (int?)t.GetProperty("id").GetInt32()).SkipLast(number % 8).LastOrDefault();
}
