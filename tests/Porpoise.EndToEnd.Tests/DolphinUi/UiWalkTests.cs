using System.Globalization;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.DolphinUi;

/// <summary>
/// DolphinScheduler's own web UI, screen by screen, as its requests were recorded; what it reads from the answers is there, and of the type that it needs. The
/// session is the header token here.
/// </summary>
public sealed class UiWalkTests : InstallationTest
{
    private const int NameTaken = 10168;
    private const int RunNotFound = 50001;
    private const int WorkflowNotFound = 50003;
    private const int EditWhileOnline = 50008;
    private const int DefinitionOnline = 50021;

    private const string ProjectMembers = "id:int userId:int code:code name:text description:text? createTime:time updateTime:time userName:text perm:int defCount:int instRunningCount:int";

    private const string WorkflowRowMembers = """
        id:int code:code name:text version:int releaseState:text projectCode:code description:text? createTime:time updateTime:time flag:text
        userId:int userName:text projectName:text? scheduleReleaseState:text? tenantId:int tenantCode:text modifyBy:text? warningGroupId:int? executionType:text
        """;

    private const string WorkflowMembers = WorkflowRowMembers + " timeout:int globalParams:text globalParamList:list locations:text?";

    private const string NodeMembers = """
        id:int code:code name:text version:int description:text? projectCode:code userId:int taskType:text taskParams:object taskParamList:list? taskParamMap:object? flag:text taskPriority:text
        userName:text? projectName:text? workerGroup:text environmentCode:code failRetryTimes:int failRetryInterval:int timeoutFlag:text timeoutNotifyStrategy:text? timeout:int delayTime:int resourceIds:text?
        createTime:time updateTime:time modifyBy:text? taskGroupId:int taskGroupPriority:int cpuQuota:int memoryMax:int taskExecuteType:text
        """;

    private const string RelationMembers = """
        id:int name:text? processDefinitionVersion:int projectCode:code processDefinitionCode:code preTaskCode:code preTaskVersion:int postTaskCode:code postTaskVersion:int
        conditionType:text conditionParams:object createTime:time updateTime:time
        """;

    private const string RunMembers = """
        id:int processDefinitionCode:code processDefinitionVersion:int state:text recovery:text startTime:time endTime:time? runTimes:int name:text host:text? commandType:text commandParam:text?
        taskDependType:text failureStrategy:text warningType:text warningGroupId:int? scheduleTime:time? executorId:int executorName:text tenantCode:text? queue:text? isSubProcess:text
        duration:text? processInstancePriority:text workerGroup:text environmentCode:code timeout:int? dryRun:int
        """;

    private const string TaskMembers = """
        id:int name:text taskType:text processInstanceId:int taskCode:code taskDefinitionVersion:int state:text firstSubmitTime:time submitTime:time startTime:time? endTime:time? host:text?
        retryTimes:int duration:text? maxRetryTimes:int taskInstancePriority:text workerGroup:text environmentCode:code executorId:int executorName:text? delayTime:int dryRun:int flag:text taskExecuteType:text
        """;

    private UiSession Ui => new(Dolphin);

    [Fact]
    public async Task A_diamond_is_made_run_and_deleted_by_the_requests_of_the_ui()
    {
        await Installation.StartAsync();
        await LookAtHomeAsync(definitions: 0, runs: 0);
        var diamond = await OpenNewEditorAsync();
        var code = await SaveAsync(diamond);
        await LookAtDefinitionsAsync(diamond, code, version: 1, "OFFLINE");
        await EditAsync(diamond, code);
        await ReleaseAsync(diamond, code);
        var run = await StartAsync(diamond, code);
        await LookAtRunsAsync(code, run);
        await LookAtGraphAsync(diamond, code, run);
        await LookAtGanttAsync(run);
        await LookAtTasksAsync(run);
        await LookAtTreeAsync(code, run);
        await LookAtHomeAsync(definitions: 1, runs: 1);
        await StopAnotherRunAsync(code);
        await DeleteAsync(diamond, code, run);
    }

