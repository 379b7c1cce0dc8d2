using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;

namespace Porpoise.Fuzzing.Tests.Requests;

/// <summary>Requests that a server takes: where every fuzzed one starts from.</summary>
public static class Valid
{
    private const int SmallGraph = 12;
    private static readonly Parameter ProductNamespace = new("productNamespace", "SS");
    private static readonly Parameter RegionId = new("regionId", "cn-hangzhou");

    /// <summary>A definition of any shape, under a name that is most likely new.</summary>
    public static Gen<IReadOnlyList<Parameter>> Definition { get; } = Gen.Select(
        Gen.Frequency((4, Gen.Const("small")), (4, Gen.Const("everything")), (2, Gen.Const("ui")), (2, Gen.Const("graph"))),
        Gen.Long[1, long.MaxValue],
        Gen.Select(Gen.Int[0, SmallGraph], Gen.Int[0, SmallGraph]).Array[0, 20],
        (shape, seed, edges) => shape switch
        {
            "small" => Small(seed),
            "everything" => Everything(seed),
            "ui" => FromTheUi(seed),
            _ => Graph(seed, edges),
        });

    /// <summary>A definition of thousands of nodes, with some edges that may go in circles or nowhere.</summary>
    public static Gen<IReadOnlyList<Parameter>> LargeDefinition { get; } = Gen.Select(
        Gen.Int[1_500, 10_100], Gen.Long[1, long.MaxValue], Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 4])).SelectMany(n => Gen.Select(Gen.Int[0, 10_200], Gen.Int[0, 10_200]).Array[n]),
        (nodes, seed, edges) => Large(nodes, seed, edges));

    public static Gen<IReadOnlyList<Parameter>> Codes { get; } = Gen.Int[1, 50].Select(n => (IReadOnlyList<Parameter>)[ProductNamespace, RegionId, new Parameter("genNum", Text(n))]);

    /// <summary>A start of the definition with this code, of version 1 or 2.</summary>
    public static Gen<IReadOnlyList<Parameter>> Start(long code, string hash) => Gen.Select(
        Gen.OneOfConst(0, 1, 2), Gen.Bool, Gen.OneOfConst("", "root_queue", "dev_queue"), Gen.Bool, Gen.OneOfConst("", "END", "CONTINUE", "end"),
        (version, isProduction, queue, byHash, strategy) => (IReadOnlyList<Parameter>)
        [
            ProductNamespace,
            RegionId,
            new Parameter("processDefinitionCode", Text(code)),
            new Parameter("versionNumber", version == 0 ? "" : Text(version)),
            new Parameter("versionHashCode", byHash && version != 2 ? hash : ""),
            new Parameter("isProd", isProduction ? "True" : "false"),
            new Parameter("runtimeQueue", queue),
            new Parameter("interval", "5"),
            new Parameter("action", "START"),
            new Parameter("comments", "again, 再来"),
            new Parameter("email", "ops@example.com"),
            new Parameter("runMode", ""),
            new Parameter("expectedParallelismNumber", ""),
            new Parameter("clientToken", ""),
            new Parameter("failureStrategy", strategy),
            new Parameter("processInstancePriority", ""),
            new Parameter("startParams", """{"dt":"20260101"}"""),
            new Parameter("scheduleTime", ""),
        ]);

    private static IReadOnlyList<Parameter> Small(long seed) => Named(seed,
        """[{"code":1,"name":"a","taskType":"SHELL","taskParams":{"rawScript":"true"}},{"code":2,"name":"b","taskType":"NOOP","taskParams":{}}]""",
        """[{"name":"","preTaskCode":0,"postTaskCode":1},{"name":"","preTaskCode":1,"postTaskCode":2}]""");

    private static IReadOnlyList<Parameter> Everything(long seed) =>
    [
        .. Named(
            seed,
            """
            [{"code":9000000000001,"name":"spark","description":"ods transform task","taskType":"EMR_SERVERLESS_SPARK","failRetryTimes":2,"timeout":1200,"startAlertEnable":true,"failAlertEnable":"False","alertEmailAddress":"n@spark.example","tags":{"layer":"ods"},
             "taskParams":{"workspaceBizId":"w-1","taskBizId":"TSK-1","resourceQueueId":"root_queue","type":"SQL","sparkVersion":"esr-4.0.0","fusion":false,"sparkDriverCores":1,"sparkDriverMemory":"4g","sparkExecutorCores":"1","sparkExecutorMemory":4294967296,
              "sparkConf":[{"key":"spark.a","value":"true"}],"localParams":[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd-1]"}]}},
             {"code":"9000000000002","name":"shell","taskType":"SHELL","failRetryTimes":"1","failRetryInterval":"1","taskParams":{"rawScript":"echo 你好","localParams":[],"resourceList":[]}},
             {"code":9000000000003,"name":"http","taskType":"HTTP","taskParams":{"url":"http://example.com/","httpMethod":"GET","httpParams":[],"httpCheckCondition":"STATUS_CODE_DEFAULT","condition":""}}]
            """,
            """[{"name":"w","preTaskCode":0,"preTaskVersion":0,"postTaskCode":9000000000001,"postTaskVersion":1},{"name":"w","preTaskCode":9000000000001,"preTaskVersion":1,"postTaskCode":"9000000000002","postTaskVersion":1},{"name":"w","preTaskCode":9000000000001,"postTaskCode":9000000000003}]"""),
        new Parameter("publish", "false"),
        RegionId,
        new Parameter("resourceQueue", "root_queue"),
        new Parameter("retryTimes", "1"),
        new Parameter("runAs", "113000000000000000"),
        new Parameter("taskParallelism", "3"),
        new Parameter("timeout", "60"),
        new Parameter("alertEmailAddress", "ops@spark.example"),
        new Parameter("tags", """{"team":"ods","cost":"17"}"""),
        new Parameter("globalParams", """[{"prop":"dt","direct":"IN","type":"VARCHAR","value":"$[yyyyMMdd]"},{"prop":"out","direct":"OUT","type":"INTEGER","value":""}]"""),
        new Parameter("schedule", """{"crontab":"0 0 2 * * ?","timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27","endTime":"2035-12-23 16:13:27"}"""),
    ];

    private static IReadOnlyList<Parameter> FromTheUi(long seed) =>
    [
        .. Named(
            seed,
            """[{"code":9000000000002,"delayTime":"0","description":"","environmentCode":-1,"failRetryInterval":"1","failRetryTimes":"0","flag":"YES","name":"t_new","taskParams":{"localParams":[],"rawScript":"echo hi","resourceList":[]},"taskPriority":"MEDIUM","taskType":"SHELL","timeout":0,"timeoutFlag":"CLOSE","timeoutNotifyStrategy":"","workerGroup":"default","cpuQuota":-1,"memoryMax":-1,"taskExecuteType":"BATCH"}]""",
            """[{"name":"","preTaskCode":0,"preTaskVersion":0,"postTaskCode":9000000000002,"postTaskVersion":0,"conditionType":"NONE","conditionParams":{}}]"""),
        new Parameter("locations", """[{"taskCode":9000000000002,"x":100,"y":100}]"""),
        new Parameter("tenantCode", "default"),
        new Parameter("globalParams", "[]"),
        new Parameter("timeout", "0"),
        new Parameter("releaseState", "OFFLINE"),
    ];

    private static IReadOnlyList<Parameter> Graph(long seed, (int From, int To)[] edges) =>
        Named(seed, Nodes(SmallGraph), "[" + string.Join(',', edges.Select(Edge)) + "]");

    private static IReadOnlyList<Parameter> Large(int nodes, long seed, (int From, int To)[] edges)
    {
        var chain = Enumerable.Range(0, nodes).Select(i => Edge((i / 2, i + 1)));
        return Named(seed, Nodes(nodes), "[" + string.Join(',', chain.Concat(edges.Select(Edge))) + "]");
    }

    private static IReadOnlyList<Parameter> Named(long seed, string tasks, string relations) =>
    [
        ProductNamespace,
        new Parameter("name", "fuzz " + Text(seed)),
        new Parameter("description", "of a fuzzed request"),
        new Parameter("executionType", "PARALLEL"),
        new Parameter("taskDefinitionJson", tasks),
        new Parameter("taskRelationJson", relations),
    ];

    private static string Nodes(int count) => "[" + string.Join(',', Enumerable.Range(1, count).Select(i =>
        new JsonObject { ["code"] = i, ["name"] = "n" + Text(i), ["taskType"] = "NOOP", ["taskParams"] = new JsonObject() }.ToJsonString())) + "]";

    private static string Edge((int From, int To) edge) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"name":"","preTaskCode":{{edge.From}},"postTaskCode":{{edge.To}}}""");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
