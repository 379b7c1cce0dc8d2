using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>The list of runs: its filters, its pages, and the rows as their UI reads them.</summary>
public sealed class RunListTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest()
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        var runs = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await StartAsync(code));
        }

        runs.Reverse();
        var seen = new List<int>();
        for (var page = 1; page <= 3; page++)
        {
            var data = await ListAsync(("processDefinitionCode", code.Value), ("pageNo", page), ("pageSize", 2));
            Assert.Equal((5, 3, 2, page, (page - 1) * 2), (Int(data, "total"), Int(data, "totalPage"), Int(data, "pageSize"), Int(data, "currentPage"), Int(data, "start")));
            seen.AddRange(Ids(data));
        }

        Assert.Equal(runs, seen);
        Assert.Empty(Ids(await ListAsync(("processDefinitionCode", code.Value), ("pageNo", 4), ("pageSize", 2))));
    }

    [Fact]
    public async Task A_text_finds_runs_by_what_their_workflow_was_called_and_is_called()
    {
        var name = $"old{Guid.NewGuid():n}";
        var code = await Server.SaveAsync(Of(Noop(1)) with { Name = name });
        var run = await StartAsync(code);
        (await Dolphin.PostAsync($"{Project}/process-definition/{code.Value}/release", ("releaseState", "OFFLINE"))).Data();
        (await Dolphin.PutAsync($"{Project}/process-definition/{code.Value}/basic-info", ("name", "new" + name[3..]))).Data();
        Assert.Equal([run], Ids(await ListAsync(("searchVal", name))));
        Assert.Equal([run], Ids(await ListAsync(("searchVal", "new" + name[3..]))));

        // Another workflow whose name has the text as well takes nothing away.
        var other = await Server.SaveAsync(Of(Noop(1)) with { Name = name + "2" });
        Assert.Equal([run], Ids(await ListAsync(("searchVal", name))));
        var second = await StartAsync(other);
        Assert.Equal([second, run], Ids(await ListAsync(("searchVal", name))));
        Assert.Equal([run], Ids(await ListAsync(("searchVal", name), ("pageNo", 2), ("pageSize", 1))));
    }

    [Fact]
    public async Task States_are_DolphinSchedulers_and_those_that_never_occur_have_empty_pages()
    {
        var succeeded = await RunAsync(Of(Noop(1)));
        var failed = await RunAsync(Of(Exits(1, exitCode: 3)));
        var code = await Server.SaveAsync(Of(Holds(1)));
        var (running, stopped) = (await StartAsync(code), await StartAsync(code));
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", stopped), ("executeType", "STOP"))).Data();
        await WaitAsync(stopped);

        foreach (var (state, run) in ((string, int)[])[("SUCCESS", succeeded), ("FAILURE", failed), ("RUNNING_EXECUTION", running), ("STOP", stopped)])
        {
            var found = await ListAsync(("stateType", state), ("pageSize", 1_000));
            Assert.Contains(run, Ids(found));
            Assert.All(Rows(found), r => Assert.Equal(state, r.GetProperty("state").GetString()));
        }

        var both = await ListAsync(("stateType", "SUCCESS, failure"), ("pageSize", 1_000));
        Assert.Superset(new HashSet<int> { succeeded, failed }, Ids(both).ToHashSet());
        Assert.DoesNotContain(stopped, Ids(both));
        foreach (var never in (string[])["SUBMITTED_SUCCESS", "PAUSE", "READY_PAUSE", "KILL", "NEED_FAULT_TOLERANCE", "SERIAL_WAIT", "BLOCK", "WAIT_TO_RUN", "FAILOVER", "DISPATCH"])
        {
            Assert.Equal(0, Int(await ListAsync(("stateType", never)), "total"));
        }

        Assert.Contains("stateType", (await Dolphin.GetAsync(Project + "/process-instances", ("stateType", "DONE"))).Refused(10001), StringComparison.Ordinal);
        await StopAsync(running);
    }

    [Fact]
    public async Task Each_filter_lets_through_what_fits_and_nothing_else()
    {
        var definition = Of(Noop(1)) with { Name = "nightly 100%_load-" + Guid.NewGuid().ToString("N") };
        var run = await RunAsync(definition);
        var other = await RunAsync(Of(Noop(1)));
        var started = DateTimeOffset.Parse((await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data().GetProperty("startedAt").GetString()!, CultureInfo.InvariantCulture);
        (string Name, string Fits, string FitsNot)[] filters =
        [
            ("searchVal", "100%_LOAD", "100x_load"),
            ("executorName", "root", "nobody"),
            ("host", "her", "elsewhere"),
            ("startDate", Time(started), Time(started.AddSeconds(1))),
            ("endDate", Time(started), Time(started.AddSeconds(-1))),
            ("searchVal", definition.Name + "-1-", definition.Name + "-2-"),
        ];
        foreach (var (name, fits, fitsNot) in filters)
        {
            Assert.Contains(run, Ids(await ListAsync((name, fits), ("pageSize", 1_000))));
            Assert.DoesNotContain(run, Ids(await ListAsync((name, fitsNot), ("pageSize", 1_000))));
        }

        Assert.Equal([run], Ids(await ListAsync([.. filters.Take(5).Select(f => (f.Name, (object?)f.Fits))])));
        Assert.DoesNotContain(other, Ids(await ListAsync(("searchVal", definition.Name))));
        Assert.Contains(other, Ids(await ListAsync(("searchVal", "  "), ("host", " "), ("pageSize", 1_000))));
        foreach (var name in (string[])["startDate", "endDate"])
        {
            Assert.Contains(name, (await Dolphin.GetAsync(Project + "/process-instances", (name, "yesterday"))).Refused(10001), StringComparison.Ordinal);
            (await Dolphin.GetAsync(Project + "/process-instances", (name, "9999-12-31 23:59:59"))).Data();
            (await Dolphin.GetAsync(Project + "/process-instances", (name, "0001-01-01 00:00:00"))).Data();
        }
    }

    [Theory]
    [InlineData("processDefinitionCode")]
    [InlineData("processDefineCode")]
    [InlineData("processDefiniteCode")]
    public async Task The_workflow_is_named_as_each_of_their_clients_does(string name)
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        var run = await StartAsync(code);
        Assert.Equal([run], Ids(await ListAsync((name, code.Value))));
        Assert.Contains(run, Ids(await ListAsync((name, 0), ("pageSize", 1_000))));
    }

    [Fact]
    public async Task A_row_has_what_their_UI_reads_with_the_right_types()
    {
        var definition = Of(Noop(1));
        var code = await Server.SaveAsync(definition);
        var run = await StartAsync(code, ("processInstancePriority", "HIGH"), ("failureStrategy", "END"));
        await WaitAsync(run);
        var row = Assert.Single(Rows(await ListAsync(("processDefinitionCode", code.Value))));
        Expect(
            row,
            $$"""
            {"id":{{run}},"processDefinitionCode":{{code}},"processDefinitionVersion":1,"projectCode":{{Server.Workspace.ProjectCode}},"state":"SUCCESS","recovery":"NO","runTimes":1,
             "host":"here","commandType":"START_PROCESS","commandParam":"{}","taskDependType":"TASK_POST","maxTryTimes":0,"failureStrategy":"END","warningType":"NONE","warningGroupId":0,
             "scheduleTime":null,"globalParams":null,"dagData":null,"executorId":1,"executorName":"root","tenantCode":"default","queue":"root_queue","isSubProcess":"NO","locations":null,
             "historyCmd":"START_PROCESS","dependenceScheduleTimes":null,"processInstancePriority":"HIGH","workerGroup":"default","environmentCode":-1,"tenantId":1,"varPool":null,
             "nextProcessInstanceId":0,"dryRun":0,"testFlag":0,"complementData":false,"blocked":false,"cmdTypeIfComplement":"START_PROCESS","isProd":true,"queueIsChosen":false,"startParams":null,"remarks":null}
            """);
        Assert.StartsWith(definition.Name + "-1-", row.GetProperty("name").GetString(), StringComparison.Ordinal);
        foreach (var time in (string[])["startTime", "endTime", "commandStartTime", "restartTime"])
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", row.GetProperty(time).GetString());
        }

        Assert.Matches(@"^(\d+m )?\d+s$", row.GetProperty("duration").GetString());
    }

    [Fact]
    public async Task The_longest_runs_that_succeeded_come_first()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var code = await Server.SaveAsync(Of(Noop(1)), workspace: workspace);
        var runs = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add((await Dolphin.PostAsync(PathOf(workspace) + "/executors/start-process-instance", ("processDefinitionCode", code.Value))).Data()[0].GetInt32());
            (await Dolphin.GetAsync($"{PathOf(workspace)}/process-instances/{runs[i]}", ("waitSeconds", 30))).Data();
        }

        var path = PathOf(workspace) + "/process-instances/top-n";
        (string, object?)[] span = [("startTime", "2000-01-01 00:00:00"), ("endTime", "2100-01-01 00:00:00")];
        var top = (await Dolphin.GetAsync(path, [("size", 10), .. span])).Data().EnumerateArray().ToList();
        Assert.Equal(runs.Order(), top.Select(r => Int(r, "id")).Order());
        var durations = top.Select(r => r.GetProperty("endedAt").GetDateTimeOffset() - r.GetProperty("startedAt").GetDateTimeOffset()).ToList();
        Assert.Equal(durations.OrderDescending(), durations);
        Assert.Equal(1, (await Dolphin.GetAsync(path, [("size", 1), .. span])).Data().GetArrayLength());
        Assert.Equal(0, (await Dolphin.GetAsync(path, ("size", 10), ("startTime", "2000-01-01 00:00:00"), ("endTime", "2001-01-01 00:00:00"))).Data().GetArrayLength());
        Assert.Contains("size", (await Dolphin.GetAsync(path, [("size", 0), .. span])).Refused(10001), StringComparison.Ordinal);
        Assert.Contains("startTime", (await Dolphin.GetAsync(path, ("size", 1))).Refused(10001), StringComparison.Ordinal);
    }

    /// <summary>Every member of the pattern, and what it says.</summary>
    internal static void Expect(JsonElement row, string pattern)
    {
        using var expected = JsonDocument.Parse(pattern);
        foreach (var member in expected.RootElement.EnumerateObject())
        {
            Assert.True(row.TryGetProperty(member.Name, out var value), $"{member.Name} is missing in {row}");
            Assert.True(JsonElement.DeepEquals(member.Value, value), $"{member.Name} is {value.GetRawText()}, not {member.Value.GetRawText()}");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonElement.ArrayEnumerator Rows(JsonElement page) => page.GetProperty("totalList").EnumerateArray();

    private static List<int> Ids(JsonElement page) => [.. Rows(page).Select(r => Int(r, "id"))];

    private async Task<JsonElement> ListAsync(params (string Name, object? Value)[] parameters) => (await Dolphin.GetAsync(Project + "/process-instances", parameters)).Data();

    private async Task StopAsync(int run)
    {
        (await Dolphin.PostAsync(Project + "/executors/execute", ("processInstanceId", run), ("executeType", "STOP"))).Data();
        await WaitAsync(run);
    }
}