    [Fact]
    public async Task The_monitor_pages_and_pickers_have_what_the_ui_reads()
    {
        await Installation.StartAsync();
        Assert.Equal(["default"], (await Ui.GetAsync("/worker-groups/all")).EnumerateArray().Select(g => g.GetString()));
        foreach (var tenant in (await Ui.GetAsync("/tenants/list")).EnumerateArray())
        {
            Members.AssertAre("id:int tenantCode:text description:text? queueId:int queueName:text? createTime:time updateTime:time", tenant);
        }

        Assert.Equal(JsonValueKind.Array, (await Ui.GetAsync("/alert-groups/list")).ValueKind);
        Assert.Equal(JsonValueKind.Array, (await Ui.GetAsync("/environment/query-environment-list")).ValueKind);
        Assert.Equal(JsonValueKind.Array, (await Ui.GetAsync("/resources/list", ("type", "FILE"))).ValueKind);
        Members.AssertAre("totalList:list total:int", await Ui.GetAsync("/task-group/query-list-by-projectCode", ("pageNo", 1), ("pageSize", int.MaxValue), ("projectCode", Ui.ProjectCode)));
        var queues = Members.AssertPage("id:int queueName:text queue:text createTime:time updateTime:time", await Ui.GetAsync("/queues", ("pageSize", 10), ("pageNo", 1), ("searchVal", "")), 1, 10);
        Assert.Equal(["dev_queue", "root_queue"], queues.Select(q => q.GetProperty("queue").GetString()).Order());
        Members.AssertPage("id:int name:text addrList:text? createTime:time? updateTime:time?", await Ui.GetAsync("/worker-groups", ("pageSize", 10), ("pageNo", 1), ("searchVal", "")), 1, 10);
        Members.AssertAre("id:int userName:text userType:text email:text? phone:text? tenantId:int createTime:time? updateTime:time? state:int timeZone:text?", await Ui.GetAsync("/users/get-user-info"));
        foreach (var path in (string[])["/monitor/masters", "/monitor/workers"])
        {
            var server = Assert.Single((await Ui.GetAsync(path)).EnumerateArray());
            Members.AssertAre("id:int host:text port:int resInfo:text createTime:time lastHeartbeatTime:time", server);
            using var figures = JsonDocument.Parse(server.GetProperty("resInfo").GetString()!);
            Assert.All((string[])["cpuUsage", "memoryUsage", "loadAverage"], n => Assert.Equal(JsonValueKind.Number, figures.RootElement.GetProperty(n).ValueKind));
        }

        Members.AssertAre("dbType:text state:text maxConnections:int maxUsedConnections:int threadsConnections:int threadsRunningConnections:int date:time", Assert.Single((await Ui.GetAsync("/monitor/databases")).EnumerateArray()));
    }

    private async Task LookAtHomeAsync(int definitions, int runs)
    {
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        (string, object?)[] span = [("startDate", Time(today.AddDays(-1))), ("endDate", Time(today.AddDays(2))), ("projectCode", 0)];
        var users = await Ui.GetAsync("/projects/analysis/define-user-count", ("projectCode", 0));
        Members.AssertAre("count:int userList:list", users);
        Assert.Equal(definitions, users.GetProperty("count").GetInt32());
        Assert.All(users.GetProperty("userList").EnumerateArray(), u => Members.AssertAre("userId:int userName:text count:int", u));
        foreach (var (path, expected) in ((string, int)[])[("process-state-count", runs), ("task-state-count", runs * 4)])
        {
            var counts = await Ui.GetAsync("/projects/analysis/" + path, span);
            Members.AssertAre("totalCount:int taskCountDtos:list", counts);
            Assert.All(counts.GetProperty("taskCountDtos").EnumerateArray(), c => Members.AssertAre("count:int taskStateType:text", c));
            Assert.Equal(expected, counts.GetProperty("totalCount").GetInt32());
            Assert.Equal(expected, counts.GetProperty("taskCountDtos").EnumerateArray().Where(c => ApiClient.Text(c, "taskStateType") == "SUCCESS").Sum(c => c.GetProperty("count").GetInt32()));
        }

        var project = Assert.Single(Members.AssertPage(ProjectMembers, await Ui.GetAsync("/projects", ("pageSize", 10), ("pageNo", 1), ("searchVal", "")), 1, 10));
        Assert.Equal(definitions, project.GetProperty("defCount").GetInt32());
        Assert.Equal(Ui.ProjectCode, Assert.Single((await Ui.GetAsync("/projects/created-and-authed")).EnumerateArray()).GetProperty("code").GetInt64());
        Members.AssertAre("id:int code:code name:text description:text?", await Ui.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/projects/{Ui.ProjectCode}")));
    }

    /// <summary>Each node that is dropped on the canvas asks for a code of its own.</summary>
    private async Task<Diamond> OpenNewEditorAsync()
    {
        await Ui.GetAsync("/tenants/list");
        var codes = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add(Assert.Single((await Ui.GetAsync("task-definition/gen-task-codes", ("genNum", 1))).EnumerateArray()).GetInt64());
            await Ui.GetAsync("/worker-groups/all");
        }

        Assert.All(codes, c => Assert.InRange(c, 1, (1L << 53) - 1));
        return new Diamond("ui diamond", [.. codes]);
    }

