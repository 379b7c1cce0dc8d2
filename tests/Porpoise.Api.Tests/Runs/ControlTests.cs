using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>Stops of tasks, forced successes and reruns, as a caller sees them.</summary>
public sealed class ControlTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task A_task_is_stopped_and_its_run_fails()
    {
        var run = await StartAsync(await Server.SaveAsync(Of(Holds(1), Noop(2))));
        var task = (await TasksAsync(run))[0].GetProperty("id").GetInt32();
        (await Dolphin.PostAsync($"{Project}/task-instances/{task}/stop")).Data();
        Assert.Equal("FAILURE", (await WaitAsync(run)).GetProperty("state").GetString());
        var ended = Assert.Single(await TasksAsync(run));
        Assert.Equal(("KILL", "the task was stopped"), (ended.GetProperty("state").GetString(), ended.GetProperty("message").GetString()));
        Assert.Contains("KILL", (await Dolphin.PostAsync($"{Project}/task-instances/{task}/stop")).Refused(10166), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_goes_on_from_its_failure_and_says_how_often_it_was_begun()
    {
        var run = await RunAsync(Of(Exits(1), Exits(2, exitCode: 3), Noop(3)));
        var before = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();
        Assert.Equal((1, "START_PROCESS"), (before.GetProperty("runTimes").GetInt32(), before.GetProperty("commandType").GetString()));
        await ExecuteAsync(run, "START_FAILURE_TASK_PROCESS");
        await WaitAsync(run);
        var after = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();
        Assert.Equal((2, "START_FAILURE_TASK_PROCESS", "YES"), (after.GetProperty("runTimes").GetInt32(), after.GetProperty("commandType").GetString(), after.GetProperty("recovery").GetString()));
        Assert.Equal(before.GetProperty("startTime").GetString(), after.GetProperty("startTime").GetString());
        Assert.Equal([(1, "SUCCESS"), (2, "FAILURE")], (await TasksAsync(run)).Select(t => (t.GetProperty("attempt").GetInt32(), t.GetProperty("state").GetString())));
    }

    [Fact]
    public async Task A_forced_success_lets_the_rerun_pass()
    {
        var run = await RunAsync(Of(Exits(1, exitCode: 3), Noop(2)));
        var task = (await TasksAsync(run))[0].GetProperty("id").GetInt32();
        (await Cloud.PostAsync($"{Project}/task-instances/{task}/force-success")).Data();
        Assert.Equal("FORCED_SUCCESS", (await TasksAsync(run))[0].GetProperty("state").GetString());
        (await Dolphin.PostAsync($"{Project}/task-instances/{task}/force-success")).Refused(10166);
        await ExecuteAsync(run, "RECOVER_SUSPENDED_PROCESS");
        Assert.Equal("SUCCESS", (await WaitAsync(run)).GetProperty("state").GetString());
        Assert.Equal(["FORCED_SUCCESS", "SUCCESS"], (await TasksAsync(run)).Select(t => t.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Several_runs_are_run_again_and_those_that_cannot_be_are_named()
    {
        var good = await RunAsync(Of(Exits(1)));
        var running = await StartAsync(await Server.SaveAsync(Of(Holds(1))));
        var refusal = (await Dolphin.PostAsync(Project + "/executors/batch-execute", ("processInstanceIds", $"{good},{running}"), ("executeType", "REPEAT_RUNNING"))).Refused(50006);
        Assert.Contains($"{running}: ", refusal, StringComparison.Ordinal);
        Assert.Equal(2, (await WaitAsync(good)).GetProperty("runTimes").GetInt32());
        Assert.Equal(2, Assert.Single(await TasksAsync(good)).GetProperty("attempt").GetInt32());
        await ExecuteAsync(running, "STOP");
    }

    [Fact]
    public async Task A_task_that_waits_says_why()
    {
        var definition = Of(Holds(1), Holds(2));
        var limited = await StartAsync(await Server.SaveAsync(definition with { Edges = [], ParallelismMax = 1 }));
        await AssertWaitsAsync((await TasksAsync(limited))[1], "PARALLELISM", "at most 1");
        var delayed = await StartAsync(await Server.SaveAsync(Of(Exits(1) with { Delay = TimeSpan.FromHours(1) })));
        await AssertWaitsAsync((await TasksAsync(delayed))[0], "DELAY", "The end of its delay, at ");
        var retrying = await StartAsync(await Server.SaveAsync(Of(Exits(1, exitCode: 3) with { RetryMax = 1, RetryInterval = TimeSpan.FromHours(1) })));
        JsonElement task;
        do
        {
            task = (await TasksAsync(retrying))[0];
        }
        while (task.GetProperty("state").GetString() != "DELAY_EXECUTION");
        await AssertWaitsAsync(task, "RETRY", "exit code 3");
        foreach (var run in (int[])[limited, delayed, retrying])
        {
            await ExecuteAsync(run, "STOP");
        }
    }

    [Fact]
    public async Task What_succeeded_has_no_failure_to_go_on_from()
    {
        var run = await RunAsync(Of(Noop(1)));
        Assert.Contains("REPEAT_RUNNING", (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "START_FAILURE_TASK_PROCESS"))).Refused(50006), StringComparison.Ordinal);
    }

    private async Task AssertWaitsAsync(JsonElement task, string reason, string sentence)
    {
        Assert.Contains(sentence, task.GetProperty("waitingFor").GetString(), StringComparison.Ordinal);
        var wait = (await Dolphin.GetAsync($"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/task-instances/{task.GetProperty("id").GetInt32()}/wait")).Data();
        Assert.Equal((reason, task.GetProperty("waitingFor").GetString()), (wait.GetProperty("reason").GetString(), wait.GetProperty("waitingFor").GetString()));
    }

    private async Task ExecuteAsync(int run, string type) => (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", type))).Data();

    private async Task<IReadOnlyList<JsonElement>> TasksAsync(int run) => [.. (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList").EnumerateArray()];
}
