using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Fields;

/// <summary>Every field of the cloud's calls that is taken can be seen again: in the definition, or at the run.</summary>
public sealed class VisibleFieldTests(SharedServer shared) : SharedServerTest(shared)
{
    /// <summary>A parameter of the create call, and where GET process-definition/{code} shows it.</summary>
    public static TheoryData<string, string, string, string> OfTheDefinition => new()
    {
        { "description", "每日批处理", "processDefinition.description", "\"每日批处理\"" },
        { "executionType", "PARALLEL", "processDefinition.executionType", "\"PARALLEL\"" },
        { "globalParams", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd]"}]""", "processDefinition.globalParamList", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd]"}]""" },
        { "globalParams", """[{"prop":"o","direct":"OUT","type":"INTEGER","value":"1"}]""", "processDefinition.globalParams", "\"[{\\\"prop\\\":\\\"o\\\",\\\"direct\\\":\\\"OUT\\\",\\\"type\\\":\\\"INTEGER\\\",\\\"value\\\":\\\"1\\\"}]\"" },
        { "tags", """{"team":"ods","cost":"17"}""", "processDefinition.tags", """{"cost":"17","team":"ods"}""" },
        { "alertEmailAddress", "ops@spark.alert.example", "processDefinition.alertEmailAddress", "\"ops@spark.alert.example\"" },
        { "runAs", "113000000000000000", "processDefinition.runAs", "\"113000000000000000\"" },
        { "taskParallelism", "3", "processDefinition.taskParallelism", "3" },
        { "resourceQueue", "root_queue", "processDefinition.resourceQueue", "\"root_queue\"" },
        { "timeout", "90", "processDefinition.timeoutSeconds", "90" },
        { "timeout", "90", "processDefinition.timeout", "2" }, // DolphinScheduler's minutes, rounded up
        { "timeout", "90", "processDefinition.timeoutNotifyStrategy", "\"FAILED\"" },
        { "retryTimes", "4", "taskDefinitionList.0.failRetryTimes", "4" },
        { "publish", "True", "processDefinition.releaseState", "\"ONLINE\"" },
        { "publish", "false", "processDefinition.releaseState", "\"OFFLINE\"" },
        { "schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27","endTime":"2035-12-23 16:13:27"}""", "processDefinition.schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27","endTime":"2035-12-23 16:13:27"}""" },
    };

    /// <summary>A member of a node, and where it is shown.</summary>
    public static TheoryData<string, string, string, string> OfTheNode => new()
    {
        { "description", "\"ods transform\"", "description", "\"ods transform\"" },
        { "failRetryTimes", "\"2\"", "failRetryTimes", "2" },
        { "failRetryInterval", "3", "failRetryInterval", "3" },
        { "timeout", "1200", "timeoutSeconds", "1200" },
        { "timeout", "1200", "timeout", "20" },
        { "timeout", "1200", "timeoutFlag", "\"OPEN\"" },
        { "timeout", "1200", "timeoutNotifyStrategy", "\"FAILED\"" },
        { "startAlertEnable", "\"True\"", "startAlertEnable", "true" },
        { "failAlertEnable", "true", "failAlertEnable", "true" },
        { "alertEmailAddress", "\"node@spark.alert.example\"", "alertEmailAddress", "\"node@spark.alert.example\"" },
        { "tags", """{"layer":"ods"}""", "tags", """{"layer":"ods"}""" },
    };

    /// <summary>taskParams of the cloud's nodes; they are kept as they came.</summary>
    public static TheoryData<string, string> OfTheSparkTask => new()
    {
        { "displaySparkVersion", "\"esr-4.0.0 (Spark 3.5.2, Scala 2.12)\"" },
        { "environmentId", "\"env-crhq2h5lhtgju93buhkg\"" },
        { "fusion", "true" },
        { "resourceQueueId", "\"dev_queue\"" },
        { "sparkConf", """[{"key":"spark.dynamicAllocation.enabled","value":"true"}]""" },
        { "sparkDriverCores", "1" },
        { "sparkDriverMemory", "\"4g\"" },
        { "sparkExecutorCores", "2" },
        { "sparkExecutorMemory", "4294967296" },
        { "sparkLogLevel", "\"INFO\"" },
        { "sparkLogPath", "\"oss://bucket/logs\"" },
        { "sparkVersion", "\"esr-4.0.0\"" },
        { "taskBizId", "\"TSK-1\"" },
        { "type", "\"SQL\"" },
        { "workspaceBizId", "\"w-1\"" },
        { "localParams", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd-1]"}]""" },
        { "aMemberOfTomorrow", """{"a":[1,2.50,null,"x"]}""" },
    };

    /// <summary>A parameter of the start call, and where GET process-instances/{id} shows it.</summary>
    public static TheoryData<string, string, string, string> OfTheRun => new()
    {
        { "isProd", "True", "isProd", "true" },
        { "isProd", "false", "isProd", "false" },
        { "runtimeQueue", "root_queue", "queue", "\"root_queue\"" },
        { "runtimeQueue", "dev_queue", "queueIsChosen", "true" },
        { "action", "START", "remarks.action", "\"START\"" },
        { "comments", "again, 再来", "remarks.comments", "\"again, 再来\"" },
        { "email", "ops@example.com", "remarks.email", "\"ops@example.com\"" },
        { "interval", "5", "remarks.interval", "\"5\"" },
        { "runMode", "RUN_MODE_PARALLEL", "remarks.runMode", "\"RUN_MODE_PARALLEL\"" },
        { "expectedParallelismNumber", "2", "remarks.expectedParallelismNumber", "\"2\"" },
        { "startParams", """{"dt":"20260101"}""", "startParams.dt", "\"20260101\"" },
        { "startParams", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"20260101"}]""", "startParams.dt", "\"20260101\"" },
        { "failureStrategy", "END", "failureStrategy", "\"END\"" },
        { "processInstancePriority", "HIGH", "processInstancePriority", "\"HIGH\"" },
        { "versionNumber", "1", "processDefinitionVersion", "1" },
    };

    [Theory]
    [MemberData(nameof(OfTheDefinition))]
    public async Task A_field_of_a_definition(string name, string value, string place, string expected) =>
        AssertShown(expected, await CreateAndReadAsync(new Workflow().Shell("a", "true").With(name, value)), place);

    [Theory]
    [MemberData(nameof(OfTheNode))]
    public async Task A_field_of_a_node(string name, string value, string place, string expected) =>
        AssertShown(expected, await CreateAndReadAsync(new Workflow().Shell("a", "true").WithNode(name, JsonNode.Parse(value))), "taskDefinitionList.0." + place);

    [Theory]
    [MemberData(nameof(OfTheSparkTask))]
    public async Task A_field_of_a_spark_task(string name, string value)
    {
        var spark = new JsonObject { ["workspaceBizId"] = "w-0", ["taskBizId"] = "TSK-0", ["resourceQueueId"] = "root_queue" };
        AssertShown(value, await CreateAndReadAsync(new Workflow().Add("a", "EMR-SERVERLESS-SPARK", spark).WithTaskParam(name, JsonNode.Parse(value))), "taskDefinitionList.0.taskParams." + name);
    }

    [Theory]
    [MemberData(nameof(OfTheRun))]
    public async Task A_field_of_a_start(string name, string value, string place, string expected) =>
        AssertShown(expected, await Dolphin.GetRunAsync(await Cloud.StartAsync(new Workflow().Noop("a"), (name, value))), place);

    [Fact]
    public async Task The_fields_survive_an_update_by_a_client_that_does_not_know_them()
    {
        var workflow = new Workflow().Shell("a", "true").With("tags", """{"team":"ods"}""").With("alertEmailAddress", "ops@example.com").With("taskParallelism", "3").With("resourceQueue", "root_queue")
            .With("schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai"}""");
        var code = (await Cloud.TryCreateAsync(workflow)).Data().GetProperty("code").GetInt64();
        (await Dolphin.TryUpdateAsync(code, new Workflow(workflow.Name).Shell("a", "echo changed"))).Data();
        var read = await ReadAsync(code);
        AssertShown("""{"team":"ods"}""", read, "processDefinition.tags");
        AssertShown("\"ops@example.com\"", read, "processDefinition.alertEmailAddress");
        AssertShown("3", read, "processDefinition.taskParallelism");
        AssertShown("\"root_queue\"", read, "processDefinition.resourceQueue");
        AssertShown("\"0 0 2 * * ?\"", read, "processDefinition.schedule.crontab");
        AssertShown("\"echo changed\"", read, "taskDefinitionList.0.taskParams.rawScript");
    }

    private async Task<JsonElement> CreateAndReadAsync(Workflow workflow) => await ReadAsync((await Cloud.TryCreateAsync(workflow)).Data().GetProperty("code").GetInt64());

    private async Task<JsonElement> ReadAsync(long code) =>
        (await Dolphin.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/dolphinscheduler/projects/{Dolphin.Workspace}/process-definition/{code}"))).Data();

    private static void AssertShown(string expected, JsonElement read, string place)
    {
        var shown = read;
        foreach (var step in place.Split('.'))
        {
            Assert.True(
                int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? (shown = shown[index]).ValueKind != JsonValueKind.Undefined : shown.TryGetProperty(step, out shown),
                $"There is no {place} in {read}");
        }

        using var json = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(json.RootElement, shown), $"{place}: expected {expected}, shown is {shown.GetRawText()}");
    }
}