    private async Task<long> SaveAsync(Diamond diamond)
    {
        await Ui.GetAsync("process-definition/verify-name", ("name", diamond.Name));
        var created = await Ui.PostAsync("process-definition", diamond.Form);
        Members.AssertAre("code:code id:int name:text", created);
        await Ui.RefusedAsync(NameTaken, HttpMethod.Get, "process-definition/verify-name", ("name", diamond.Name));
        await Ui.GetAsync("process-definition/verify-name", ("name", diamond.Name), ("code", created.GetProperty("code").GetInt64()));
        await Ui.RefusedAsync(NameTaken, HttpMethod.Post, "process-definition", diamond.Form);
        return created.GetProperty("code").GetInt64();
    }

    private async Task LookAtDefinitionsAsync(Diamond diamond, long code, int version, string state)
    {
        foreach (var search in (string?[])[null, "", "DIAM"])
        {
            var row = Assert.Single(Members.AssertPage(WorkflowRowMembers, await Ui.GetAsync("process-definition", ("pageSize", 10), ("pageNo", 1), ("searchVal", search)), 1, 10));
            Assert.Equal(code, row.GetProperty("code").GetInt64());
            Assert.Equal(version, row.GetProperty("version").GetInt32());
            Assert.Equal(state, ApiClient.Text(row, "releaseState"));
        }

        Assert.Empty(Members.AssertPage(WorkflowRowMembers, await Ui.GetAsync("process-definition", ("pageSize", 10), ("pageNo", 1), ("searchVal", "nothing like it")), 1, 10));
        Assert.Empty(Members.AssertPage(WorkflowRowMembers, await Ui.GetAsync("process-definition", ("pageSize", 10), ("pageNo", 2), ("searchVal", "")), 2, 10));
        var detail = await Ui.GetAsync(Path(code));
        var workflow = detail.GetProperty("processDefinition");
        Members.AssertAre(WorkflowMembers, workflow);
        Assert.Equal(diamond.Locations, ApiClient.Text(workflow, "locations"));
        Members.AssertAre("prop:text direct:text type:text value:text", Assert.Single(workflow.GetProperty("globalParamList").EnumerateArray()));
        Assert.All(detail.GetProperty("taskDefinitionList").EnumerateArray(), t => Members.AssertAre(NodeMembers, t));
        Assert.All(detail.GetProperty("processTaskRelationList").EnumerateArray(), r => Members.AssertAre(RelationMembers, r));
        Assert.Equal(diamond.Codes, detail.GetProperty("taskDefinitionList").EnumerateArray().Select(t => t.GetProperty("code").GetInt64()));
        Assert.Equal(
            Diamond.EdgesOf(diamond.Codes).Order(),
            detail.GetProperty("processTaskRelationList").EnumerateArray().Select(r => (r.GetProperty("preTaskCode").GetInt64(), r.GetProperty("postTaskCode").GetInt64())).Order());
    }

