using System.Text.Json;
using Porpoise.Api.Tests.Serving;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using static Porpoise.Api.Tests.Serving.Definitions;

namespace Porpoise.Api.Tests.Runs;

/// <summary>What a start pins its run to: version, environment, queue, parameters.</summary>
public sealed class StartTests(ApiServer server) : ApiTest(server)
{
    private const int NotHonoured = 1500001;
    private const int QueueNotFound = 10128;

    public static TheoryData<string, string> RefusedParameters => new()
    {
        { "execType", "COMPLEMENT_DATA" },
        { "execType", "SCHEDULER" },
        { "warningType", "SUCCESS" },
        { "warningType", "FAILURE" },
        { "warningType", "ALL" },
        { "warningGroupId", "3" },
        { "startNodeList", "1,2" },
        { "taskDependType", "TASK_ONLY" },
        { "tenantCode", "etl" },
        { "dryRun", "1" },
        { "testFlag", "1" },
        { "complementDependentMode", "ALL_DEPENDENT" },
        { "allLevelDependent", "true" },
        { "interval", "2026-01-01 00:00:00,2026-01-31 00:00:00" },
        { "interval", "2026-01-01" },
        { "interval", "20260101" },
        { "interval", "[\"a\"]" },
        { "interval", "1~5" },
    };

    public static TheoryData<string, string> NeutralParameters => new()
    {
        { "execType", "START_PROCESS" },
        { "warningType", "NONE" },
        { "warningGroupId", "0" },
        { "startNodeList", "" },
        { "taskDependType", "TASK_POST" },
        { "workerGroup", "default" },
        { "tenantCode", "default" },
        { "environmentCode", "-1" },
        { "dryRun", "0" },
        { "testFlag", "0" },
        { "complementDependentMode", "OFF_MODE" },
        { "scheduleTime", """{"complementStartDate":"2026-01-01 00:00:00","complementEndDate":"2026-01-03 00:00:00"}""" },
        { "somethingUnknown", "1" },
    };

