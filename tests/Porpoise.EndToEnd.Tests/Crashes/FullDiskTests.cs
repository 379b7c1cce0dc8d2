using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Crashes;

/// <summary>The data folder on a file system of its own, which runs full.</summary>
[Trait("lane", "slow")]
public sealed class FullDiskTests : IAsyncDisposable
{
    private const int StartsMax = 50_000;

    private readonly string _mount = Directory.CreateTempSubdirectory("porpoise-e2e-full-").FullName;
    private Installation? _installation;

    private string Filler => Path.Combine(_mount, "filler");

    [Fact]
    public async Task A_full_disk_refuses_new_work_in_json_loses_nothing_and_heals_without_a_restart()
    {
        await MountAsync();
        var installation = _installation = new Installation(Path.Combine(_mount, "data"));
        await installation.StartAsync();
        var (dolphin, cloud) = (installation.Dolphin, installation.Cloud);
        var code = await dolphin.CreateAsync(new Workflow().Noop("a").Noop("b", "a"));
        var done = await dolphin.StartAsync(code);
        Assert.Equal("SUCCESS", await dolphin.WaitForStateAsync(done));

        // One that has a successor to start, and one whose exit code, while there is no room for either.
        var pending = await dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 4; exit 0").Shell("b", "echo after", "a"));
        var failing = await dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 4; exit 9"));
        await dolphin.WaitForLogAsync(pending, "a", "begin");
        await dolphin.WaitForLogAsync(failing, "a", "begin");

        Fill();
        var acknowledged = new List<int> { done };
        var refused = await StartUntilRefusedAsync(dolphin, code, acknowledged);
        Assert.Equal(503, refused.Status);
        refused.Refused(1500003);
        var signed = await cloud.TryStartAsync(code, ("isProd", "true"));
        Assert.Equal(503, signed.Status);
        Assert.Equal("ServiceUnavailable", signed.GatewayCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync("ready"));
        Assert.Equal(HttpStatusCode.OK, await HealthAsync("live"));

        // Reads go on, and long enough for the scripts to end.
        Assert.Equal("SUCCESS", await cloud.StateAsync(done));
        Assert.NotEmpty(await dolphin.TasksAsync(done));
        Assert.True((await dolphin.CountAsync())["SUCCESS"] > 0);
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        Assert.Equal("RUNNING_EXECUTION", await dolphin.StateAsync(pending));
        Assert.Equal(503, (await dolphin.TryStartAsync(code)).Status);
        Assert.Equal(503, (await dolphin.TryStopAsync(pending)).Status);
        Assert.Equal(503, (await dolphin.TryCreateAsync(new Workflow().Noop("a"))).Status);

        File.Delete(Filler);
        await Eventually.TrueAsync(async () => await HealthAsync("ready") == HttpStatusCode.OK, "the server is ready again", TimeSpan.FromSeconds(10));
        acknowledged.Add(await dolphin.StartAsync(code));
        acknowledged.Add(await cloud.StartAsync(code, ("isProd", "true")));
        Assert.Equal("SUCCESS", await dolphin.WaitForStateAsync(pending));
        Assert.Equal("after\n", await dolphin.LogAsync(await dolphin.TaskAsync(pending, "b")));
        Assert.Equal("FAILURE", await dolphin.WaitForStateAsync(failing));
        Assert.Equal(9, (await dolphin.TaskAsync(failing, "a")).GetProperty("exitCode").GetInt32());
        await AssertAllSucceededAsync(dolphin, acknowledged);

        await installation.KillAndStartAsync();
        await AssertAllSucceededAsync(dolphin, acknowledged);
        Assert.Equal(acknowledged.Count + 2, (await dolphin.CountAsync()).Values.Sum());
    }

    [Fact]
    public async Task Whoever_waits_for_a_slot_waits_on_while_the_disk_is_full()
    {
        const int Waiting = 20_000;
        await MountAsync(megabytes: 400);
        var installation = _installation = new Installation(Path.Combine(_mount, "data"));
        await installation.StartAsync("--slots", "1");
        var dolphin = installation.Dolphin;
        var first = await dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 20"));
        await dolphin.WaitForLogAsync(first, "a", "begin");
        var code = await dolphin.CreateAsync(new Workflow().Shell("a", "echo after"));
        var second = await dolphin.StartAsync(code);
        await Parallel.ForAsync(1, Waiting, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) => await dolphin.StartAsync(code));

