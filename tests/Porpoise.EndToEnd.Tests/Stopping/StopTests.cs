using System.Diagnostics;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Stopping;

/// <summary>SIGTERM.</summary>
public sealed class StopTests : InstallationTest
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    private string Witness => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "witness");

    [Fact]
    public async Task A_running_task_goes_on_and_the_next_server_adopts_it()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", $"echo begin; echo started >>{Witness}; sleep 3; echo done").Noop("b", "a"));
        await Dolphin.WaitForLogAsync(run, "a", "begin");
        var exit = await Installation.Server.StopAsync();
        AssertOrderly(exit);
        Assert.NotEmpty(TaskProcesses.Find(Installation.Folder));

        await Installation.StartAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
        Assert.StartsWith("begin\ndone\n[porpoise] succeeded after ", await Dolphin.LogAsync(task), StringComparison.Ordinal);
        Assert.Equal("started\n", File.ReadAllText(Witness));
    }

    [Fact]
    public async Task A_task_that_ended_while_no_server_ran_is_found_with_its_exit_code()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 1; exit 7"));
        await Dolphin.WaitForLogAsync(run, "a", "begin");
        AssertOrderly(await Installation.Server.StopAsync());
        await Eventually.TrueAsync(() => TaskProcesses.Find(Installation.Folder).Count == 0, "the task ends by itself");

        await Installation.StartAsync();
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(7, (await Dolphin.TaskAsync(run, "a")).GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task With_stop_tasks_they_are_ended_and_run_again_without_using_up_a_retry()
    {
        await Installation.StartAsync("--stop-tasks");
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", $"echo attempt $PORPOISE_ATTEMPT; echo $PORPOISE_ATTEMPT >>{Witness}; test $PORPOISE_ATTEMPT = 2 || sleep 600").Noop("b", "a"));
        await Dolphin.WaitForLogAsync(run, "a", "attempt 1");
        var exit = await Installation.Server.StopAsync();
        AssertOrderly(exit);
        Assert.Empty(TaskProcesses.Find(Installation.Folder));

        await Installation.StartAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        Assert.Equal(2, task.GetProperty("attempt").GetInt32());
        Assert.Equal("1\n2\n", File.ReadAllText(Witness));
        Assert.StartsWith("attempt 1\n[porpoise] lost after ", await Dolphin.LogAsync(task, 1), StringComparison.Ordinal);
        Assert.Equal("attempt 2\n", await Dolphin.LogAsync(task));
    }

    [Fact]
    public async Task With_stop_tasks_a_task_that_ignores_TERM_is_ended_too()
    {
        await Installation.StartAsync("--stop-tasks");
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "test $PORPOISE_ATTEMPT = 1 || exit 0; trap '' TERM; echo begin; while :; do sleep 1; done"));
        await Dolphin.WaitForLogAsync(run, "a", "begin");
        AssertOrderly(await Installation.Server.StopAsync());
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        await Installation.StartAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(2, (await Dolphin.TaskAsync(run, "a")).GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task A_caller_who_waits_for_a_run_does_not_hold_up_the_end()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo begin; sleep 600"));
        await Dolphin.WaitForLogAsync(run, "a", "begin");
        var waiting = Dolphin.SendRawAsync(HttpMethod.Get, $"/dolphinscheduler/projects/{Dolphin.Workspace}/process-instances/{run}?waitSeconds=60");
        await Dolphin.GetRunAsync(run); // the caller before it has arrived, most probably
        AssertOrderly(await Installation.Server.StopAsync());
        var since = Stopwatch.StartNew();
        await Record.ExceptionAsync(async () => (await waiting).Dispose());
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), "The waiting caller was not let go.");
    }

    [Fact]
    public async Task Everything_acknowledged_before_the_end_is_there_afterwards()
    {
        await Installation.StartAsync();
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a").Noop("b", "a"));
        var acknowledged = new List<int>();
        var starting = StartUntilRefusedAsync(code, acknowledged);
        await Eventually.TrueAsync(() => acknowledged.Count > 50, "fifty runs are started");
        AssertOrderly(await Installation.Server.StopAsync());
        await starting;

        await Installation.StartAsync();
        foreach (var run in acknowledged)
        {
            Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        }
    }

    private async Task StartUntilRefusedAsync(long code, List<int> acknowledged)
    {
        try
        {
            while (await Dolphin.TryStartAsync(code) is { Status: 200 } reply)
            {
                acknowledged.Add(reply.Data()[0].GetInt32());
            }
        }
        catch (HttpRequestException)
        {
            // The server has gone.
        }
    }

    private static void AssertOrderly(Exit exit)
    {
        Assert.True(exit.Code == 0, $"Exit code {exit.Code}:\n{exit.Output}");
        Assert.True(exit.Took < StopMax, $"It took {exit.Took} to stop:\n{exit.Output}");
        Assert.DoesNotContain("fail:", exit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", exit.Output, StringComparison.Ordinal);
    }
}
