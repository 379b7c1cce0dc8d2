using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>One run: its graph, its tasks, its bars, its parameters.</summary>
public sealed class RunDetailTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task The_graph_is_that_of_the_version_that_ran()
    {
        var definition = Of(Noop(1), Exits(2), Noop(3));
        var code = await Server.SaveAsync(definition);
        var run = await StartAsync(code);
        await Server.Store.UpdateWorkflowAsync(Server.Workspace.Id, code, definition with { Tasks = [Noop(9)], Edges = [] }, null, "root", TimeProvider.System.GetUtcNow(), null);

        var dag = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("dagData");
        Assert.Equal(definition.Name, dag.GetProperty("processDefinition").GetProperty("name").GetString());
        Assert.Equal(definition.Locations, dag.GetProperty("processDefinition").GetProperty("locations").GetString());
        Assert.Equal([1L, 2, 3], dag.GetProperty("taskDefinitionList").EnumerateArray().Select(t => t.GetProperty("code").GetInt64()));
        Assert.Equal(
            [(0L, 1L), (1, 2), (2, 3)],
            dag.GetProperty("processTaskRelationList").EnumerateArray().Select(e => (e.GetProperty("preTaskCode").GetInt64(), e.GetProperty("postTaskCode").GetInt64())).Order());
        Assert.Equal(JsonValueKind.Object, dag.GetProperty("taskDefinitionList")[1].GetProperty("taskParams").ValueKind);
        await WaitAsync(run);
    }

    [Fact]
    public async Task A_run_can_be_looked_at_after_its_definition_was_deleted()
    {
        var definition = Of(Noop(1), Noop(2));
        var code = await Server.SaveAsync(definition);
        var run = await StartAsync(code);
        await WaitAsync(run);
        await Server.Store.ReleaseWorkflowAsync(Server.Workspace.Id, code, online: false, TimeProvider.System.GetUtcNow(), null);
        Assert.Equal(Storage.Workflows.ChangeWorkflowResult.Changed, await Server.Store.DeleteWorkflowAsync(Server.Workspace.Id, code, null));

        var detail = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();
        Assert.Equal(2, detail.GetProperty("dagData").GetProperty("taskDefinitionList").GetArrayLength());
        Assert.Equal(definition.Name, detail.GetProperty("dagData").GetProperty("processDefinition").GetProperty("name").GetString());
        Assert.Equal(2, (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList").GetArrayLength());
        Assert.Contains(run, (await Dolphin.GetAsync(Project + "/process-instances", ("pageSize", 1_000))).Data().GetProperty("totalList").EnumerateArray().Select(r => r.GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Who_waits_for_the_end_gets_it_without_the_graph()
    {
        var run = await StartAsync(await Server.SaveAsync(Of(Holds(1))));
        var waiting = Dolphin.GetAsync($"{Project}/process-instances/{run}", ("waitSeconds", 30));
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
        var ended = (await waiting).Data();
        Assert.Equal("STOP", ended.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("dagData").ValueKind);
    }

    [Fact]
    public async Task Tasks_have_what_their_UI_reads_with_the_right_types()
    {
        var run = await RunAsync(Of(Exits(1, exitCode: 3) with { RetryMax = 1, RetryInterval = TimeSpan.Zero }, Noop(2)), ("processInstancePriority", "LOW"));
        var data = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data();
        Assert.Equal("FAILURE", data.GetProperty("processInstanceState").GetString());
        var task = Assert.Single(data.GetProperty("taskList").EnumerateArray());
        var name = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("name").GetString();
        RunListTests.Expect(
            task,
            $$"""
            {"name":"t1","taskType":"SHELL","taskCode":1,"taskDefinitionVersion":1,"processInstanceId":{{run}},"processInstanceName":"{{name}}","state":"FAILURE","retryTimes":1,"maxRetryTimes":1,
             "retryInterval":0,"host":"here","flag":"YES","alertFlag":"NO","taskInstancePriority":"MEDIUM","processInstancePriority":"LOW","workerGroup":"default","environmentCode":-1,
             "environmentConfig":null,"executorId":1,"executorName":"root","executePath":"","logPath":"","appLink":"","varPool":"[]","pid":0,"delayTime":0,"dryRun":0,"taskGroupId":0,
             "taskGroupPriority":0,"cpuQuota":-1,"memoryMax":-1,"taskExecuteType":"BATCH","subProcess":false,"dependTask":false,"conditionsTask":false,"switchTask":false,"blockingTask":false,
             "taskComplete":true,"firstRun":false,"attempt":2,"exitCode":3,"retryAt":null}
            """);
        foreach (var time in (string[])["submitTime", "firstSubmitTime", "startTime", "endTime"])
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", task.GetProperty(time).GetString());
        }

        var attempts = (await Dolphin.GetAsync($"{Project}/task-instances/{task.GetProperty("id").GetInt32()}/attempts")).Data();
        Assert.Equal("FAILURE", attempts.GetProperty("state").GetString());
        Assert.Equal([(1, 3), (2, 3)], attempts.GetProperty("attempts").EnumerateArray().Select(a => (a.GetProperty("attempt").GetInt32(), a.GetProperty("exitCode").GetInt32())));
        (await Dolphin.GetAsync(Project + "/task-instances/2147483647/attempts")).Refused(10008);
    }

    [Fact]
    public async Task The_bars_are_those_of_the_tasks_and_the_names_are_in_their_order()
    {
        var definition = Of(Noop(1), Noop(2), Exits(3, exitCode: 1), Noop(4));
        var run = await RunAsync(definition);
        var gantt = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/view-gantt")).Data();
        Assert.Equal(4, gantt.GetProperty("height").GetInt32());
        Assert.Equal(["t1", "t2", "t3", "t4"], gantt.GetProperty("taskNames").EnumerateArray().Select(n => n.GetString()));
        var bars = gantt.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal([("t1", "SUCCESS"), ("t2", "SUCCESS"), ("t3", "FAILURE")], bars.Select(b => (b.GetProperty("taskName").GetString(), b.GetProperty("status").GetString())));
        Assert.All(bars, b => Assert.True(b.GetProperty("startDate")[0].GetInt64() <= b.GetProperty("endDate")[0].GetInt64()));
        Assert.All(bars, b => Assert.Matches(@"^\d{4}-\d\d-\d\d ", b.GetProperty("isoStart").GetString()));
    }

    [Fact]
    public async Task The_parameters_are_the_runs_and_not_the_definitions()
    {
        var local = Noop(2) with { LocalParams = [new Parameter("file", ParameterDirection.In, "VARCHAR", "${dt}.csv"), new Parameter("out", ParameterDirection.Out, "VARCHAR", "${dt}")] };
        var definition = Of(Noop(1), local) with { GlobalParams = [new Parameter("dt", ParameterDirection.In, "DATE", "$[yyyyMMdd]"), new Parameter("kept", ParameterDirection.In, "VARCHAR", "k-${more}")] };
        var run = await RunAsync(definition, ("startParams", """{"dt":"20260131","more":"m"}"""));

        var variables = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/view-variables")).Data();
        Assert.Equal(
            """[{"prop":"dt","direct":"IN","type":"DATE","value":"20260131"},{"prop":"kept","direct":"IN","type":"VARCHAR","value":"k-m"},{"prop":"more","direct":"IN","type":"VARCHAR","value":"m"}]""",
            variables.GetProperty("globalParams").GetRawText());
        Assert.Equal("""{"t2":{"taskType":"NOOP","localParamsList":[{"prop":"file","direct":"IN","type":"VARCHAR","value":"20260131.csv"},{"prop":"out","direct":"OUT","type":"VARCHAR","value":"${dt}"}]}}""", variables.GetProperty("localParams").GetRawText());

        var detail = (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();
        Assert.Equal(variables.GetProperty("globalParams").GetRawText(), detail.GetProperty("globalParams").GetString());
        Assert.Equal("""{"dt":"20260131","more":"m"}""", detail.GetProperty("startParams").GetRawText());
        using var param = JsonDocument.Parse(detail.GetProperty("commandParam").GetString()!);
        Assert.Equal("""{"dt":"20260131","more":"m"}""", param.RootElement.GetProperty("StartParams").GetString());
    }

    [Fact]
    public async Task What_tasks_gave_is_shown_with_them_with_the_run_and_among_its_parameters()
    {
        Parameter[] outs = [new("rows", ParameterDirection.Out, "INTEGER", ""), new("file", ParameterDirection.Out, "VARCHAR", "none")];
        var definition = Of(Gives(1, "rows=7") with { LocalParams = outs }, Gives(2, "rows=8,file=a \"b\"") with { LocalParams = [outs[0], outs[1], new("in", ParameterDirection.In, "VARCHAR", "i")] }, Noop(3));
        var run = await RunAsync(definition);
        const string Rows = """{"prop":"rows","direct":"OUT","type":"INTEGER","value":"7"}""";
        const string Last = """{"prop":"rows","direct":"OUT","type":"INTEGER","value":"8"},{"prop":"file","direct":"OUT","type":"VARCHAR","value":"a \"b\""}""";
        string[] pools = [$"[{Rows}]", $"[{Last}]", "[]"];
        Assert.Equal(pools, PoolsOf((await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")));
        Assert.Equal(pools.Reverse(), PoolsOf((await Dolphin.GetAsync(Project + "/task-instances", ("processInstanceId", run))).Data().GetProperty("totalList")));
        Assert.Equal($"[{Last}]", (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("varPool").GetString()); // the later value counts
        Assert.Equal(
            $$$"""{"t1":{"taskType":"SHELL","localParamsList":[{{{Rows}}},{"prop":"file","direct":"OUT","type":"VARCHAR","value":"none"}]},"t2":{"taskType":"SHELL","localParamsList":[{{{Last}}},{"prop":"in","direct":"IN","type":"VARCHAR","value":"i"}]}}""",
            (await Dolphin.GetAsync($"{Project}/process-instances/{run}/view-variables")).Data().GetProperty("localParams").GetRawText());
        Assert.Equal("[]", (await Dolphin.GetAsync($"{Project}/process-instances/{await RunAsync(Of(Noop(1)))}")).Data().GetProperty("varPool").GetString());
    }

    [Fact]
    public async Task A_list_shows_what_tasks_gave_up_to_a_limit()
    {
        var outs = new Parameter[] { new("text", ParameterDirection.Out, "VARCHAR", "") };
        var run = await RunAsync(Of([.. Enumerable.Range(1, 62).Select(i => Gives(i, "text=" + new string('x', 60_000)) with { LocalParams = outs })]));
        var other = await RunAsync(Of([.. Enumerable.Range(1, 12).Select(i => Gives(i, "text=" + new string('y', 60_000)) with { LocalParams = outs })]));
        Assert.DoesNotContain(null, PoolsOf((await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")));
        var pools = PoolsOf((await Dolphin.GetAsync(Project + "/task-instances", ("pageSize", 1_000))).Data().GetProperty("totalList")).ToList();
        Assert.InRange(pools.Sum(p => (long)(p?.Length ?? 0)), 60_000, 4 * 1024 * 1024);
        Assert.Contains(null, pools);
        Assert.DoesNotContain(null, PoolsOf((await Dolphin.GetAsync(Project + "/task-instances", ("processInstanceId", other), ("pageSize", 1_000))).Data().GetProperty("totalList")));
    }

    private static IEnumerable<string?> PoolsOf(JsonElement tasks) => tasks.EnumerateArray().Select(t => t.GetProperty("varPool").GetString());

    [Fact]
    public async Task The_limit_of_a_run_shows_in_minutes()
    {
        var code = await Server.SaveAsync(Of(Noop(1)) with { TimeLimit = new TimeLimit(TimeSpan.FromSeconds(90), TimeLimitAction.Warn) });
        Assert.Equal(2, (await Dolphin.GetAsync($"{Project}/process-instances/{await StartAsync(code)}")).Data().GetProperty("timeout").GetInt32());
    }

    [Fact]
    public async Task No_run_has_a_child_or_a_parent_and_the_answer_says_so()
    {
        var run = await RunAsync(Of(Noop(1)));
        var task = (await Dolphin.GetAsync($"{Project}/process-instances/{run}/tasks")).Data().GetProperty("taskList")[0].GetProperty("id").GetInt32();
        (await Dolphin.GetAsync(Project + "/process-instances/query-sub-by-parent", ("taskId", task))).Refused(10021);
        (await Dolphin.GetAsync(Project + "/process-instances/query-parent-by-sub", ("subId", run))).Refused(50010);
        (await Dolphin.GetAsync(Project + "/process-instances/query-sub-by-parent", ("taskId", int.MaxValue))).Refused(10008);
        (await Dolphin.GetAsync(Project + "/process-instances/query-parent-by-sub", ("subId", int.MaxValue))).Refused(50001);
    }
}