    [Theory]
    [MemberData(nameof(RefusedParameters))]
    public async Task What_is_not_honoured_is_refused_by_name_and_nothing_starts(string name, string value)
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        Assert.Contains(name, (await TryStartAsync(code, (name, value))).Refused(NotHonoured), StringComparison.Ordinal);
        Assert.Equal(0, (await Dolphin.GetAsync(Project + "/process-instances", ("processDefinitionCode", code.Value))).Data().GetProperty("total").GetInt32());
        (await TryStartAsync(code, (name, ""))).Data();
    }

    [Fact]
    public async Task A_start_parameter_that_no_task_could_see_is_refused_in_both_dialects_and_nothing_starts()
    {
        var code = await Server.SaveAsync(Of(Exits(1)));
        const string Says = "startParams 'PATH': In the script of a SHELL node ${PATH} is a variable of the shell's own or of this service: take another name.";
        Assert.Equal(Says, (await TryStartAsync(code, ("startParams", """{"PATH":"/x","day":"1"}"""))).Refused(10001));
        var signed = await Cloud.PostAsync(Project + "/executors/start-process-instance", ("processDefinitionCode", code.Value), ("startParams", """{"PATH":"/x"}"""));
        Assert.Equal((400, "InvalidStartParams", Says), (signed.Status, signed.Json.GetProperty("Code").GetString(), signed.Json.GetProperty("Message").GetString()));
        Assert.Equal(0, (await Dolphin.GetAsync(Project + "/process-instances", ("processDefinitionCode", code.Value))).Data().GetProperty("total").GetInt32());
    }

    [Theory]
    [MemberData(nameof(NeutralParameters))]
    public async Task What_says_what_happens_anyway_is_taken(string name, string value) => (await TryStartAsync(await Server.SaveAsync(Of(Noop(1))), (name, value))).Data();

    [Theory]
    [InlineData("runMode", "RUN_MODE_SOMEHOW")]
    [InlineData("expectedParallelismNumber", "0")]
    [InlineData("timeout", "86401")]
    [InlineData("processDefinitionCode", "x")]
    [InlineData("versionNumber", "0")]
    [InlineData("versionNumber", "2147483648")]
    [InlineData("isProd", "maybe")]
    [InlineData("failureStrategy", "STOP")]
    [InlineData("processInstancePriority", "URGENT")]
    public async Task What_cannot_be_read_is_refused_by_name(string name, string value) =>
        Assert.Contains(name, (await Dolphin.PostAsync(Project + "/executors/start-process-instance", name == "processDefinitionCode"
            ? [(name, value)]
            : [("processDefinitionCode", (await Server.SaveAsync(Of(Noop(1)))).Value), (name, value)])).Refused(10001), StringComparison.Ordinal);

    [Fact]
    public async Task What_is_only_noted_down_is_shown_with_the_run()
    {
        (string, object?)[] notes =
        [
            ("action", "again"), ("comments", "第二次"), ("email", "a@b.example"), ("interval", "5"), ("regionId", "cn-hangzhou"),
            ("runMode", "RUN_MODE_PARALLEL"), ("expectedParallelismNumber", "2"), ("timeout", "60"),
        ];
        var run = await RunAsync(Of(Noop(1)), notes);
        var shown = await GetAsync(run);
        Assert.Equal("SUCCESS", shown.GetProperty("state").GetString());
        foreach (var (name, value) in notes)
        {
            Assert.Equal(value, shown.GetProperty("remarks").GetProperty(name).GetString());
        }
    }

    [Fact]
    public async Task Development_takes_the_current_version_and_production_the_published_one()
    {
        var first = Of(Noop(1));
        var code = await Server.SaveAsync(first);
        await SaveAgainAsync(code, first with { Description = "second" });

        var production = await GetAsync(await StartAsync(code));
        Assert.Equal((1, "root_queue", true), (Version(production), production.GetProperty("queue").GetString(), production.GetProperty("isProd").GetBoolean()));
        var development = await GetAsync(await StartAsync(code, ("isProd", "False")));
        Assert.Equal((2, "dev_queue", false), (Version(development), development.GetProperty("queue").GetString(), development.GetProperty("isProd").GetBoolean()));

        var signed = await Cloud.PostAsync(Project + "/executors/start-process-instance", ("processDefinitionCode", code.Value));
        Assert.Equal(2, Version(await GetAsync(signed.Data()[0].GetInt32())));
    }

    [Fact]
    public async Task A_version_is_pinned_by_number_by_hash_or_by_both()
    {
        var first = Of(Noop(1));
        var code = await Server.SaveAsync(first);
        var second = await SaveAgainAsync(code, first with { Description = "second" });
        await SaveAgainAsync(code, first);

        await AssertPinnedAsync(1, ("versionNumber", 1));
        await AssertPinnedAsync(2, ("version", 2));
        await AssertPinnedAsync(2, ("versionNumber", 2), ("version", 2));
        await AssertPinnedAsync(2, ("versionHashCode", second));
        await AssertPinnedAsync(3, ("versionHashCode", VersionHash.Of(first)));
        await AssertPinnedAsync(1, ("versionNumber", 1), ("versionHashCode", VersionHash.Of(first)));

        (await TryStartAsync(code, ("versionNumber", 1), ("versionHashCode", second))).Refused(10001);
        (await TryStartAsync(code, ("versionNumber", 1), ("version", 2))).Refused(10001);
        (await TryStartAsync(code, ("versionNumber", 4))).Refused(10153);
        Assert.Contains("'nope'", (await TryStartAsync(code, ("versionHashCode", "nope"))).Refused(10153), StringComparison.Ordinal);
        (await TryStartAsync(code, ("versionNumber", 4), ("versionHashCode", second))).Refused(10153);

        async Task AssertPinnedAsync(int version, params (string Name, object? Value)[] pin) => Assert.Equal(version, Version(await GetAsync(await StartAsync(code, pin))));
    }

    [Fact]
    public async Task A_version_that_was_deleted_cannot_be_started_though_it_was_run_before()
    {
        var first = Of(Noop(1));
        var code = await Server.SaveAsync(first);
        await SaveAgainAsync(code, first with { Description = "second" });
        await SaveAgainAsync(code, first with { Description = "third" });
        var run = await StartAsync(code, ("versionNumber", 2));
        await WaitAsync(run);
        (await Dolphin.DeleteAsync($"{Project}/process-instances/{run}")).Data();
        Assert.Equal(Storage.Workflows.ChangeWorkflowResult.Changed, await Server.Store.DeleteVersionAsync(Server.Workspace.Id, code, 2, null));
        (await TryStartAsync(code, ("versionNumber", 2))).Refused(10153);
    }

    [Fact]
    public async Task What_is_not_published_does_not_run_in_production_not_even_by_its_number()
    {
        var code = await Server.SaveAsync(Of(Noop(1)), publish: false);
        (await TryStartAsync(code)).Refused(50004);
        (await TryStartAsync(code, ("versionNumber", 1))).Refused(50004);
        (await TryStartAsync(code, ("isProd", "false"), ("versionNumber", 1))).Data();
    }

    [Fact]
    public async Task The_callers_queue_overrides_environments_and_the_nodes_queues()
    {
        var definition = Of(Noop(1) with { Queue = "dev_queue" }) with { Queue = "root_queue" };
        var run = await GetAsync(await StartAsync(await Server.SaveAsync(definition), ("runtimeQueue", "dev_queue")));
        Assert.Equal(("dev_queue", true, true), (run.GetProperty("queue").GetString(), run.GetProperty("queueIsChosen").GetBoolean(), run.GetProperty("isProd").GetBoolean()));
        var refusal = (await TryStartAsync(await Server.SaveAsync(Of(Noop(1))), ("runtimeQueue", "no such"))).Refused(QueueNotFound);
        Assert.Contains("root_queue", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QueueEnvironment.Both, true, true)]
    [InlineData(QueueEnvironment.Both, false, true)]
    [InlineData(QueueEnvironment.Production, true, true)]
    [InlineData(QueueEnvironment.Production, false, false)]
    [InlineData(QueueEnvironment.Development, true, false)]
    [InlineData(QueueEnvironment.Development, false, true)]
    public async Task The_workflows_own_queue_is_taken_if_it_is_for_such_runs(QueueEnvironment environment, bool isProduction, bool isTaken)
    {
        var queue = await CreateQueueAsync(environment);
        var run = await GetAsync(await StartAsync(await Server.SaveAsync(Of(Noop(1)) with { Queue = queue }), ("isProd", isProduction)));
        Assert.Equal(isTaken ? queue : isProduction ? "root_queue" : "dev_queue", run.GetProperty("queue").GetString());
        Assert.False(run.GetProperty("queueIsChosen").GetBoolean());
    }

    [Fact]
    public async Task A_workflow_whose_queue_is_gone_is_not_put_elsewhere_in_silence()
    {
        var code = await Server.SaveAsync(Of(Noop(1)) with { Queue = "renamed since" });
        Assert.Contains("renamed since", (await TryStartAsync(code)).Refused(QueueNotFound), StringComparison.Ordinal);
        (await TryStartAsync(code, ("isProd", "false"))).Refused(QueueNotFound);
        (await TryStartAsync(code, ("runtimeQueue", "root_queue"))).Data();
    }

    [Fact]
    public async Task In_production_the_nodes_queues_must_be_production_queues()
    {
        var both = await CreateQueueAsync(QueueEnvironment.Both);
        var code = await Server.SaveAsync(Of(Noop(1) with { Queue = "dev_queue" }, Noop(2) with { Queue = "nowhere" }, Noop(3) with { Queue = both }, Noop(4)));
        var refusal = (await TryStartAsync(code)).Refused(QueueNotFound);
        Assert.Contains("'t1' (dev_queue)", refusal, StringComparison.Ordinal);
        Assert.Contains("'t2' (nowhere)", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("t3", refusal, StringComparison.Ordinal);
        (await TryStartAsync(code, ("isProd", "false"))).Data();
        (await TryStartAsync(code, ("runtimeQueue", "root_queue"))).Data();
    }

    [Fact]
    public async Task A_workflow_with_nodes_that_cannot_be_run_is_not_started_and_they_are_named()
    {
        var heavy = Noop(2) with { Name = "heavy", Type = "FLINK" };
        var code = await Server.SaveAsync(Of([Noop(1), heavy, .. Enumerable.Range(3, 30).Select(i => Noop(i) with { Type = "MR" })]));
        foreach (var path in (string[])["start-process-instance", "start-check"])
        {
            var refusal = (await Dolphin.PostAsync($"{Project}/executors/{path}", ("processDefinitionCode", code.Value))).Refused(1500014);
            Assert.Contains("'heavy' (FLINK)", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain("'t1'", refusal, StringComparison.Ordinal);
            Assert.Contains("and 11 more", refusal, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await Dolphin.GetAsync(Project + "/process-instances", ("processDefinitionCode", code.Value))).Data().GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_check_says_what_a_start_would()
    {
        var path = Project + "/executors/start-check";
        (await Dolphin.PostAsync(path, ("processDefinitionCode", (await Server.SaveAsync(Of(Noop(1)))).Value))).Data();
        (await Dolphin.PostAsync(path, ("processDefinitionCode", (await Server.SaveAsync(Of(Noop(1)), publish: false)).Value))).Refused(50004);
        (await Dolphin.PostAsync(path, ("processDefinitionCode", 4711))).Refused(50003);
    }

    [Fact]
    public async Task The_same_token_gives_the_same_run_also_with_start_parameters()
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        (string, object?)[] call = [("clientToken", "once"), ("startParams", """{"a":"1"}""")];
        var run = await StartAsync(code, call);
        Assert.Equal(run, await StartAsync(code, call));
        (await TryStartAsync(code, ("clientToken", "once"), ("startParams", """{"a":"2"}"""))).Refused(1500002);
    }

    [Fact]
    public async Task A_start_that_is_repeated_has_its_run_also_when_nothing_could_be_started_any_more()
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        var run = await StartAsync(code, ("clientToken", "answer was lost"));
        await Server.Store.ReleaseWorkflowAsync(Server.Workspace.Id, code, online: false, TimeProvider.System.GetUtcNow(), null);
        Assert.Equal(run, await StartAsync(code, ("clientToken", "answer was lost")));
        (await TryStartAsync(code, ("clientToken", "answer was lost"), ("comments", "another call"))).Refused(50004);
        (await TryStartAsync(code, ("clientToken", "another"))).Refused(50004);

        await WaitAsync(run);
        (await Dolphin.DeleteAsync($"{Project}/process-definition/{code}")).Data();
        Assert.Equal(run, await StartAsync(code, ("clientToken", "answer was lost")));
    }

    /// <summary>Without isProd a signed call runs in development, one with a token of the API in production.</summary>
    [Fact]
    public async Task A_token_stands_for_the_environment_too()
    {
        var code = await Server.SaveAsync(Of(Noop(1)));
        (string, object?)[] call = [("processDefinitionCode", code.Value), ("clientToken", "in both dialects")];
        (await Dolphin.PostAsync(Project + "/executors/start-process-instance", [("productNamespace", "SS"), .. call])).Data();
        (await Cloud.PostAsync(Project + "/executors/start-process-instance", call)).Refused(1500002);
    }

    private static int Version(JsonElement run) => run.GetProperty("processDefinitionVersion").GetInt32();

    private async Task<JsonElement> GetAsync(int run) => (await Dolphin.GetAsync($"{Project}/process-instances/{run}")).Data();

    private async Task<string> SaveAgainAsync(WorkflowCode code, WorkflowDefinition definition) => Assert.IsType<Storage.Workflows.SaveWorkflowResult.Saved>(
        await Server.Store.UpdateWorkflowAsync(Server.Workspace.Id, code, definition, null, "root", TimeProvider.System.GetUtcNow(), null)).Hash;

    private async Task<string> CreateQueueAsync(QueueEnvironment environment)
    {
        var name = "q-" + Guid.NewGuid().ToString("N");
        (await Dolphin.PostAsync("/dolphinscheduler/queues", ("queue", name), ("queueName", name), ("environment", environment.ToString()))).Data();
        return name;
    }
}
