using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Crashes;

/// <summary>What a task gives reaches those far behind it, though the server was killed in between.</summary>
public sealed class OutputChainTests : InstallationTest
{
    private const string Value = "'; touch X #$(touch X)";

    private string Gate => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "gate");

    [Fact]
    public async Task Output_of_a_shell_task_reaches_a_Python_task_through_a_diamond_across_a_kill()
    {
        await Installation.StartAsync();
        var give = new JsonArray(new JsonObject { ["prop"] = "given", ["direct"] = "OUT", ["type"] = "VARCHAR", ["value"] = "" });
        var environment = (await Dolphin.PostAsync("/dolphinscheduler/environment/create", ("name", "chain"), ("config", "export MARK='of the environment'"))).Data().GetInt64();
        var run = await Dolphin.StartAsync(
            new Workflow()
                .Shell("top", "cat <<'E'\n${setValue(given=${value})}\nE\n").WithTaskParam("localParams", give)
                .Shell("left", $"until [ -e {Gate} ]; do sleep 0.1; done", "top").Shell("right", "printf '%s' '${given}'", "top")
                .Add("end", "PYTHON", new JsonObject { ["rawScript"] = "import os\nprint(f'<{len(${given})}> ${given}')\nprint(os.environ['MARK'])" }, "left", "right"),
            ("startParams", new JsonObject { ["value"] = Value }.ToJsonString()), ("environmentCode", environment));
        await Eventually.TrueAsync(async () => (await Dolphin.TasksAsync(run)).Any(t => ApiClient.Text(t, "name") == "right" && ApiClient.Text(t, "state") == "SUCCESS"), "right has ended", TimeSpan.FromMinutes(1));
        await Installation.KillAndStartAsync();
        await File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(Value, await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "right")));
        Assert.Equal($"<{Value.Length}> {Value}\nof the environment\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "end")));
        Assert.Empty(Directory.EnumerateFiles(Installation.Folder, "X", SearchOption.AllDirectories));
    }
}
