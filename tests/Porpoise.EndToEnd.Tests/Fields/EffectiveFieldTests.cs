using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Fields;

/// <summary>Fields of the cloud's calls that change what runs, seen from outside at a real server: that all its parts are put together rightly.</summary>
public sealed class EffectiveFieldTests(SharedServer shared) : SharedServerTest(shared)
{
    private string Queues => $"/porpoise/v1/workspaces/{Dolphin.Workspace}/queues";

    [Fact]
    public async Task Retries_of_the_workflow_are_for_nodes_that_name_none()
    {
        var run = await Cloud.StartAsync(new Workflow().With("retryTimes", 2).Shell("theirs", "exit 1").Shell("own", "exit 1").WithNode("failRetryTimes", 1).Shell("none", "exit 1").WithNode("failRetryTimes", 0));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Equal((3, 2, 1), (await AttemptsAsync(run, "theirs"), await AttemptsAsync(run, "own"), await AttemptsAsync(run, "none")));
    }

    [Fact]
    public async Task The_date_of_a_start_is_what_its_tasks_see_in_every_language_also_when_they_run_again()
    {
        Workflow New() => new Workflow().With("globalParams", """[{"prop":"day","direct":"IN","type":"VARCHAR","value":"$[yyyy-MM-dd]"},{"prop":"next","direct":"IN","type":"VARCHAR","value":"$[add_months(yyyyMM,1)]"}]""")
            .Shell("shell", "echo ${day} ${next} ${system.biz.date}")
            .Add("python", "PYTHON", new JsonObject { ["rawScript"] = "print(${day}, ${next}, '${system.biz.date}')" })
            .Add("sql", "DUCKDB", new JsonObject { ["sql"] = "select ${day} || ' ' || ${next} || ' ' || ${system.biz.date} as line" });
        foreach (var client in (ApiClient[])[Cloud, Dolphin])
        {
            var run = await client.StartAsync(await client.CreateAsync(New()), ("scheduleTime", "2026-11-01"));
            Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
            await AssertLinesAsync(run);
            (await Dolphin.PostAsync($"/dolphinscheduler/projects/{Dolphin.Workspace}/executors/execute", ("processInstanceId", run), ("executeType", "REPEAT_RUNNING"))).Data();
            Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
            await AssertLinesAsync(run);
        }

        async Task AssertLinesAsync(int run)
        {
            foreach (var name in (string[])["shell", "python", "sql"])
            {
                Assert.Contains("2026-11-01 202612 20261031", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, name)), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_time_limit_of_a_node_counts_seconds_and_ends_it()
    {
        var run = await Cloud.StartAsync(new Workflow().Shell("a", "sleep 600").WithNode("timeout", 1).Noop("b", "a"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("FAILURE", ApiClient.Text(await Dolphin.TaskAsync(run, "a"), "state"));
    }

    [Fact]
    public async Task The_time_limit_of_a_workflow_ends_all_of_it()
    {
        var run = await Cloud.StartAsync(new Workflow().With("timeout", 1).Shell("a", "sleep 600").Shell("b", "sleep 600"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.All(await Dolphin.TasksAsync(run), t => Assert.NotEqual("SUCCESS", ApiClient.Text(t, "state")));
    }

    [Fact]
    public async Task Of_a_run_no_more_tasks_run_at_once_than_it_allows()
    {
        var workflow = new Workflow().With("taskParallelism", 2);
        for (var i = 0; i < 6; i++)
        {
            workflow.Shell($"n{i}", "sleep 0.2");
        }

        Assert.InRange(MostAtOnce(await EndedTasksAsync(await Cloud.StartAsync(workflow))), 1, 2);
    }

    [Fact]
    public async Task Of_a_queue_no_more_tasks_run_at_once_than_it_allows()
    {
        var queue = "narrow-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync(Queues, ("name", queue), ("environment", "both"), ("tasksMax", 1))).Data();
        var code = await Cloud.CreateAsync(new Workflow().Shell("a", "sleep 0.2").Shell("b", "sleep 0.2"));
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Cloud.StartAsync(code, ("runtimeQueue", queue))));
        var tasks = new List<JsonElement>();
        foreach (var run in runs)
        {
            Assert.Equal(queue, ApiClient.Text(await Dolphin.GetRunAsync(run), "queue"));
            tasks.AddRange(await EndedTasksAsync(run));
        }

        Assert.Equal(6, tasks.Count);
        Assert.Equal(1, MostAtOnce(tasks));
    }

    [Fact]
    public async Task A_run_goes_into_the_queue_of_its_environment_unless_the_workflow_or_the_caller_names_one()
    {
        var queue = "own-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync(Queues, ("name", queue), ("environment", "production"))).Data();
        var plain = await Cloud.CreateAsync(new Workflow().Noop("a"));
        var owning = await Cloud.CreateAsync(new Workflow().Noop("a").With("resourceQueue", queue));
        Assert.Equal("dev_queue", await QueueAsync(await Cloud.StartAsync(plain)));
        Assert.Equal("root_queue", await QueueAsync(await Cloud.StartAsync(plain, ("isProd", true))));
        Assert.Equal("dev_queue", await QueueAsync(await Cloud.StartAsync(owning)));
        Assert.Equal(queue, await QueueAsync(await Cloud.StartAsync(owning, ("isProd", true))));
        Assert.Equal("root_queue", await QueueAsync(await Cloud.StartAsync(owning, ("isProd", true), ("runtimeQueue", "root_queue"))));
    }

    [Fact]
    public async Task Parameters_reach_the_script_the_nearest_wins_and_a_text_stays_a_text()
    {
        var local = new JsonArray(new JsonObject { ["prop"] = "near", ["direct"] = "IN", ["type"] = "VARCHAR", ["value"] = "of the node" });
        var workflow = new Workflow()
            .With("globalParams", """[{"prop":"far","direct":"IN","type":"VARCHAR","value":"of the workflow"},{"prop":"near","direct":"IN","type":"VARCHAR","value":"hidden"},{"prop":"bad","direct":"IN","type":"VARCHAR","value":"$(echo run) '; exit 7 #"},{"prop":"given","direct":"IN","type":"VARCHAR","value":"default"}]""")
            .Shell("a", "echo \"${far}|${near}|${bad}|${given}\"")
            .WithTaskParam("localParams", local);
        var run = await Cloud.StartAsync(workflow, ("startParams", """{"given":"at the start"}"""));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("of the workflow|of the node|$(echo run) '; exit 7 #|at the start\n", await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a")));
    }

    [Fact]
    public async Task A_workflow_with_a_node_that_cannot_be_run_is_kept_but_not_started()
    {
        var spark = new JsonObject { ["workspaceBizId"] = "w-0", ["taskBizId"] = "TSK-0", ["resourceQueueId"] = "root_queue" };
        var code = await Cloud.CreateAsync(new Workflow().Shell("a", "true").Add("spark node", "EMR_SERVERLESS_SPARK", spark, "a"));
        var before = (await Dolphin.CountAsync()).Values.Sum();
        foreach (var client in (ApiClient[])[Cloud, Dolphin])
        {
            Assert.Contains("spark node", (await client.TryStartAsync(code)).Refused(1500064).Message, StringComparison.Ordinal);
        }

        // An environment may name a Spark: then it is the development task that is missed.
        var environment = (await Dolphin.PostAsync("/dolphinscheduler/environment/create", ("name", "spark-" + Guid.NewGuid().ToString("N")), ("config", "export SPARK_HOME=/opt/spark"))).Data().GetInt64();
        Assert.Contains("TSK-0", (await Dolphin.TryStartAsync(code, ("environmentCode", environment))).Refused(1500060).Message, StringComparison.Ordinal);
        Assert.Equal(before, (await Dolphin.CountAsync(("projectCode", 0))).Values.Sum());
    }

    private async Task<int> AttemptsAsync(int run, string task) => (await Dolphin.TaskAsync(run, task)).GetProperty("attempt").GetInt32();

    private async Task<string> QueueAsync(int run) => ApiClient.Text(await Dolphin.GetRunAsync(run), "queue");

    private async Task<IReadOnlyList<JsonElement>> EndedTasksAsync(int run)
    {
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        return await Dolphin.TasksAsync(run);
    }

    /// <summary>By the exact times of their start and end; one that ends in the moment in which another starts is not beside it.</summary>
    private static int MostAtOnce(IEnumerable<JsonElement> tasks)
    {
        var changes = tasks.SelectMany(t => new[] { (At: Time(t, "startedAt"), Change: 1), (At: Time(t, "endedAt"), Change: -1) }).OrderBy(c => c.At).ThenBy(c => c.Change);
        var (now, most) = (0, 0);
        foreach (var (_, change) in changes)
        {
            now += change;
            most = Math.Max(most, now);
        }

        return most;
    }

    private static DateTimeOffset Time(JsonElement task, string name) => DateTimeOffset.Parse(ApiClient.Text(task, name), CultureInfo.InvariantCulture);
}