    /// <summary>The editor sends back the node objects that it was given, all members of them.</summary>
    private async Task EditAsync(Diamond diamond, long code)
    {
        diamond.Edit((await Ui.GetAsync(Path(code))).GetProperty("taskDefinitionList"), "left", "echo changed");
        await Ui.PutAsync(Path(code), [.. diamond.Form, ("releaseState", "OFFLINE")]);
        await LookAtDefinitionsAsync(diamond, code, version: 2, "OFFLINE");
        var left = (await Ui.GetAsync(Path(code))).GetProperty("taskDefinitionList")[1];
        Assert.Equal("echo changed", left.GetProperty("taskParams").GetProperty("rawScript").GetString());
        Assert.Equal(2, left.GetProperty("failRetryTimes").GetInt32());

        await Ui.PutAsync(Path(code), [.. diamond.Form, ("releaseState", "OFFLINE")]);
        await LookAtDefinitionsAsync(diamond, code, version: 2, "OFFLINE");
        var versions = Members.AssertPage("version:int description:text? createTime:time? userName:text? code:code id:int", await Ui.GetAsync(Path(code) + "/versions", ("pageNo", 1), ("pageSize", 10)), 1, 10);
        Assert.Equal([2, 1], versions.Select(v => v.GetProperty("version").GetInt32()));
    }

    private async Task ReleaseAsync(Diamond diamond, long code)
    {
        await Ui.PostAsync(Path(code) + "/release", ("name", diamond.Name), ("releaseState", "ONLINE"));
        await LookAtDefinitionsAsync(diamond, code, version: 2, "ONLINE");
        await Ui.RefusedAsync(EditWhileOnline, HttpMethod.Put, Path(code), [.. diamond.Form, ("releaseState", "ONLINE")]);
    }

    private async Task<int> StartAsync(Diamond diamond, long code)
    {
        var dialog = await Ui.GetAsync(Path(code));
        Assert.Equal(diamond.Name, ApiClient.Text(dialog.GetProperty("processDefinition"), "name"));
        await Ui.PostAsync("executors/start-process-instance", StartForm(code));
        var row = Assert.Single(await RunsAsync());
        var run = row.GetProperty("id").GetInt32();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        return run;
    }

    /// <summary>The start dialog, untouched.</summary>
    private static (string, object?)[] StartForm(long code) =>
    [
        ("processDefinitionCode", code), ("failureStrategy", "CONTINUE"), ("warningType", "NONE"), ("warningGroupId", null), ("execType", "START_PROCESS"), ("startNodeList", null), ("taskDependType", "TASK_POST"),
        ("complementDependentMode", "OFF_MODE"), ("runMode", "RUN_MODE_SERIAL"), ("processInstancePriority", "MEDIUM"), ("workerGroup", "default"), ("environmentCode", null),
        ("startParams", """{"dt":"$[yyyyMMdd-1]"}"""), ("expectedParallelismNumber", null), ("dryRun", 0),
        ("scheduleTime", """{"complementStartDate":"2026-11-23 00:00:00","complementEndDate":"2026-11-23 00:00:00"}"""),
    ];

    private async Task<IReadOnlyList<JsonElement>> RunsAsync(params (string Name, object? Value)[] filters) =>
        Members.AssertPage(RunMembers, await Ui.GetAsync("process-instances", [("pageNo", 1), ("pageSize", 10), .. filters]), 1, 10);

    private async Task LookAtRunsAsync(long code, int run)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        foreach (var (filters, count) in ((IEnumerable<(string, object?)>, int)[])
        [
            ([], 1),
            ([("searchVal", ""), ("executorName", ""), ("host", ""), ("stateType", ""), ("startDate", ""), ("endDate", "")], 1),
            ([("searchVal", "diamond")], 1),
            ([("searchVal", "no such run")], 0),
            ([("executorName", "root")], 1),
            ([("executorName", "somebody")], 0),
            ([("stateType", "SUCCESS")], 1),
            ([("stateType", "FAILURE")], 0),
            ([("stateType", "READY_PAUSE")], 0),
            ([("host", "no-such-host")], 0),
            ([("startDate", Time(now.AddHours(-1))), ("endDate", Time(now.AddHours(1)))], 1),
            ([("startDate", Time(now.AddHours(1))), ("endDate", Time(now.AddHours(2)))], 0),
            ([("processDefineCode", code)], 1),
        ])
        {
            var rows = await RunsAsync([.. filters]);
            Assert.True(rows.Count == count, $"{string.Join(' ', filters)}: {rows.Count} rows");
            Assert.All(rows, r => Assert.Equal(run, r.GetProperty("id").GetInt32()));
        }

