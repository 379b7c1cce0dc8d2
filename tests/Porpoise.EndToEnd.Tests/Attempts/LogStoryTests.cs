using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Attempts;

/// <summary>The log of a SHELL task tells how it ended to somebody who knows nothing else.</summary>
public sealed class LogStoryTests : InstallationTest
{
    [Fact]
    public async Task Success_failure_timeout_stop_and_a_killed_server()
    {
        await Installation.StartAsync();
        Assert.Matches("^working\n$", await StoryAsync("echo working", "SUCCESS"));
        Assert.Matches("""^working\nsh: .*\n\[porpoise\] failed after [0-9.]+ s: exit code 2\n$""", await StoryAsync("echo working; sh -c 'no-such' 2>&1 | grep -v '^$' ; exit 2", "FAILURE"));
        Assert.Matches("""^working\n(.*Terminated.*\n)?\[porpoise\] ended after [0-9.]+ s: its time limit is 1 s; ended [0-9]+ process(es)?\n$""", await StoryAsync("echo working; sleep 600", "FAILURE", seconds: 1));

        var stopped = await Dolphin.StartAsync(new Workflow().Shell("a", "echo working; sleep 600"));
        await Dolphin.WaitForLogAsync(stopped, "a", "working");
        (await Dolphin.TryStopAsync(stopped)).Data();
        await Dolphin.WaitForStateAsync(stopped);
        Assert.Matches("""^working\n(.*Terminated.*\n)?\[porpoise\] ended after [0-9.]+ s: the run was stopped; ended [0-9]+ process(es)?\n$""", await LogAsync(stopped));

        var outlived = await Dolphin.StartAsync(new Workflow().Shell("a", "echo working; sleep 2; echo done"));
        await Dolphin.WaitForLogAsync(outlived, "a", "working");
        await Installation.KillAndStartAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(outlived));
        Assert.Matches("""^working\ndone\n\[porpoise\] succeeded after [0-9.]+ s; the service was restarted meanwhile\n$""", await LogAsync(outlived));
    }

    [Fact]
    public async Task A_NOOP_outlives_a_killed_server_is_ended_with_its_run_and_says_why_it_has_no_log()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Noop("first").Shell("a", "echo working; sleep 600", "first").Noop("last", "a"));
        await Dolphin.WaitForLogAsync(run, "a", "working");
        await Installation.KillAndStartAsync();
        (await Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        var noop = await Dolphin.TaskAsync(run, "first");
        Assert.Equal("SUCCESS", ApiClient.Text(noop, "state"));
        Assert.DoesNotContain(await Dolphin.TasksAsync(run), t => ApiClient.Text(t, "name") == "last" && ApiClient.Text(t, "state") == "SUCCESS");
        var log = await Dolphin.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", noop.GetProperty("id").GetInt32()), ("limit", 10));
        Assert.Contains("a NOOP has no process that could write one", log.Text, StringComparison.Ordinal);
    }

    private async Task<string> StoryAsync(string script, string state, int seconds = 0)
    {
        var run = await Cloud.StartAsync(new Workflow().Shell("a", script).WithNode("timeout", seconds));
        Assert.Equal(state, await Cloud.WaitForStateAsync(run));
        return await LogAsync(run);
    }

    private async Task<string> LogAsync(int run) => await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a"));
}
