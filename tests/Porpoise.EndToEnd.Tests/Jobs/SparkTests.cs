using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Jobs;

/// <summary>SPARK tasks in a real server, with the tests' own spark-submit, which really runs Python programs: success, failure, time limit, stop, and a server that is killed meanwhile.</summary>
public sealed class SparkTests : InstallationTest
{
    private const string Begin = @"^\S+ Spark program \(Python\) 'spark \[\S+\]' on local\[\*\], with its driver on this machine\.\n";

    private string Home => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "spark");

    private string Submit => Path.Combine(Home, "bin", "spark-submit");

    private string Gate => Path.Combine(Home, "gate");

    private string UntilGate => $"import os, time\nprint('begun')\nwhile not os.path.exists('{Gate}'): time.sleep(0.05)\nprint('done')\n";

    [Fact]
    public async Task A_program_that_ends_well_succeeds()
    {
        await StartAsync();
        Assert.Matches(Begin + @"42 rows\n\S+ Succeeded\.\n$", await StoryAsync("print('42 rows')", "SUCCESS"));
    }

    [Fact]
    public async Task One_that_fails_says_why()
    {
        await StartAsync();
        Assert.Matches(
            Begin + @"Traceback(.*\n)+ValueError: no such table: sales\n\S+ FAILED: the driver ended with exit code 1; what it said stands above\.\n\[porpoise\] failed after [0-9.]+ s: exit code 1\n$",
            await StoryAsync("raise ValueError('no such table: sales')", "FAILURE"));
    }

    [Fact]
    public async Task A_time_limit_ends_the_driver()
    {
        await StartAsync();
        Assert.Matches(Begin + @"(begun\n)?(\S+ Told to end: ended\.\n)?\[porpoise\] ended after [0-9.]+ s: its time limit is 3 s; ended [0-9]+ process(es)?\n$", await StoryAsync(UntilGate, "FAILURE", seconds: 3));
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
    }

    [Fact]
    public async Task A_stop_ends_the_driver()
    {
        await StartAsync();
        var run = await BeginAsync(UntilGate);
        (await Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        Assert.Matches(Begin + @"begun\n(\S+ Told to end: ended\.\n)?\[porpoise\] ended after [0-9.]+ s: the run was stopped; ended [0-9]+ process(es)?\n$", await LogAsync(run));
    }

    [Fact]
    public async Task A_killed_server_costs_the_driver_nothing_and_nothing_is_submitted_twice()
    {
        await StartAsync();
        var run = await BeginAsync(UntilGate);
        await Installation.KillAndStartAsync("--spark-home", Home);
        await File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Single(Directory.GetFiles(Path.Combine(Home, "submitted")));
        Assert.Matches(Begin + @"begun\ndone\n\S+ Succeeded\.\n\[porpoise\] succeeded after [0-9.]+ s; the service was restarted meanwhile\n$", await LogAsync(run));
    }

    private async Task StartAsync()
    {
        foreach (var folder in (string[])["bin", "calls", "submitted"])
        {
            Directory.CreateDirectory(Path.Combine(Home, folder));
        }

        File.Copy(Path.Combine(AppContext.BaseDirectory, "spark-submit"), Submit);
        File.SetUnixFileMode(Submit, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Installation.StartAsync("--spark-home", Home);
    }

    private async Task<string> StoryAsync(string program, string state, int seconds = 0)
    {
        var run = await Dolphin.StartAsync(await NodeAsync(program, seconds));
        Assert.Equal(state, await Dolphin.WaitForStateAsync(run));
        return await LogAsync(run);
    }

    /// <summary>A run whose program prints already.</summary>
    private async Task<int> BeginAsync(string program)
    {
        var run = await Dolphin.StartAsync(await NodeAsync(program, seconds: 0));
        await Dolphin.WaitForLogAsync(run, "a", "begun");
        return run;
    }

    private async Task<Workflow> NodeAsync(string program, int seconds)
    {
        var file = Path.Combine(Home, "program.py");
        await File.WriteAllTextAsync(file, program, TestContext.Current.CancellationToken);
        var workflow = new Workflow().Add("a", "SPARK", new JsonObject { ["programType"] = "PYTHON", ["mainJar"] = new JsonObject { ["resourceName"] = file } });
        return seconds == 0 ? workflow : workflow.WithNode("timeoutFlag", "OPEN").WithNode("timeoutNotifyStrategy", "FAILED").WithNode("timeout", 1).WithNode("timeoutSeconds", seconds);
    }

    private async Task<string> LogAsync(int run) => await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a"));
}
