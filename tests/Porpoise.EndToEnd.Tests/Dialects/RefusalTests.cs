using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>What a call asks for and this version cannot do is refused, never silently ignored; empty equals absent.</summary>
public sealed class RefusalTests(SharedServer shared) : SharedServerTest(shared)
{
    private const int NotHonoured = 1500001;

    public static TheoryData<string, string> StartParametersNotHonoured => new()
    {
        { "execType", "COMPLEMENT_DATA" },
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
    };

    public static TheoryData<string, string> NeutralStartParameters => new()
    {
        { "runMode", "RUN_MODE_SERIAL" },
        { "startParams", "{}" },
        { "startParams", "[]" },
        { "execType", "START_PROCESS" },
        { "warningType", "NONE" },
        { "warningGroupId", "0" },
        { "taskDependType", "TASK_POST" },
        { "workerGroup", "default" },
        { "tenantCode", "default" },
        { "environmentCode", "-1" },
        { "dryRun", "0" },
        { "testFlag", "0" },
        { "complementDependentMode", "OFF_MODE" },
        { "scheduleTime", "" },
        { "scheduleTime", """{"complementStartDate":"2026-01-01 00:00:00","complementEndDate":"2026-01-03 00:00:00"}""" }, // DolphinScheduler's UI always sends it; it counts for backfills only
        { "failureStrategy", "CONTINUE" },
        { "processInstancePriority", "MEDIUM" },
    };

    public static TheoryData<string, string> DefinitionParametersNotHonoured => new()
    {
        { "executionType", "SERIAL_WAIT" },
        { "executionType", "SERIAL" },
        { "tenantCode", "etl" },
    };

    public static TheoryData<string, string> NeutralDefinitionParameters => new()
    {
        { "executionType", "PARALLEL" },
        { "globalParams", "[]" },
        { "schedule", "{}" },
        { "timeout", "0" },
        { "tags", "{}" },
        { "taskParallelism", "0" },
        { "tenantCode", "default" },
        { "otherParamsJson", "{}" },
        { "locations", "[]" },
    };

    public static TheoryData<string, string> NodeMembersNotHonoured => new()
    {
        { "taskGroupId", "3" },
        { "cpuQuota", "10" },
        { "memoryMax", "100" },
        { "taskExecuteType", "\"STREAM\"" },
        { "isCache", "\"YES\"" },
    };

    public static TheoryData<string, string> NeutralNodeMembers => new()
    {
        { "flag", "\"YES\"" },
        { "taskPriority", "\"MEDIUM\"" },
        { "timeoutFlag", "\"CLOSE\"" },
        { "timeout", "0" },
        { "delayTime", "\"0\"" },
        { "environmentCode", "-1" },
        { "workerGroup", "\"default\"" },
        { "taskGroupId", "\"\"" },
        { "cpuQuota", "-1" },
        { "memoryMax", "-1" },
        { "taskExecuteType", "\"BATCH\"" },
        { "failRetryTimes", "\"0\"" },
        { "failRetryInterval", "\"1\"" },
        { "tags", "null" },
        { "description", "\"\"" },
    };

    [Theory]
    [MemberData(nameof(StartParametersNotHonoured))]
    public async Task A_start_that_asks_for_more_is_refused(string name, string value)
    {
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        AssertNames(name, await Dolphin.TryStartAsync(code, (name, value)));
        AssertNames(name, await Cloud.TryStartAsync(code, ("isProd", "true"), (name, value)));
        (await Dolphin.TryStartAsync(code, (name, ""))).Data();
        (await Cloud.TryStartAsync(code, ("isProd", "true"), (name, ""))).Data();
    }

    [Theory]
    [MemberData(nameof(NeutralStartParameters))]
    public async Task A_start_that_says_what_happens_anyway_is_taken(string name, string value) =>
        (await Dolphin.TryStartAsync(await Dolphin.CreateAsync(new Workflow().Noop("a")), (name, value))).Data();

    [Theory]
    [MemberData(nameof(DefinitionParametersNotHonoured))]
    public async Task A_definition_that_asks_for_more_is_refused(string name, string value)
    {
        var code = await Dolphin.CreateAsync(new Workflow().Noop("a"));
        (await Dolphin.TryReleaseAsync(code, "OFFLINE")).Data();
        foreach (var client in (ApiClient[])[Dolphin, Cloud])
        {
            AssertNames(name, await client.TryCreateAsync(new Workflow().Noop("a").With(name, value)));
            AssertNames(name, await client.TryUpdateAsync(code, new Workflow().Noop("a").With(name, value)));
        }

        if (name != "executionType")
        {
            (await Cloud.TryCreateAsync(new Workflow().Noop("a").With(name, ""))).Data();
        }
    }

    [Theory]
    [MemberData(nameof(NeutralDefinitionParameters))]
    public async Task A_definition_that_says_what_happens_anyway_is_taken(string name, string value) =>
        (await Cloud.TryCreateAsync(new Workflow().Noop("a").With(name, value))).Data();

    [Theory]
    [MemberData(nameof(NodeMembersNotHonoured))]
    public async Task A_node_that_asks_for_more_is_refused(string name, string json)
    {
        AssertNames(name, await Dolphin.TryCreateAsync(new Workflow().Shell("a", "true").WithNode(name, JsonNode.Parse(json))));
        AssertNames(name, await Cloud.TryCreateAsync(new Workflow().Noop("a").WithNode(name, JsonNode.Parse(json))));
    }

    [Theory]
    [MemberData(nameof(NeutralNodeMembers))]
    public async Task A_node_that_says_what_happens_anyway_is_taken(string name, string json) =>
        (await Dolphin.TryCreateAsync(new Workflow().Shell("a", "true").WithNode(name, JsonNode.Parse(json)))).Data();

    [Fact]
    public async Task Task_parameters_and_conditions_that_are_not_honoured_are_refused()
    {
        AssertNames("resourceList", await Dolphin.TryCreateAsync(new Workflow().Shell("a", "true").WithTaskParam("resourceList", new JsonArray(new JsonObject { ["id"] = 1 }))));
        AssertNames("conditionType", await Dolphin.TryCreateAsync(new Workflow().Noop("a").Noop("b", "a").WithEdge("conditionType", "JUDGE")));
        (await Dolphin.TryCreateAsync(new Workflow().Shell("a", "true").WithTaskParam("localParams", new JsonArray()).WithTaskParam("resourceList", new JsonArray()))).Data();
        (await Dolphin.TryCreateAsync(new Workflow().Noop("a").Noop("b", "a").WithEdge("conditionType", "NONE").WithEdge("conditionParams", new JsonObject()))).Data();
    }

    [Theory]
    [InlineData("PAUSE")]
    [InlineData("EXECUTE_TASK")]
    public async Task An_execution_that_is_not_honoured_is_refused(string type)
    {
        var run = await Dolphin.StartAsync(new Workflow().Noop("a"));
        AssertNames(type, await Dolphin.PostAsync($"/dolphinscheduler/projects/{Dolphin.Workspace}/executors/execute", ("processInstanceId", run), ("executeType", type)));
    }

    private static void AssertNames(string name, Reply reply) => Assert.Contains(name, reply.Refused(NotHonoured).Message, StringComparison.Ordinal);
}
