using System.Diagnostics;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>On a small tmpfs of its own; needs root.</summary>
public class FullDiskTests : WorkerTest
{
    private bool _mounted;

    private string Filler => Root + "/filler";

    public override async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await RunToolAsync("umount", "-l", Root);
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_attempt_waits_for_space_and_then_runs()
    {
        await MountAsync();
        var worker = NewWorker();
        FillUp(inodes: true);
        worker.Start(Order("exit 5"));
        await Task.Delay(300, TestContext.Current.CancellationToken); // Nothing can be awaited: that nothing happens is the point.
        Assert.Empty(Reports.Accepted);
        MakeRoom();
        Assert.Equal(new AttemptOutcome.Exited(5), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task An_attempt_that_waits_for_space_can_be_ended()
    {
        await MountAsync();
        var worker = NewWorker();
        FillUp(inodes: false);
        worker.Start(Order(new string('#', 100_000)));
        worker.End(Order(""));
        Assert.Equal(new AttemptOutcome.Killed(), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task A_claim_is_signed_before_anything_starts()
    {
        await MountAsync();
        var started = NewPipe();
        Assert.Equal(0, Folder.Prepare($"echo >{started}; exit 5"));
        using var spawner = new Spawner(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), UseShellShim ? null : Shim.TryInstallNative(Path.GetTempPath()), user: null, new TaskLimits());
        FillUp(inodes: false);
        Assert.Equal(0, spawner.Start(Folder.Path, Folder.Log, "/bin/sh", [$"{ProcessTable.TagVariable}={Tag}"], out _));
        await EventuallyAsync(() => Folder.ReadClaim() is Claim.Unsigned);
        var running = started.ReadAsync();
        Assert.False(running.IsCompleted);
        MakeRoom();
        await running;
        Assert.IsType<Claim.Signed>(Folder.ReadClaim());
        NewWorker().Resume(Order(""));
        Assert.Equal(new AttemptOutcome.Exited(5), await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task An_exit_code_is_written_when_there_is_space_again()
    {
        await MountAsync();
        var (ready, go) = (NewPipe(), NewPipe());
        NewWorker().Start(Order($"echo >{ready}; cat {go} >/dev/null; exit 5"));
        await ready.ReadAsync();
        FillUp(inodes: false);
        await Task.Run(async () => await go.WriteAsync(), TestContext.Current.CancellationToken);
        await EventuallyAsync(() => File.Exists(Folder.Path + ".exit"));
        Assert.Empty(Reports.Accepted);
        MakeRoom();
        Assert.Equal(new AttemptOutcome.Exited(5), await Reports.OfAsync(Key));
    }


    private static async Task<int> RunToolAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task MountAsync()
    {
        _mounted = Environment.UserName == "root" && await RunToolAsync("mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=64,mode=0700", "tmpfs", Root) == 0;
        Assert.SkipUnless(_mounted, "This needs root and the right to mount a tmpfs.");
    }

    private void FillUp(bool inodes)
    {
        try
        {
            using var filler = File.Create(Filler);
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }

        try
        {
            for (var i = 0; inodes; i++)
            {
                File.Create($"{Filler}.{i}").Dispose();
            }
        }
        catch (IOException)
        {
            // Full of files.
        }
    }

    private void MakeRoom() => Array.ForEach(Directory.GetFiles(Root, "filler*"), File.Delete);
}
