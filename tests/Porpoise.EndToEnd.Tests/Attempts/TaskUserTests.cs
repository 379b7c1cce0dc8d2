using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Attempts;

/// <summary>A server that is root keeps its tasks away from what it knows. Run as root, or skipped.</summary>
public sealed class TaskUserTests : InstallationTest
{
    public TaskUserTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give tasks another user.");

    [Fact]
    public async Task A_task_reads_nothing_of_the_data_folder_and_works_all_the_same()
    {
        LetPass();
        await Installation.StartAsync("--task-user", "nobody");
        Assert.Contains("Tasks run as the user nobody", Installation.Server.Output, StringComparison.Ordinal);
        var script = $$"""
            id -un; echo mine >file; cat file
            ls {{Installation.Folder}} {{Installation.Folder}}/attempts 2>/dev/null
            for name in porpoise.db porpoise.db-wal porpoise.db-shm master.key root-key.json lock; do cat {{Installation.Folder}}/$name 2>/dev/null; done
            find {{Installation.Folder}} -readable -not -path "$HOME*" 2>/dev/null
            cat /proc/{{Installation.Server.Id}}/environ 2>/dev/null
            kill -9 {{Installation.Server.Id}} 2>/dev/null || echo no rights
            """;
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", script));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("nobody\nmine\nno rights\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a")));
        foreach (var file in Directory.EnumerateFiles(Installation.Folder))
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        Assert.Equal("701", Convert.ToString((int)File.GetUnixFileMode(Installation.Folder), 8));
    }

    [Fact]
    public async Task A_task_of_another_user_outlives_a_killed_server()
    {
        LetPass();
        await Installation.StartAsync("--task-user", "nobody");
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 2; id -un"));
        await Dolphin.WaitForLogAsync(run, "a", "begin");
        await Installation.KillAndStartAsync("--task-user", "nobody");
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.StartsWith("begin\nnobody\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_tasks_cannot_reach_is_refused_with_what_to_do()
    {
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, "http://127.0.0.1:0", "--task-user", "nobody");
        Assert.Equal(1, exit.Code);
        Assert.Contains($"cannot get through {Path.GetDirectoryName(Installation.Folder)} to their work folders", exit.Output, StringComparison.Ordinal);
        Assert.Contains("--task-user", exit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_explains_itself_without_its_log()
    {
        LetPass();
        await Installation.StartAsync("--task-user", "nobody");
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo loading; cat /no/such/table; exit 4"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("exit code 4\nloading\ncat: /no/such/table: No such file or directory", Text(await Dolphin.TaskAsync(run, "a"), "message"));
    }

    private void LetPass()
    {
        var parent = Path.GetDirectoryName(Installation.Folder)!;
        File.SetUnixFileMode(parent, File.GetUnixFileMode(parent) | UnixFileMode.OtherExecute);
    }
}