        Assert.Single(await RunsAsync(("processDefinitionCode", code), ("stateType", "SUCCESS")));
        Assert.Empty(await RunsAsync(("processDefinitionCode", code + 1)));
    }

    /// <summary>The run's page: its graph, the states of its tasks, its variables, the log of each task.</summary>
    private async Task LookAtGraphAsync(Diamond diamond, long code, int run)
    {
        var detail = await Ui.GetAsync(RunPath(run));
        Members.AssertAre(RunMembers + " dagData:object locations:text globalParams:text", detail);
        Assert.Equal(diamond.Locations, ApiClient.Text(detail, "locations"));
        Assert.Equal(2, detail.GetProperty("processDefinitionVersion").GetInt32());
        var dag = detail.GetProperty("dagData");
        Members.AssertAre(WorkflowMembers, dag.GetProperty("processDefinition"));
        Assert.All(dag.GetProperty("taskDefinitionList").EnumerateArray(), t => Members.AssertAre(NodeMembers, t));
        Assert.All(dag.GetProperty("processTaskRelationList").EnumerateArray(), r => Members.AssertAre(RelationMembers, r));
        Assert.Equal(code, dag.GetProperty("processDefinition").GetProperty("code").GetInt64());
        Assert.Equal(5, dag.GetProperty("processTaskRelationList").GetArrayLength());

        var tasks = await Ui.GetAsync(RunPath(run) + "/tasks");
        Assert.Equal("SUCCESS", ApiClient.Text(tasks, "processInstanceState"));
        Assert.Equal(diamond.Codes.Order(), tasks.GetProperty("taskList").EnumerateArray().Select(t => t.GetProperty("taskCode").GetInt64()).Order());
        foreach (var task in tasks.GetProperty("taskList").EnumerateArray())
        {
            Members.AssertAre(TaskMembers, task);
            Assert.Equal("SUCCESS", ApiClient.Text(task, "state"));
            await ReadLogAsync(task);
        }

        var variables = await Ui.GetAsync(RunPath(run) + "/view-variables");
        Members.AssertAre("globalParams:list localParams:object", variables);
        Assert.Equal("dt", ApiClient.Text(variables.GetProperty("globalParams")[0], "prop"));
    }

    /// <summary>Page by page until nothing comes any more.</summary>
    private async Task ReadLogAsync(JsonElement task)
    {
        var id = task.GetProperty("id").GetInt32();
        var (log, skip, limit) = ("", 0, 1000);
        while (true)
        {
            var page = await Ui.GetAsync("/log/detail", ("taskInstanceId", id), ("limit", limit), ("skipLineNum", skip));
            Members.AssertAre("lineNum:int message:text", page);
            if (page.GetProperty("lineNum").GetInt32() == 0 || ApiClient.Text(page, "message").Length == 0)
            {
                break;
            }

            log += ApiClient.Text(page, "message");
            skip += page.GetProperty("lineNum").GetInt32();
            limit += 1000;
        }

        Assert.Equal(ApiClient.Text(task, "name") == "left" ? "echo changed"[5..] + "\n" : $"{ApiClient.Text(task, "name")} of diamond\nsecond line\n", log);
        using var download = await Dolphin.SendRawAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/dolphinscheduler/log/download-log?taskInstanceId={id}"));
        Assert.Equal(log, await download.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task LookAtGanttAsync(int run)
    {
        var gantt = await Ui.GetAsync(RunPath(run) + "/view-gantt");
        Members.AssertAre("tasks:list taskNames:list", gantt);
        Assert.Equal(["end", "left", "right", "start"], gantt.GetProperty("taskNames").EnumerateArray().Select(n => n.GetString()).Order());
        foreach (var bar in gantt.GetProperty("tasks").EnumerateArray())
        {
            Members.AssertAre("taskName:text startDate:list endDate:list isoStart:time isoEnd:time status:text duration:text?", bar);
            var (start, end) = (bar.GetProperty("startDate")[0].GetInt64(), bar.GetProperty("endDate")[0].GetInt64());
            Assert.InRange(end - start, 0, 60_000);
            Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - start, 0, 600_000);
        }
    }

    private async Task LookAtTasksAsync(int run)
    {
        foreach (var (filters, count) in ((IEnumerable<(string, object?)>, int)[])
        [
            ([("searchVal", ""), ("processInstanceId", ""), ("host", ""), ("stateType", ""), ("startDate", ""), ("endDate", ""), ("executorName", ""), ("processInstanceName", "")], 4),
            ([("searchVal", "left")], 1),
            ([("processInstanceId", run)], 4),
            ([("processInstanceId", run + 1)], 0),
            ([("stateType", "SUCCESS"), ("executorName", "root")], 4),
            ([("stateType", "KILL")], 0),
            ([("processInstanceName", "diamond")], 4),
            ([("processInstanceName", "nothing")], 0),
            ([("taskExecuteType", "BATCH")], 4),
            ([("taskExecuteType", "STREAM")], 0),
        ])
        {
            var rows = Members.AssertPage(TaskMembers + " processInstanceName:text", await Ui.GetAsync("task-instances", [("pageSize", 10), ("pageNo", 1), .. filters]), 1, 10);
            Assert.True(rows.Count == count, $"{string.Join(' ', filters)}: {rows.Count} rows");
        }

        var second = await Ui.GetAsync("task-instances", ("pageSize", 3), ("pageNo", 2));
        Assert.Single(Members.AssertPage(TaskMembers, second, 2, 3));
        Assert.Equal((4, 2), (second.GetProperty("total").GetInt32(), second.GetProperty("totalPage").GetInt32()));
    }

    private async Task LookAtTreeAsync(long code, int run)
    {
        var tree = await Ui.GetAsync(Path(code) + "/view-tree", ("limit", 25));
        Members.AssertAre("name:text type:text? code:code instances:list children:list", tree);
        var instance = Assert.Single(tree.GetProperty("instances").EnumerateArray());
        Members.AssertAre("id:int name:text state:text startTime:time? endTime:time? duration:text? host:text?", instance);
        Assert.Equal(run, instance.GetProperty("id").GetInt32());
        Assert.Equal("start", ApiClient.Text(Assert.Single(tree.GetProperty("children").EnumerateArray()), "name"));
    }

    private async Task StopAnotherRunAsync(long code)
    {
        var sleeper = (await Dolphin.CreateAsync(new Workflow("sleeper").Shell("a", "sleep 600"))) is var other && other != code ? other : throw new InvalidOperationException();
        await Ui.PostAsync("executors/start-process-instance", StartForm(sleeper));
        var run = Assert.Single(await RunsAsync(("stateType", "RUNNING_EXECUTION"))).GetProperty("id").GetInt32();
        await Ui.RefusedAsync(50006, HttpMethod.Delete, RunPath(run));
        await Ui.PostAsync("executors/execute", ("index", 0), ("processInstanceId", run), ("executeType", "STOP"), ("buttonType", "stop"));
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        await Ui.DeleteAsync(RunPath(run));
        await Ui.PostAsync(Path(sleeper) + "/release", ("name", "sleeper"), ("releaseState", "OFFLINE"));
        await Ui.PostAsync("process-definition/batch-delete", ("codes", sleeper));
    }

    private async Task DeleteAsync(Diamond diamond, long code, int run)
    {
        await Ui.RefusedAsync(DefinitionOnline, HttpMethod.Delete, Path(code));
        await Ui.PostAsync(Path(code) + "/release", ("name", diamond.Name), ("releaseState", "OFFLINE"));
        await Ui.DeleteAsync(RunPath(run));
        Assert.Empty(await RunsAsync());
        Assert.Empty(Members.AssertPage(TaskMembers, await Ui.GetAsync("task-instances", ("pageSize", 10), ("pageNo", 1)), 1, 10));
        await Ui.RefusedAsync(RunNotFound, HttpMethod.Get, RunPath(run));
        await Ui.DeleteAsync(Path(code));
        await Ui.RefusedAsync(WorkflowNotFound, HttpMethod.Get, Path(code));
        Assert.Empty(Members.AssertPage(WorkflowRowMembers, await Ui.GetAsync("process-definition", ("pageSize", 10), ("pageNo", 1), ("searchVal", "")), 1, 10));
        await Ui.GetAsync("process-definition/verify-name", ("name", diamond.Name));
    }

    private static string Path(long code) => string.Create(CultureInfo.InvariantCulture, $"process-definition/{code}");

    private static string RunPath(int run) => string.Create(CultureInfo.InvariantCulture, $"process-instances/{run}");

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
