using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Attempts;

/// <summary>The log of a PYTHON task tells how it ended to somebody who knows nothing else.</summary>
public sealed class PythonStoryTests : InstallationTest
{
    private string Gate => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "gate");

    private string UntilGate => $"import os, time\nprint('working')\nwhile not os.path.exists('{Gate}'):\n    time.sleep(0.05)\nprint('done')\n";

    [Fact]
    public async Task Success_failure_timeout_stop_and_a_killed_server()
    {
        await Installation.StartAsync();
        Assert.Equal("working\n", await StoryAsync("print('working')", "SUCCESS"));
        Assert.Matches(
            """
            ^working
            Traceback \(most recent call last\):
              File "script.py", line 5, in <module>
                load\('sales'\)
              File "script.py", line 2, in load
                raise ValueError\(f'no such table: {table}'\)
            ValueError: no such table: sales
            \[porpoise\] failed after [0-9.]+ s: exit code 1
            $
            """,
            await StoryAsync("def load(table):\n    raise ValueError(f'no such table: {table}')\n\nprint('working')\nload('sales')\n", "FAILURE", message: "exit code 1\n  File \"script.py\", line 5, in <module>\n"));
        Assert.Matches(@"^  File ""script.py"", line 1\n    print\('working'\n(.*\n)?SyntaxError: .*\n\[porpoise\] failed after [0-9.]+ s: exit code 1\n$", await StoryAsync("print('working'", "FAILURE", message: "exit code 1\n"));
        Assert.Matches(@"^the input is empty\n\[porpoise\] failed after [0-9.]+ s: exit code 1\n$", await StoryAsync("import sys\nsys.exit('the input is empty')", "FAILURE", message: "exit code 1\nthe input is empty"));
        Assert.Matches(@"^working\n\[porpoise\] ended after [0-9.]+ s: its time limit is 2 s; ended 1 process\n$", await StoryAsync(UntilGate, "FAILURE", "timed out after 2 s\nworking", seconds: 2));
        Assert.Empty(TaskProcesses.Find(Installation.Folder));

        var stopped = await BeginAsync();
        (await Dolphin.TryStopAsync(stopped)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(stopped));
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        Assert.Matches(@"^working\n\[porpoise\] ended after [0-9.]+ s: the run was stopped; ended 1 process\n$", await LogAsync(stopped));

        var outlived = await BeginAsync();
        await Installation.KillAndStartAsync();
        await File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(outlived));
        Assert.Matches(@"^working\ndone\n\[porpoise\] succeeded after [0-9.]+ s; the service was restarted meanwhile\n$", await LogAsync(outlived));
        Assert.Equal(1, (await Dolphin.TaskAsync(outlived, "a")).GetProperty("attempt").GetInt32());
    }

    private static Workflow Python(string program) => new Workflow().Add("a", "PYTHON", new JsonObject { ["rawScript"] = program });

    private async Task<int> BeginAsync()
    {
        var run = await Dolphin.StartAsync(Python(UntilGate));
        await Dolphin.WaitForLogAsync(run, "a", "working");
        return run;
    }

    private async Task<string> StoryAsync(string program, string state, string message = "", int seconds = 0)
    {
        var run = await Cloud.StartAsync(Python(program).WithNode("timeout", seconds));
        Assert.Equal(state, await Cloud.WaitForStateAsync(run));
        Assert.StartsWith(message, Text(await Dolphin.TaskAsync(run, "a"), "message"), StringComparison.Ordinal);
        return await LogAsync(run);
    }

    private async Task<string> LogAsync(int run) => await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a"));
}
