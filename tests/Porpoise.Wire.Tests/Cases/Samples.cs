using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;

namespace Porpoise.Wire.Tests.Cases;

/// <summary>Definitions and parameter lists that cases vary.</summary>
internal static class Samples
{
    /// <summary>taskParams of a Spark node, as in the vendor's sample.</summary>
    public static JsonObject Spark() => new()
    {
        ["workspaceBizId"] = "w-d8sample",
        ["taskBizId"] = "TSK-d87sample",
        ["resourceQueueId"] = "root_queue",
        ["type"] = "SQL",
        ["sparkVersion"] = "esr-4.0.0 (Spark 3.5.2, Scala 2.12)",
        ["displaySparkVersion"] = "esr-4.0.0 (Spark 3.5.2, Scala 2.12)",
        ["environmentId"] = "env-crhq2h5lhtgju93buhkg",
        ["fusion"] = false,
        ["sparkDriverCores"] = 1,
        ["sparkDriverMemory"] = "4g",
        ["sparkExecutorCores"] = 1,
        ["sparkExecutorMemory"] = 4294967296,
        ["sparkLogLevel"] = "INFO",
        ["sparkLogPath"] = "oss://bucket/logs",
        ["sparkConf"] = new JsonArray(new JsonObject { ["key"] = "spark.dynamicAllocation.enabled", ["value"] = "true" }),
        ["localParams"] = new JsonArray(new JsonObject { ["prop"] = "dt", ["direct"] = "IN", ["type"] = "VARCHAR", ["value"] = "$[yyyyMMdd-1]" }),
    };

    /// <summary>Every field that the call has, with values unlike the defaults.</summary>
    public static Workflow Everything(Scene scene) => new Workflow(scene.Name)
        .With("description", "ods batch workflow, 每日批处理")
        .With("publish", true)
        .With("regionId", "cn-hangzhou")
        .With("resourceQueue", "root_queue")
        .With("retryTimes", 1)
        .With("runAs", "113000000000000000")
        .With("taskParallelism", 3)
        .With("timeout", 60)
        .With("alertEmailAddress", "ops@spark.alert.example")
        .With("tags", """{"team":"ods","cost":"17"}""")
        .With("globalParams", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd]"},{"prop":"out","direct":"OUT","type":"INTEGER","value":""}]""")
        .With("schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27","endTime":"2035-12-23 16:13:27"}""")
        .Add("ods_transform_task", "EMR_SERVERLESS_SPARK", Spark())
        .WithNode("description", "ods transform task")
        .WithNode("failRetryTimes", 2)
        .WithNode("timeout", 1200)
        .WithNode("startAlertEnable", true)
        .WithNode("failAlertEnable", true)
        .WithNode("alertEmailAddress", "node@spark.alert.example")
        .WithNode("tags", new JsonObject { ["layer"] = "ods" })
        .Shell("publish", "echo published", "ods_transform_task")
        .WithTaskParam("localParams", new JsonArray(new JsonObject { ["prop"] = "dt", ["direct"] = "IN", ["type"] = "VARCHAR", ["value"] = "20260101" }))
        .WithEdge("name", "ods batch workflow")
        .WithEdge("preTaskVersion", 1)
        .WithEdge("postTaskVersion", 1);

    public static Workflow NumbersAsText(Scene scene) => new Workflow(scene.Name)
        .With("retryTimes", "1")
        .With("timeout", "60")
        .With("taskParallelism", "2")
        .Shell("a", "true")
        .WithNode("code", "1")
        .WithNode("failRetryTimes", "2")
        .WithNode("timeout", "1200")
        .WithNode("failAlertEnable", "False")
        .WithEdge("preTaskCode", "0")
        .WithEdge("postTaskCode", "1")
        .WithEdge("preTaskVersion", "0");

    /// <summary>Every optional field, empty.</summary>
    public static Workflow Empty(Workflow workflow)
    {
        foreach (var name in (string[])
            ["publish", "regionId", "resourceQueue", "retryTimes", "runAs", "taskParallelism", "timeout", "alertEmailAddress", "tags", "globalParams", "schedule", "locations", "otherParamsJson", "tenantCode"])
        {
            workflow.With(name, "");
        }

        foreach (var member in (string[])
            ["description", "failRetryTimes", "failRetryInterval", "timeout", "startAlertEnable", "failAlertEnable", "alertEmailAddress", "tags", "environmentCode", "taskGroupId", "timeoutNotifyStrategy", "workerGroup"])
        {
            workflow.WithNode(member, "");
        }

        return workflow.WithEdge("name", "").WithEdge("conditionType", "").WithEdge("preTaskVersion", "").WithEdge("postTaskVersion", null);
    }

    /// <summary>Three nodes of which each waits for another.</summary>
    public static Workflow Circle(string name) =>
        new Workflow(name).Noop("a").Noop("b", "a").Noop("c", "b").WithMoreEdge(3, 1);

    /// <summary>The form of DolphinScheduler's editor: numbers as text, empty strings for what is not set, members that mean nothing.</summary>
    public static IEnumerable<(string Name, object? Value)> FromTheUi(Scene scene) =>
    [
        ("taskDefinitionJson", """
            [{"code":9000000000002,"delayTime":"0","description":"","environmentCode":-1,"failRetryInterval":"1","failRetryTimes":"0","flag":"YES","name":"t_new","taskParams":{"localParams":[],"rawScript":"echo hi","resourceList":[]},"taskPriority":"MEDIUM","taskType":"SHELL","timeout":0,"timeoutFlag":"CLOSE","timeoutNotifyStrategy":"","workerGroup":"default","cpuQuota":-1,"memoryMax":-1,"taskExecuteType":"BATCH"}]
            """),
        ("taskRelationJson", """[{"name":"","preTaskCode":0,"preTaskVersion":0,"postTaskCode":9000000000002,"postTaskVersion":0,"conditionType":"NONE","conditionParams":{}}]"""),
        ("locations", """[{"taskCode":9000000000002,"x":100,"y":100}]"""),
        ("name", scene.Name),
        ("tenantCode", "default"),
        ("executionType", "PARALLEL"),
        ("description", ""),
        ("globalParams", "[]"),
        ("timeout", 0),
    ];

    /// <summary>The same parameters, but those that hold JSON text as JSON.</summary>
    public static IEnumerable<(string Name, object? Value)> AsJson(IEnumerable<(string Name, object? Value)> parameters) =>
        parameters.Select(p => p.Name is "taskDefinitionJson" or "taskRelationJson" or "globalParams" or "tags" or "schedule" ? (p.Name, JsonNode.Parse((string)p.Value!)) : p);

    public static IEnumerable<(string Name, object? Value)> Without(Workflow workflow, string name) => workflow.Parameters.Where(p => p.Name != name);

    public static IEnumerable<(string Name, object? Value)> With(Workflow workflow, string name, object value) => [.. Without(workflow, name), (name, value)];
}
