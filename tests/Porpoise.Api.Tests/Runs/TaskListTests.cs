using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>The list of task instances and its filters.</summary>
public sealed class TaskListTests(ApiServer server) : ApiTest(server)
{
    [Fact]
    public async Task The_tasks_of_a_run_are_listed_newest_first()
    {
        var run = await RunAsync(Of(Noop(1), Exits(2), Noop(3)));
        await RunAsync(Of(Noop(1)));
        var page = await ListAsync(("processInstanceId", run), ("pageSize", 2));
        Assert.Equal(3, page.GetProperty("total").GetInt32());
        Assert.Equal(["t3", "t2"], Names(page));
        Assert.Equal(["t1"], Names(await ListAsync(("processInstanceId", run), ("pageSize", 2), ("pageNo", 2))));
        Assert.All(page.GetProperty("totalList").EnumerateArray(), t => Assert.Equal(run, t.GetProperty("processInstanceId").GetInt32()));
    }

    [Fact]
    public async Task Each_filter_lets_through_what_fits_and_nothing_else()
    {
        var definition = Of(Exits(1, exitCode: 2) with { Name = "load_" + Guid.NewGuid().ToString("N") });
        var run = await RunAsync(definition);
        var task = Assert.Single((await ListAsync(("processInstanceId", run))).GetProperty("totalList").EnumerateArray());
        var (id, name, instance) = (task.GetProperty("id").GetInt32(), definition.Tasks[0].Name, task.GetProperty("processInstanceName").GetString()!);
        var submitted = task.GetProperty("submittedAt").GetDateTimeOffset();
        foreach (var (filter, fits, fitsNot) in ((string, string, string)[])
        [
            ("searchVal", name[..20], name + "x"),
            ("taskName", name, name + "x"),
            ("processInstanceName", instance[..30], instance + "x"),
            ("processDefinitionName", definition.Name, definition.Name + "x"),
            ("executorName", "root", "nobody"),
            ("host", "here", "elsewhere"),
            ("stateType", "FAILURE", "SUCCESS"),
            ("stateType", "FAILURE,KILL", "KILL"),
            ("stateType", "FAILURE", "FORCED_SUCCESS"),
            ("startDate", Time(submitted), Time(submitted.AddSeconds(1))),
            ("endDate", Time(submitted), Time(submitted.AddSeconds(-1))),
            ("taskExecuteType", "BATCH", "STREAM"),
            ("processInstanceId", run.ToString(CultureInfo.InvariantCulture), "2147483647"),
        ])
        {
            Assert.Contains(id, Ids(await ListAsync((filter, fits), ("pageSize", 1_000))));
            Assert.DoesNotContain(id, Ids(await ListAsync((filter, fitsNot), ("pageSize", 1_000))));
        }

        Assert.Equal([id], Ids(await ListAsync(("searchVal", name[..9]), ("taskName", name), ("processInstanceName", instance), ("processDefinitionName", definition.Name))));
        (await Dolphin.GetAsync(Project + "/task-instances", ("searchVal", "abc"), ("taskName", "def"))).Refused(1500001);
    }

    [Fact]
    public async Task Tasks_and_runs_are_counted_by_state_in_one_workspace_or_in_all()
    {
        var workspace = await Server.CreateWorkspaceAsync();
        var before = await CountAsync("task-state-count");
        var code = await Server.SaveAsync(Of(Noop(1), Exits(2, exitCode: 1), Noop(3)), workspace: workspace);
        var run = (await Dolphin.PostAsync(PathOf(workspace) + "/executors/start-process-instance", ("processDefinitionCode", code.Value))).Data()[0].GetInt32();
        (await Dolphin.GetAsync($"{PathOf(workspace)}/process-instances/{run}", ("waitSeconds", 30))).Data();

        (string, object?) here = ("projectCode", workspace.ProjectCode);
        Assert.Equal([("FAILURE", 1), ("SUCCESS", 1)], Filled(await CountAsync("task-state-count", here)));
        Assert.Equal([("FAILURE", 1)], Filled(await CountAsync("process-state-count", here)));
        Assert.Equal([("FAILURE", 1)], Filled(await CountAsync("process-state-count", ("projectCode", workspace.Id.Value), ("startDate", "2020-01-01 00:00:00"), ("endDate", "2100-01-01 00:00:00"))));
        Assert.Empty(Filled(await CountAsync("process-state-count", here, ("endDate", "2020-01-01 00:00:00"))));
        Assert.Empty(Filled(await CountAsync("task-state-count", here, ("startDate", "2100-01-01 00:00:00"))));
        Assert.True((await CountAsync("task-state-count", ("projectCode", 0))).Values.Sum() >= before.Values.Sum() + 2);
        (await Dolphin.GetAsync("/dolphinscheduler/projects/analysis/task-state-count", ("projectCode", 4711))).Refused(10018);

        var users = (await Dolphin.GetAsync("/dolphinscheduler/projects/analysis/define-user-count", here)).Data();
        Assert.Equal("""{"count":1,"userList":[{"userId":1,"userName":"root","count":1}]}""", users.GetRawText());
    }

    private static IEnumerable<(string, int)> Filled(Dictionary<string, int> counts) => counts.Where(c => c.Value > 0).Select(c => (c.Key, c.Value)).Order();

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static List<string?> Names(JsonElement page) => [.. page.GetProperty("totalList").EnumerateArray().Select(t => t.GetProperty("name").GetString())];

    private static List<int> Ids(JsonElement page) => [.. page.GetProperty("totalList").EnumerateArray().Select(t => t.GetProperty("id").GetInt32())];

    private async Task<JsonElement> ListAsync(params (string Name, object? Value)[] parameters) => (await Dolphin.GetAsync(Project + "/task-instances", parameters)).Data();

    private async Task<Dictionary<string, int>> CountAsync(string what, params (string Name, object? Value)[] parameters)
    {
        var data = (await Dolphin.GetAsync("/dolphinscheduler/projects/analysis/" + what, parameters)).Data();
        var counts = data.GetProperty("taskCountDtos").EnumerateArray().ToDictionary(c => c.GetProperty("taskStateType").GetString()!, c => c.GetProperty("count").GetInt32());
        Assert.Equal(data.GetProperty("totalCount").GetInt32(), counts.Values.Sum());
        return counts;
    }
}
