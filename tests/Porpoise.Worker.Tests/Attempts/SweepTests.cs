using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>What attempts left on the disk goes when its time is over, and nothing of one that runs ever does.</summary>
public sealed class SweepTests : WorkerTest
{
    private static readonly KeepingTimes Keep = new() { WorkOfSuccess = TimeSpan.FromHours(1), WorkOfFailure = TimeSpan.FromHours(10), Logs = TimeSpan.FromDays(2) };

    [Fact]
    public async Task The_folder_of_a_success_goes_at_once_and_its_log_stays()
    {
        NewWorker(options => options with { Keep = new KeepingTimes() }).Start(Order("mkdir -p a/b/c; echo x >a/b/c/file; echo kept"));
        await Reports.OfAsync(Key);
        await EventuallyAsync(() => !Directory.Exists(Folder.Path));
        Assert.Equal("kept\n", ReadLog());
        Assert.Equal(0, Folder.ReadExit()?.Code);
    }

    [Fact]
    public async Task The_folder_of_a_failure_stays_for_its_time_and_the_log_for_longer()
    {
        await RunAsync("echo x >file; exit 1");
        Sweep(after: TimeSpan.FromHours(9));
        Assert.True(File.Exists(Path.Combine(Folder.Path, "file")));
        Sweep(after: TimeSpan.FromHours(11));
        Assert.False(Directory.Exists(Folder.Path));
        Assert.StartsWith("[porpoise] failed", ReadWholeLog(), StringComparison.Ordinal);
        Sweep(after: TimeSpan.FromHours(49));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Folder.Path)!));
    }

    [Fact]
    public async Task The_folder_of_a_success_may_be_kept_for_a_time_too()
    {
        await RunAsync("echo x >file");
        Sweep(after: TimeSpan.FromMinutes(59));
        Assert.True(File.Exists(Path.Combine(Folder.Path, "file")));
        Sweep(after: TimeSpan.FromMinutes(61));
        Assert.False(Directory.Exists(Folder.Path));
    }

    [Fact]
    public async Task Nothing_of_an_attempt_that_runs_or_has_not_started_is_touched_however_old_it_is()
    {
        var worker = NewWorker();
        worker.Start(Order("touch ready; sleep 60"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        var waiting = new AttemptFolder(Root, Key with { Number = 2 });
        Assert.Equal(0, waiting.Prepare("exit 0"));
        Sweep(after: TimeSpan.FromDays(400));
        Assert.True(File.Exists(Path.Combine(Folder.Path, "ready")));
        Assert.True(Directory.Exists(waiting.Path));
        worker.End(Order(""));
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
    }

    [Fact]
    public async Task What_is_left_of_an_attempt_that_vanished_goes_too()
    {
        await RunAsync("kill -9 $PPID; sleep 60");
        Sweep(after: TimeSpan.FromDays(3));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Folder.Path)!));
    }

    [Fact]
    public void Strange_files_in_the_folder_are_left_alone_and_a_round_ends()
    {
        var group = Directory.CreateDirectory(Path.Combine(Root, "12")).FullName;
        File.WriteAllText(Path.Combine(group, "notes.claim"), "");
        File.WriteAllText(Path.Combine(group, "1.2.3.claim"), "");
        for (var other = 0; other < 5; other++)
        {
            Directory.CreateDirectory(Path.Combine(Root, $"{20 + other}"));
        }

        var sweep = new AttemptSweep(Root, Keep, TimeProvider.System);
        var steps = 1;
        while (sweep.Step(TestContext.Current.CancellationToken))
        {
            steps++;
        }

        Assert.Equal(6, steps);
        Assert.Equal(2, Directory.GetFiles(group).Length);
    }

    private void Sweep(TimeSpan after)
    {
        var sweep = new AttemptSweep(Root, Keep, new LaterClock(after));
        while (sweep.Step(TestContext.Current.CancellationToken))
        {
        }

        Assert.Null(sweep.Problem);
    }

    private sealed class LaterClock(TimeSpan later) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
    }
}
