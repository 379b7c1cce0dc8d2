using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Attempts;

public class ResumeTests : WorkerTest
{
    private static readonly string BootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    [Fact]
    public async Task An_attempt_that_never_started_is_revoked_and_lost()
    {
        Assert.Contains("never started", (await LoseAsync()).Reason, StringComparison.Ordinal);
        Assert.IsType<Claim.Revoked>(Folder.ReadClaim());
    }

    [Fact]
    public async Task A_revoked_attempt_is_lost_again_and_cannot_start()
    {
        Assert.True(Folder.TryRevoke());
        Assert.Contains("revoked", (await LoseAsync()).Reason, StringComparison.Ordinal);
        var worker = NewWorker();
        worker.Start(Order("echo started"));
        await worker.DisposeAsync();
        Assert.False(File.Exists(Folder.Log));
    }

    [Fact]
    public async Task An_ended_attempt_is_reported_with_its_code_and_the_time_it_ended()
    {
        Prepare("exit", "7\n");
        var ended = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Folder.Path + ".exit", ended);
        Assert.Equal(new AttemptOutcome.Exited(7), await ResumeAsync());
        Assert.Equal(ended, Assert.Single(Reports.Accepted).At.UtcDateTime);
    }

    [Theory]
    [InlineData("never-boot")]
    [InlineData(null)]
    public async Task A_claim_of_another_boot_or_of_a_number_used_again_is_lost_and_nobody_is_touched(string? boot)
    {
        using var bystander = System.Diagnostics.Process.Start("/bin/sleep", "60");
        var stat = await File.ReadAllTextAsync($"/proc/{bystander.Id}/stat", TestContext.Current.CancellationToken);
        var fields = stat.Split(' ');
        fields[21] = "1"; // Started long before.
        Prepare("claim", boot is null ? $"{BootId} {string.Join(' ', fields)}" : $"{boot} {stat}");
        await LoseAsync();
        Assert.True(IsAlive(bystander.Id));
        bystander.Kill();
    }

    [Fact]
    public async Task An_unsigned_claim_is_waited_for()
    {
        Prepare("claim", "");
        var worker = NewWorker();
        worker.Resume(Order(""));
        Prepare("exit", "4\n");
        Prepare("claim", $"{BootId} 999999 (sh) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 123 0\n");
        Assert.Equal(new AttemptOutcome.Exited(4), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task A_claim_that_stays_unsigned_is_lost() => Assert.Contains("vanished", (await LoseAfterAsync("claim", "")).Reason, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_left_of_an_attempt_whose_shim_died_is_ended_before_it_is_lost()
    {
        var ready = NewPipe();
        var first = NewWorker();
        first.Start(Order($"setsid sleep 61 & echo $PPID >{ready}; sleep 62"));
        var shim = await ready.ReadPidAsync();
        await first.DisposeAsync();
        Assert.Equal(0, Libc.Kill(shim, Libc.SigKill));
        await LoseAsync();
        Assert.Empty(TaggedProcesses());
    }

    [Fact]
    public async Task A_shim_killed_under_the_eyes_of_its_worker_makes_the_attempt_lost_too()
    {
        var ready = NewPipe();
        NewWorker().Start(Order($"setsid sleep 61 & echo $PPID >{ready}; env -i sleep 62"));
        Assert.Equal(0, Libc.Kill(await ready.ReadPidAsync(), Libc.SigKill));
        var lost = Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key));
        Assert.Contains("137", lost.Reason, StringComparison.Ordinal);
        Assert.Empty(TaggedProcesses());
    }

    [Fact]
    public async Task A_running_attempt_is_taken_up_again_with_its_code_and_its_whole_log()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        var first = NewWorker();
        first.Start(Order($"echo before; echo >{ready}; cat {go}; echo after; exit 7"));
        await ready.ReadAsync();
        await first.DisposeAsync();
        NewWorker().Resume(Order(""));
        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(7), await Reports.OfAsync(Key));
        Assert.Equal("before\ngo\nafter\n", ReadLog());
    }

    [Fact]
    public async Task An_attempt_outlives_a_server_that_is_killed()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        using (var server = Victim.Launch(Root, InstallId, $"echo before; echo >{ready}; cat {go}; echo after; exit 7", "start"))
        {
            await ready.ReadAsync();
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        NewWorker().Resume(Order(""));
        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(7), await Reports.OfAsync(Key));
        Assert.Equal("before\ngo\nafter\n", ReadLog());
    }

    [Fact]
    public async Task An_attempt_that_ends_while_no_server_is_there_is_reported_by_the_next()
    {
        var (ready, go) = (NewPipe(), NewPipe());
        using (var server = Victim.Launch(Root, InstallId, $"echo $PPID >{ready}; cat {go}; exit 7", "start"))
        {
            var shim = await ready.ReadPidAsync();
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
            using var process = Libc.OpenPidFd(shim, out _)!;
            using var watcher = new ExitWatcher();
            await go.WriteAsync();
            Assert.True(await watcher.WaitAsync(process).WaitAsync(Patience, TestContext.Current.CancellationToken));
        }

        Assert.Equal(new AttemptOutcome.Exited(7), await ResumeAsync());
    }

    private async Task<AttemptOutcome> ResumeAsync()
    {
        NewWorker().Resume(Order(""));
        return await Reports.OfAsync(Key);
    }

    private async Task<AttemptOutcome.Lost> LoseAsync() => Assert.IsType<AttemptOutcome.Lost>(await ResumeAsync());

    private async Task<AttemptOutcome.Lost> LoseAfterAsync(string file, string content)
    {
        Prepare(file, content);
        return await LoseAsync();
    }

    private void Prepare(string file, string content)
    {
        Directory.CreateDirectory(Folder.Path);
        File.WriteAllText($"{Folder.Path}.{file}", content);
    }
}
