using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Attempts;

public sealed class ClaimTests : WorkerTest
{
    [Fact]
    public async Task A_second_start_of_a_running_attempt_does_nothing()
    {
        var go = NewPipe();
        var worker = NewWorker();
        worker.Start(Order($"echo started; cat {go}"));
        worker.Start(Order($"echo started; cat {go}"));
        await go.WriteAsync();
        await Reports.OfAsync(Key);
        Assert.Equal("started\ngo\n", ReadLog());
        Assert.Single(Reports.Accepted);
    }

    [Fact]
    public async Task Another_worker_on_the_same_folder_does_not_start_it_again()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        NewWorker().Start(Order($"echo started; echo >{ready}; cat {go}"));
        await ready.ReadAsync();
        var second = NewWorker();
        second.Start(Order("echo again"));
        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        await second.DisposeAsync();
        Assert.Equal("started\ngo\n", ReadLog());
        Assert.All(Reports.Accepted, report => Assert.Equal(new AttemptOutcome.Exited(0), report.Outcome)); // whoever asks hears how it ended
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_shims_at_once_exactly_one_runs_the_script(bool native)
    {
        var nativeShim = native ? Shim.TryInstallNative(Root) : null;
        Assert.Equal(0, Folder.Prepare("echo started\n"));
        using var spawner = new Spawner("boot", nativeShim, user: null, new TaskLimits());
        using var watcher = new ExitWatcher();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => await RunShimAsync(spawner, watcher)));
        Assert.Equal("started\n", ReadLog());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shim_that_comes_late_to_a_revoked_attempt_runs_nothing(bool native)
    {
        var nativeShim = native ? Shim.TryInstallNative(Root) : null;
        Assert.Equal(0, Folder.Prepare("echo started\n"));
        NewWorker().Resume(Order("echo started"));
        Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key));
        using var spawner = new Spawner("boot", nativeShim, user: null, new TaskLimits());
        using var watcher = new ExitWatcher();
        Assert.Equal(Shim.ClaimedBefore, await RunShimAsync(spawner, watcher));
        Assert.Equal("", ReadLog());
    }

    [Fact]
    public void Only_a_whole_line_signs_a_claim()
    {
        const string Line = "boot 7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 123 0\n";
        Assert.Equal(new Claim.Signed("boot", new ProcessIdentity(7, 123)), Claim.Parse(System.Text.Encoding.UTF8.GetBytes(Line)));
        for (var length = 0; length < Line.Length; length++)
        {
            Assert.IsType<Claim.Unsigned>(Claim.Parse(System.Text.Encoding.UTF8.GetBytes(Line[..length])));
        }

        Assert.IsType<Claim.Revoked>(Claim.Parse("revoked\n"u8));
    }

    [Theory]
    [InlineData("137\n", 137)]
    [InlineData("0\n", 0)]
    [InlineData("137", null)]
    [InlineData("", null)]
    [InlineData("\n", null)]
    [InlineData("1x\n", null)]
    [InlineData("3 left\n", 3, true)]
    [InlineData("0 maybe\n", 0, true)]
    [InlineData("0 maybe", null)]
    [InlineData(" left\n", null)]
    public void Only_a_whole_line_is_an_exit_code(string content, int? code, bool mayHaveLeft = false) =>
        Assert.Equal(code is { } exit ? (exit, mayHaveLeft) : null, Claim.ParseExit(System.Text.Encoding.UTF8.GetBytes(content)));

    private async Task<int?> RunShimAsync(Spawner spawner, ExitWatcher watcher)
    {
        Assert.Equal(0, spawner.Start(Folder.Path, Folder.Log, "/bin/sh", ["PATH=/usr/bin:/bin"], out var pid));
        using var process = Libc.OpenPidFd(pid, out _)!;
        Assert.True(await watcher.WaitAsync(process).WaitAsync(Patience, TestContext.Current.CancellationToken));
        return Libc.Reap(process);
    }
}
