using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Queues;

/// <summary>Worker groups with slots of their own, from their creation to the task that waits for one.</summary>
public sealed class WorkerGroupSlotsTests(ApiServer server) : ApiTest(server)
{
    private const string Groups = "/porpoise/v1/worker-groups";

    [Fact]
    public async Task The_tasks_of_a_group_without_slots_wait_and_say_so_until_it_has_some()
    {
        var id = await CreateAsync("gpu", 0);
        var run = await StartAsync(await Server.SaveAsync(Of(Exits(1) with { WorkerGroup = "gpu" }, Exits(2))));
        var task = await TaskAsync(run);
        Assert.Equal(("SUBMITTED_SUCCESS", "gpu"), (task.GetProperty("state").GetString(), task.GetProperty("workerGroup").GetString()));
        Assert.Contains("worker group 'gpu': it has none", task.GetProperty("waitingFor").GetString(), StringComparison.Ordinal);
        var wait = (await Dolphin.GetAsync($"/porpoise/v1/workspaces/{Server.Workspace.Id.Value}/task-instances/{task.GetProperty("id").GetInt32()}/wait")).Data();
        Assert.Equal("WORKER_GROUP", wait.GetProperty("reason").GetString());
        Assert.Equal("SUCCESS", (await WaitAsync(await StartAsync(await Server.SaveAsync(Of(Exits(1)))))).GetProperty("state").GetString()); // another group goes on

        Assert.Contains("name the worker group", (await Dolphin.DeleteAsync($"{Groups}/{id}")).Refused(10145), StringComparison.Ordinal);
        Assert.Equal(1, (await Dolphin.PutAsync($"{Groups}/{id}", ("slots", 1))).Data().GetProperty("slots").GetInt32());
        Assert.Equal("SUCCESS", (await WaitAsync(run)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Changes_at_the_same_time_take_nothing_back_from_each_other()
    {
        var path = $"{Groups}/{await CreateAsync("changed at the same time", 0)}";
        for (var i = 1; i <= 20; i++)
        {
            await Task.WhenAll(Dolphin.PutAsync(path, ("slots", i)), Dolphin.PutAsync(path, ("description", $"said {i}")));
            var group = (await Dolphin.PutAsync(path)).Data();
            Assert.Equal((i, $"said {i}"), (group.GetProperty("slots").GetInt32(), group.GetProperty("description").GetString()));
        }
    }

    [Fact]
    public async Task A_run_names_the_group_of_the_nodes_that_name_none()
    {
        await CreateAsync("run", 1);
        var run = await StartAsync(await Server.SaveAsync(Of(Holds(1), Exits(2))), ("workerGroup", "run"));
        Assert.Equal("run", (await TaskAsync(run)).GetProperty("workerGroup").GetString());
        Assert.Equal("run", (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("workerGroup").GetString());
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
        Assert.Contains("default", (await TryStartAsync(await Server.SaveAsync(Of(Noop(1))), ("workerGroup", "nowhere"))).Refused(10174), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_run_again_that_would_wait_for_a_group_that_is_gone()
    {
        var id = await CreateAsync("gone", 1);
        var all = await RunAsync(Of(Exits(1), Exits(2, exitCode: 3)), ("workerGroup", "gone"));
        var first = await RunAsync(Of(Exits(1) with { WorkerGroup = "gone" }, Exits(2, exitCode: 3)));
        var code = (await Dolphin.GetAsync($"{Project}/process-instances/{first}")).Data().GetProperty("processDefinitionCode").GetInt64();
        (await Dolphin.DeleteAsync($"{Groups}/{id}")).Refused(10145);
        (await Dolphin.PostAsync($"{Project}/process-definition/{code}/release", ("releaseState", "OFFLINE"))).Data();
        (await Dolphin.DeleteAsync($"{Project}/process-definition/{code}")).Data();
        (await Dolphin.DeleteAsync($"{Groups}/{id}")).Data();

        foreach (var type in (string[])["START_FAILURE_TASK_PROCESS", "REPEAT_RUNNING"])
        {
            var refusal = (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", all), ("executeType", type))).Refused(10174);
            Assert.Contains("(gone)", refusal, StringComparison.Ordinal);
            Assert.Contains("There are: default", refusal, StringComparison.Ordinal);
        }

        // The node that names it has succeeded: only all of the run would need the group.
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", first), ("executeType", "REPEAT_RUNNING"))).Refused(10174);
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", first), ("executeType", "START_FAILURE_TASK_PROCESS"))).Data();
        await WaitAsync(first);
    }

    [Fact]
    public async Task DolphinSchedulers_form_creates_changes_and_deletes()
    {
        var made = (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("id", 0), ("name", "etl"), ("addrList", ""), ("description", "nightly"), ("slots", 2))).Data();
        Assert.Equal(("etl", "nightly", false, 2), (made.GetProperty("name").GetString(), made.GetProperty("description").GetString(), made.GetProperty("systemDefault").GetBoolean(), made.GetProperty("slots").GetInt32()));
        (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("name", "etl"), ("addrList", ""))).Refused(10135);
        (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("name", "far"), ("addrList", "elsewhere:1234"))).Refused(1500001);
        var id = made.GetProperty("id").GetInt32();
        Assert.Equal("weekly", (await Dolphin.PostAsync("/dolphinscheduler/worker-groups", ("id", id), ("name", "etl"), ("addrList", ""), ("description", "weekly"))).Data().GetProperty("description").GetString());
        (await Dolphin.DeleteAsync($"/dolphinscheduler/worker-groups/{id}")).Data();
        (await Dolphin.DeleteAsync($"/dolphinscheduler/worker-groups/{id}")).Refused(10174);
        (await Dolphin.DeleteAsync("/dolphinscheduler/worker-groups/1")).Refused(10145);
    }

    private async Task<int> CreateAsync(string name, int slots) => (await Dolphin.PostAsync(Groups, ("name", name), ("slots", slots))).Data().GetProperty("id").GetInt32();

    private async Task<JsonElement> TaskAsync(int run) => (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0];
}