        // The first ends, and hands its slot on to whoever cannot take it.
        Fill();
        await StartUntilRefusedAsync(dolphin, code, []);
        using (var file = new FileStream(Filler, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length - 8192); // enough for its exit code, too little for a commit
        }

        var printed = installation.Transcript.Length;
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await HealthAsync("live"));
        Assert.Equal("RUNNING_EXECUTION", await dolphin.StateAsync(first));
        var said = installation.Transcript[printed..];
        Assert.True(said.Length < 20_000, $"The server printed {said.Length} characters while the disk was full: {said[..Math.Min(2_000, said.Length)]}");

        File.Delete(Filler);
        await Eventually.TrueAsync(async () => await HealthAsync("ready") == HttpStatusCode.OK, "the server is ready again", TimeSpan.FromSeconds(10));
        Assert.Equal("SUCCESS", await dolphin.WaitForStateAsync(first));
        Assert.Equal("SUCCESS", await dolphin.WaitForStateAsync(second));
        var counts = await dolphin.CountAsync();
        Assert.True(counts.GetValueOrDefault("FAILURE") == 0 && counts["SUCCESS"] < 2_000, string.Join(", ", counts));
    }

    [Fact]
    public async Task A_server_killed_on_a_full_disk_starts_again_there_and_heals()
    {
        await MountAsync();
        var installation = _installation = new Installation(Path.Combine(_mount, "data"));
        await installation.StartAsync();
        var dolphin = installation.Dolphin;
        var code = await dolphin.CreateAsync(new Workflow().Noop("a").Noop("b", "a"));
        var acknowledged = new List<int> { await dolphin.StartAsync(code) };
        Fill();
        await StartUntilRefusedAsync(dolphin, code, acknowledged);
        await installation.Server.KillAsync();

        Exit? exit = null;
        try
        {
            await installation.StartAsync();
        }
        catch (InvalidOperationException)
        {
            exit = await ServerProcess.RunToEndAsync(installation.Folder, "http://127.0.0.1:0");
        }

        if (exit is not null)
        {
            // Not to start is an answer too, if it says why; but then it must start once there is room.
            Assert.NotEqual(0, exit.Code);
            Assert.DoesNotContain("Unhandled exception", exit.Output, StringComparison.Ordinal);
            Assert.Contains("full", exit.Output, StringComparison.OrdinalIgnoreCase);
        }

        File.Delete(Filler);
        if (exit is not null)
        {
            await installation.StartAsync();
        }

        await Eventually.TrueAsync(async () => await HealthAsync("ready") == HttpStatusCode.OK, "the server is ready again", TimeSpan.FromSeconds(10));
        await AssertAllSucceededAsync(dolphin, acknowledged);
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null)
        {
            Transcript.WriteIfFailed(_installation);
            await _installation.DisposeAsync();
            await RunAsync("umount", "-l", _mount);
        }

        Directory.Delete(_mount, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task MountAsync(int megabytes = 48)
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can mount a small file system to fill.");
        var error = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _mount);
        Assert.SkipUnless(error is null, "A small file system cannot be mounted here: " + error);
    }

    /// <summary>To the last byte: in large pieces first, then in small ones.</summary>
    private void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1024 * 1024, 4096, 1])
        {
            try
            {
                for (var piece = new byte[size]; ;)
                {
                    file.Write(piece);
                }
            }
            catch (IOException)
            {
                // Full, for pieces of this size.
            }
        }
    }

    /// <summary>What the WAL holds room for is still taken; so this ends only when it has to grow.</summary>
    private async Task<Reply> StartUntilRefusedAsync(DolphinClient dolphin, long code, List<int> acknowledged)
    {
        for (var i = 0; i < StartsMax; i++)
        {
            var reply = await dolphin.TryStartAsync(code);
            if (reply.Status != 200)
            {
                return reply;
            }

            acknowledged.Add(reply.Data()[0].GetInt32());
            Fill();
        }

        throw new TimeoutException($"{StartsMax} starts were acknowledged on a full disk.");
    }

    private static async Task AssertAllSucceededAsync(DolphinClient dolphin, List<int> runs)
    {
        foreach (var run in runs)
        {
            Assert.Equal("SUCCESS", await dolphin.WaitForStateAsync(run));
        }
    }

    private async Task<HttpStatusCode> HealthAsync(string which)
    {
        using var answer = await _installation!.Dolphin.SendRawAsync(HttpMethod.Get, "/healthz/" + which);
        return answer.StatusCode;
    }

    /// <summary>Null, or what the program complained about.</summary>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error;
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
