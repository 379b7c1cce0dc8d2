using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Runs;

/// <summary>Runs, from the start call to their logs.</summary>
public sealed class RunTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task A_diamond_waits_for_both_sides_and_its_join_has_times_of_its_own()
    {
        var run = await Dolphin.StartAsync(new Workflow().Noop("top").Shell("left", "sleep 0.3", "top").Shell("right", "true", "top").Noop("join", "left", "right").Shell("end", "true", "join"));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var tasks = (await Dolphin.TasksAsync(run)).ToDictionary(t => Text(t, "name"));
        Assert.Equal(5, tasks.Count);
        Assert.All(tasks.Values, t => Assert.Equal("SUCCESS", Text(t, "state")));
        foreach (var (before, after) in ((string, string)[])[("top", "left"), ("top", "right"), ("left", "join"), ("right", "join"), ("join", "end")])
        {
            Assert.True(tasks[before].GetProperty("endedAt").GetDateTimeOffset() <= tasks[after].GetProperty("submittedAt").GetDateTimeOffset(), $"{after} was submitted before {before} had ended.");
        }

        var join = tasks["join"];
        Assert.True(join.GetProperty("submittedAt").GetDateTimeOffset() <= join.GetProperty("startedAt").GetDateTimeOffset());
        Assert.True(join.GetProperty("startedAt").GetDateTimeOffset() <= join.GetProperty("endedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_log_is_read_in_pages_and_downloaded_whole()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "seq 1 100; echo problem >&2; printf 'no line end'"));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        var whole = string.Concat(Enumerable.Range(1, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}\n"))) + "problem\nno line end";
        var pages = new List<string>();
        for (var skip = 0; ;)
        {
            var page = (await Dolphin.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task.GetProperty("id").GetInt32()), ("skipLineNum", skip), ("limit", 30))).Data();
            var lines = page.GetProperty("lineNum").GetInt32();
            if (lines == 0)
            {
                break;
            }

            Assert.True(lines <= 30);
            pages.Add(Text(page, "message"));
            skip += lines;
        }

        Assert.Equal(4, pages.Count);
        Assert.Equal(whole, string.Concat(pages));

        foreach (var path in (string[])["/dolphinscheduler/log", $"/dolphinscheduler/log/{Dolphin.Workspace}"])
        {
            using var download = await Dolphin.SendRawAsync(HttpMethod.Get, $"{path}/download-log?taskInstanceId={task.GetProperty("id").GetInt32()}");
            Assert.Equal("attachment", download.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Equal(whole, await download.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            var detail = await Cloud.GetAsync($"{path}/detail", ("taskInstanceId", task.GetProperty("id").GetInt32()), ("limit", 1));
            Assert.Equal("1\n", Text(detail.Data(), "message"));
        }
    }

    [Fact]
    public async Task A_retry_runs_the_task_again_and_each_attempt_has_its_log()
    {
        var run = await Dolphin.StartAsync(new Workflow()
            .Shell("a", "echo this is $PORPOISE_ATTEMPT; test $PORPOISE_ATTEMPT = 2").WithNode("failRetryTimes", "1").WithNode("failRetryInterval", "0").Noop("b", "a"));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        Assert.Equal(2, task.GetProperty("attempt").GetInt32());
        Assert.Equal(1, task.GetProperty("retryTimes").GetInt32());
        Assert.Equal(1, task.GetProperty("maxRetryTimes").GetInt32());
        Assert.Equal(0, task.GetProperty("exitCode").GetInt32());
        Assert.StartsWith("this is 1\n[porpoise] failed after ", await Dolphin.LogAsync(task, 1), StringComparison.Ordinal);
        Assert.Equal("this is 2\n", await Dolphin.LogAsync(task, 2));
        Assert.Equal("this is 2\n", await Dolphin.LogAsync(task));
    }

    [Fact]
    public async Task Retries_that_are_used_up_leave_the_run_failed_with_the_last_exit_code()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "exit $((10 + PORPOISE_ATTEMPT))").WithNode("failRetryTimes", 2).Noop("b", "a"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var task = Assert.Single(await Dolphin.TasksAsync(run), t => Text(t, "name") == "a");
        Assert.Equal(3, task.GetProperty("attempt").GetInt32());
        Assert.Equal(13, task.GetProperty("exitCode").GetInt32());
        Assert.Equal("FAILURE", Text(task, "state"));
    }

    [Fact]
    public async Task A_retry_with_an_interval_waits_for_its_time()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "exit 1").WithNode("failRetryTimes", 1).WithNode("failRetryInterval", 1));
        await Eventually.TrueAsync(async () => (await Dolphin.TasksAsync(run)) is [var t] && Text(t, "state") == "DELAY_EXECUTION", "the task waits for its retry");
        var task = await Dolphin.TaskAsync(run, "a");
        var wait = task.GetProperty("retryAt").GetDateTimeOffset() - task.GetProperty("startedAt").GetDateTimeOffset();
        Assert.InRange(wait, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(70));
        Assert.Equal("RUNNING_EXECUTION", await Dolphin.StateAsync(run));
        (await Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
    }

    [Fact]
    public async Task With_END_a_failure_ends_what_else_is_running()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("long", "echo begin; sleep 100").Shell("fail", "sleep 0.3; exit 3").Noop("after", "long"), ("failureStrategy", "END"));
        var since = Stopwatch.StartNew();
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(20), "The sibling was waited for.");
        Assert.Equal("KILL", Text(await Dolphin.TaskAsync(run, "long"), "state"));
        Assert.Equal("FAILURE", Text(await Dolphin.TaskAsync(run, "fail"), "state"));
        Assert.DoesNotContain(await Dolphin.TasksAsync(run), t => Text(t, "name") == "after");
    }

    [Fact]
    public async Task With_CONTINUE_the_other_branches_go_on()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("long", "sleep 1; echo end").Shell("fail", "exit 3").Noop("after", "long").Noop("never", "fail"), ("failureStrategy", "CONTINUE"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("SUCCESS", Text(await Dolphin.TaskAsync(run, "long"), "state"));
        Assert.Equal("SUCCESS", Text(await Dolphin.TaskAsync(run, "after"), "state"));
        Assert.DoesNotContain(await Dolphin.TasksAsync(run), t => Text(t, "name") == "never");
    }

    [Fact]
    public async Task STOP_ends_running_tasks_and_starts_no_others()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "echo pid $$; sleep 100").Noop("b", "a"));
        await Dolphin.WaitForLogAsync(run, "a", "pid ");
        var pid = (await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "a"))).Trim()["pid ".Length..];
        Assert.Equal(0, (await Dolphin.TryStopAsync(run)).Code);
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("KILL", Text(Assert.Single(await Dolphin.TasksAsync(run)), "state"));
        Assert.False(Directory.Exists("/proc/" + pid), "The script is still running.");
        (await Dolphin.TryStopAsync(run)).Refused(50006);
    }

    [Fact]
    public async Task A_caller_who_waits_hears_of_the_end_at_once_and_not_before()
    {
        var go = Path.Combine(Installation.Folder, "go-" + Guid.NewGuid().ToString("N"));
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", $"until [ -e {go} ]; do sleep 0.05; done"));
        var since = Stopwatch.StartNew();
        Assert.Equal("RUNNING_EXECUTION", Text((await Dolphin.TryGetRunAsync(run, 1)).Data(), "state"));
        Assert.InRange(since.Elapsed, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(10));

        var waiting = Dolphin.TryGetRunAsync(run, 60);
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        var ended = (await waiting).Data();
        var late = DateTimeOffset.UtcNow - ended.GetProperty("endedAt").GetDateTimeOffset();
        Assert.Equal("SUCCESS", Text(ended, "state"));
        Assert.True(late < TimeSpan.FromSeconds(10), $"The caller heard of the end {late} late.");

        (await Dolphin.TryGetRunAsync(run, 61)).Refused(10001);
    }

    [Fact]
    public async Task Runs_are_counted_by_state_and_time()
    {
        await using var own = new Installation();
        await own.StartAsync();
        var client = own.Dolphin;
        Assert.All((await client.CountAsync()).Values, count => Assert.Equal(0, count));
        await client.WaitAsync(await client.StartAsync(new Workflow().Noop("a")));
        await client.WaitAsync(await client.StartAsync(new Workflow().Noop("a")));
        await client.WaitAsync(await client.StartAsync(new Workflow().Shell("a", "exit 1")));
        var running = await client.StartAsync(new Workflow().Shell("a", "sleep 100"));

        AssertCounts(await client.CountAsync(), 2, 1, 1);
        AssertCounts(await own.Cloud.CountAsync(), 2, 1, 1);
        AssertCounts(await client.CountAsync(("projectCode", client.Workspace)), 2, 1, 1);
        AssertCounts(await client.CountAsync(("projectCode", 0)), 2, 1, 1);
        var (before, after) = (Time(DateTimeOffset.UtcNow.AddHours(-1)), Time(DateTimeOffset.UtcNow.AddHours(1)));
        AssertCounts(await client.CountAsync(("startDate", before), ("endDate", after)), 2, 1, 1);
        AssertCounts(await client.CountAsync(("startDate", after)), 0, 0, 0);
        AssertCounts(await client.CountAsync(("endDate", before)), 0, 0, 0);

        (await client.TryStopAsync(running)).Data();
        await client.WaitAsync(running);
        Assert.Equal(1, (await client.CountAsync())["STOP"]);
        (await client.GetAsync("/dolphinscheduler/projects/analysis/process-state-count", ("startDate", "yesterday"))).Refused(10001);
    }

    [Fact]
    public async Task A_workflow_that_is_OFFLINE_does_not_run_in_production()
    {
        var code = (await Dolphin.TryCreateAsync(new Workflow().Noop("a"))).Data().GetProperty("code").GetInt64();
        (await Dolphin.TryStartAsync(code)).Refused(50004);
        (await Cloud.TryStartAsync(code, ("isProd", "true"))).Refused(50004);
        await Cloud.StartAsync(code, ("isProd", "false"));
        (await Dolphin.TryReleaseAsync(code, "ONLINE")).Data();
        await Dolphin.StartAsync(code);
        (await Dolphin.TryUpdateAsync(code, new Workflow().Noop("b"))).Refused(50008);
        (await Dolphin.TryReleaseAsync(code, "OFFLINE")).Data();
        (await Dolphin.TryStartAsync(code)).Refused(50004);
    }

    [Fact]
    public async Task A_start_can_pin_an_older_version_by_number_or_hash()
    {
        var workflow = new Workflow().Shell("a", "echo one");
        var code = await Cloud.CreateAsync(workflow);
        var second = (await Cloud.TryUpdateAsync(code, new Workflow(workflow.Name).Shell("a", "echo two"), ("publish", "true"))).Data();
        Assert.Equal(2, second.GetProperty("version").GetInt32());
        var hash = Text(second, "versionHashCode");
        (await Cloud.TryUpdateAsync(code, new Workflow(workflow.Name).Shell("a", "echo three"), ("publish", "true"))).Data();

        Assert.Equal("three\n", await OutputAsync(await Cloud.StartAsync(code, ("isProd", "true"))));
        Assert.Equal("one\n", await OutputAsync(await Cloud.StartAsync(code, ("isProd", "true"), ("versionNumber", 1))));
        Assert.Equal("two\n", await OutputAsync(await Cloud.StartAsync(code, ("isProd", "true"), ("versionHashCode", hash))));
        Assert.Equal("two\n", await OutputAsync(await Dolphin.StartAsync(code, ("versionNumber", 2), ("versionHashCode", hash))));
        (await Cloud.TryStartAsync(code, ("isProd", "true"), ("versionNumber", 4))).Refused(10153);
        (await Cloud.TryStartAsync(code, ("isProd", "true"), ("versionHashCode", "dwerf"))).Refused(10153);
        (await Cloud.TryStartAsync(code, ("isProd", "true"), ("versionNumber", 1), ("versionHashCode", hash))).Refused(10001);
    }

    [Fact]
    public async Task What_a_run_shows_of_itself_is_what_was_asked_for()
    {
        var workflow = new Workflow().Noop("a");
        var code = await Cloud.CreateAsync(workflow);
        var run = await Cloud.WaitAsync(await Cloud.StartAsync(
            code, ("isProd", "true"), ("comments", "again, please"), ("email", "a@b.example"), ("runtimeQueue", "dev_queue"), ("processInstancePriority", "HIGH"), ("failureStrategy", "END")));
        Assert.Equal(code, run.GetProperty("processDefinitionCode").GetInt64());
        Assert.Equal(1, run.GetProperty("processDefinitionVersion").GetInt32());
        Assert.StartsWith(workflow.Name + "-1-", Text(run, "name"), StringComparison.Ordinal);
        Assert.Equal("END", Text(run, "failureStrategy"));
        Assert.Equal("HIGH", Text(run, "processInstancePriority"));
        Assert.Equal("dev_queue", Text(run, "queue"));
        Assert.Equal("again, please", Text(run.GetProperty("remarks"), "comments"));
        Assert.Equal(Installation.Key.UserName, Text(run, "executorName"));
    }

    [Fact]
    public async Task A_task_sees_its_own_folder_and_nothing_of_the_servers_environment()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "env | sort; pwd; ls -A | wc -l; cat; echo $HOME"));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        var lines = (await Dolphin.LogAsync(task)).TrimEnd('\n').Split('\n');
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"PORPOISE_RUN_ID={run}"), lines);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"PORPOISE_TASK_ID={task.GetProperty("id").GetInt32()}"), lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("DOTNET_", StringComparison.Ordinal) || l.StartsWith("ASPNETCORE_", StringComparison.Ordinal));
        Assert.Equal(lines[^1], lines[^3]);
        Assert.Equal("0", lines[^2].Trim());
        Assert.StartsWith(Installation.Folder, lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_is_not_sound_is_refused_with_its_reason()
    {
        (await Dolphin.TryCreateAsync(new Workflow())).Refused(50035);
        var cycle = new Workflow().Noop("a").Noop("b", "a").Noop("c", "b");
        var relations = JsonSerializer.Serialize(new object[] { new { preTaskCode = 1, postTaskCode = 2 }, new { preTaskCode = 2, postTaskCode = 3 }, new { preTaskCode = 3, postTaskCode = 1 } });
        var parameters = cycle.Parameters.Where(p => p.Name != "taskRelationJson").Append(("taskRelationJson", relations)).ToArray();
        (await Dolphin.PostAsync($"/dolphinscheduler/projects/{Dolphin.Workspace}/process-definition", parameters)).Refused(50019);
        var taken = new Workflow().Noop("a");
        await Dolphin.CreateAsync(taken);
        (await Dolphin.TryCreateAsync(taken)).Refused(10168);
    }

    private async Task<string> OutputAsync(int run)
    {
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        return await Dolphin.LogAsync(Assert.Single(await Dolphin.TasksAsync(run)));
    }

    private static void AssertCounts(IReadOnlyDictionary<string, long> counts, long succeeded, long failed, long running) =>
        Assert.Equal((succeeded, failed, running), (counts["SUCCESS"], counts["FAILURE"], counts["RUNNING_EXECUTION"]));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
