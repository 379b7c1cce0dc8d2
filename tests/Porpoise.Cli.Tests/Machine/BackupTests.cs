using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Machine;

/// <summary>A copy of a running server's data folder, and a server made of the copy.</summary>
public sealed class BackupTests : TerminalTest
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string Backup => Path.Combine(Terminal.Home, "backup");

    private string Restored => Path.Combine(Terminal.Home, "restored");

    [Fact]
    public async Task A_backup_that_is_taken_while_runs_are_started_becomes_a_server_that_has_all_up_to_then()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a").Noop("b", "a"));
        var before = await Dolphin.StartAsync(code);
        await Dolphin.WaitForStateAsync(before);
        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Dolphin.StartAsync(code);
            }
        });
        var backup = await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup, "--with-keys");
        await enough.CancelAsync();
        await load;
        backup.Done();
        (await Terminal.RunAsync("restore", "--from", Backup, "--data", Restored)).Done();

        await using var second = new Installation(Restored);
        await second.StartAsync();
        Assert.Equal("SUCCESS", await second.Dolphin.StateAsync(before));
        Assert.Equal("SUCCESS", await second.Cloud.WaitForStateAsync(await second.Cloud.StartAsync(code, ("isProd", "true"))));
        foreach (var run in (await second.Dolphin.GetAsync($"/dolphinscheduler/projects/{second.Dolphin.Workspace}/process-instances", ("pageSize", 1000))).Data().GetProperty("totalList").EnumerateArray())
        {
            Assert.Equal("SUCCESS", await second.Dolphin.WaitForStateAsync(run.GetProperty("id").GetInt32())); // what was under way goes on
        }
    }

    [Fact]
    public async Task Keys_and_logs_are_in_a_backup_only_when_they_are_asked_for()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo hello"));
        await Dolphin.WaitForStateAsync(run);
        var plain = (await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup)).Done();
        Assert.Contains("master key is not in it", plain.Error, StringComparison.Ordinal);
        Assert.Equal(["porpoise.db"], Directory.EnumerateFileSystemEntries(Backup).Select(Path.GetFileName));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(Backup, "porpoise.db")));

        (await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup + "2", "--with-logs", "--with-keys")).Done();
        Assert.Equal(["attempts", "master.key", "porpoise.db", "root-key.json"], Directory.EnumerateFileSystemEntries(Backup + "2").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        (await Terminal.RunAsync("restore", "--from", Backup + "2", "--data", Restored)).Done();
        await using var second = new Installation(Restored);
        await second.StartAsync();
        Assert.Contains("hello", await second.Dolphin.LogAsync(await second.Dolphin.TaskAsync(run, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_without_the_master_key_says_so_and_so_does_the_server()
    {
        await Installation.StartAsync();
        (await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup)).Done();
        Assert.Contains("needs its master key", (await Terminal.RunAsync("restore", "--from", Backup, "--data", Restored)).Done().Error, StringComparison.Ordinal);
        Assert.Contains("is missing", (await ServerProcess.RunToEndAsync(Restored, "http://127.0.0.1:0")).Output, StringComparison.Ordinal);
        File.Copy(Path.Combine(Installation.Folder, "master.key"), Path.Combine(Restored, "master.key"));
        await using var second = new Installation(Restored);
        await second.StartAsync();
    }

    [Fact]
    public async Task Nothing_is_written_over_and_no_damaged_backup_is_taken()
    {
        await Installation.StartAsync();
        (await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup)).Done();
        Assert.Equal(1, (await Terminal.RunAsync("backup", "--data", Installation.Folder, "--to", Backup)).Code);
        Assert.Equal(1, (await Terminal.RunAsync("restore", "--from", Backup, "--data", Installation.Folder)).Code);
        Assert.Equal(3, (await Terminal.RunAsync("restore", "--from", Terminal.Home, "--data", Restored)).Code);
        Assert.Equal(3, (await Terminal.RunAsync("backup", "--data", Terminal.Home, "--to", Restored)).Code);
        await using (var store = new FileStream(Path.Combine(Backup, "porpoise.db"), FileMode.Open))
        {
            store.Position = 8192;
            store.Write([.. Enumerable.Repeat((byte)0xA5, 8192)]);
        }

        var damaged = await Terminal.RunAsync("restore", "--from", Backup, "--data", Restored);
        Assert.True(damaged.Code == 1, damaged.Error);
        Assert.False(File.Exists(Path.Combine(Restored, "porpoise.db")), damaged.Error);
    }
}
