using Porpoise.Api.OpenApi;
using static Porpoise.Api.OpenApi.OperationParameter;
using static Porpoise.Api.OpenApi.OperationParameters;

namespace Porpoise.Api.Definitions;

/// <summary>The parameters of the operations on workflow definitions and their nodes, for the documentation.</summary>
internal static class DefinitionParameters
{
    private const string Definitions = "/dolphinscheduler/projects/{projectCode}/process-definition";
    private const string Nodes = "/dolphinscheduler/projects/{projectCode}/task-definition";
    private const string Files = "/porpoise/v1/workspaces/{projectCode}/workflows";

    private static readonly OperationParameter Codes = Text("codes", "Codes of definitions with commas, at most 100").Required().Like("17580000000001,17580000000002");
    private static readonly OperationParameter State = Word("releaseState", "ONLINE publishes, OFFLINE publishes none any more", "ONLINE", "OFFLINE");
    private static readonly OperationParameter Definition = Code("processDefinitionCode", "The workflow").Like("17580000000001");

    /// <summary>What stands beside the graph.</summary>
    private static readonly OperationParameter[] Head =
    [
        Text("name", "Unique in the workspace, 1 to 200 characters").Required().Like("nightly"),
        Text("description", "For people").RequiredOfSigned().Like("What it is for"),
        (Only("executionType", "PARALLEL") with { Description = "Runs of the workflow may overlap" }).RequiredOfSigned(),
        Json("globalParams", "Parameters of all nodes").Like("""[{"prop":"day","direct":"IN","type":"VARCHAR","value":"2026-01-31"}]"""),
        Number("taskParallelism", "Tasks of one run at once; 0: as many as there are slots"),
        Number("retryTimes", "Retries of nodes that name none"),
        Number("timeout", "How long a run may take: seconds of a signed call, minutes with a token; 0: as long as it likes"),
        Number("timeoutSeconds", "Makes a timeout in minutes exact"),
        Word("timeoutNotifyStrategy", "What happens then, with a token", TimeLimitText.Warn, TimeLimitText.Fail, TimeLimitText.WarnAndFail),
        Text("resourceQueue", "The queue of nodes that name none").Like("root_queue"),
        Json("schedule", "When it is started; {} takes it away. Schedules do not fire yet").Like("""{"crontab":"0 30 2 * * ?","timezoneId":"Asia/Shanghai"}"""),
        Flag("publish", "True publishes the version"),
        State,
        Text("alertEmailAddress", "Kept and shown"),
        Text("runAs", "Kept and shown"),
        Json("tags", "Keys and values").Like("""{"team":"data"}"""),
        Only("tenantCode", "default"),
        Only("otherParamsJson", "{}") with { Kind = ParameterKind.Json },
        .. Cloud,
    ];

    private static readonly OperationParameter[] Whole =
    [
        .. Head,
        Json("taskDefinitionJson", "The nodes").Required().Like("""[{"code":1,"name":"hello","taskType":"SHELL","taskParams":{"rawScript":"echo hello"}}]"""),
        Json("taskRelationJson", "The edges: which node waits for which; preTaskCode 0 marks a first one").Required().Like("""[{"preTaskCode":0,"postTaskCode":1}]"""),
        Json("locations", "Where an editor drew the nodes"),
    ];

    public static IReadOnlyDictionary<string, OperationParameter[]> Lists { get; } = new Dictionary<string, OperationParameter[]>(StringComparer.Ordinal)
    {
        [$"GET {Nodes}/gen-task-codes"] = [Number("genNum", "How many, 1 to 10,000").Required().Like("2"), .. Cloud],
        [$"POST {Definitions}"] = Whole,
        [$"PUT {Definitions}/{{code}}"] = Whole,
        [$"PUT {Definitions}/{{code}}/basic-info"] = [.. Head, Json("scheduleJson", "The same as schedule")],
        [$"POST {Definitions}/{{code}}/release"] = [State.Required()],
        [$"POST {Definitions}/{{code}}/release-workflow"] = [State with { Description = State.Description + "; default OFFLINE" }],
        [$"GET {Definitions}"] = [Number("userId", "1, the account's owner, whom all belong to, or 0 for all; of another there are none"), .. PagesWithSearch],
        [$"GET {Definitions}/query-by-name"] = [Text("name", "Exactly").Required().Like("nightly")],
        [$"GET {Definitions}/verify-name"] = [Text("name", "The name").Required().Like("nightly"), Code("code", "The definition that may have it")],
        [$"GET {Definitions}/query-task-definition-list"] = [Definition.Required()],
        [$"GET {Definitions}/batch-query-tasks"] = [Codes],
        [$"GET {Definitions}/{{code}}"] = [Number("versionNumber", "Another version than the current one")],
        [$"GET {Definitions}/{{code}}/view-tree"] = [Number("limit", "Of how many runs, at most 100").Required().Like("10")],
        [$"GET {Definitions}/{{code}}/versions"] = [Number("pageNo", "Which page, from 1").Like("1"), Number("pageSize", "Rows of a page, at most 20").Like("10")],
        [$"GET {Definitions}/{{code}}/versions/compare"] = [Number("from", "A version's number").Required().Like("1"), Number("to", "Another's").Required().Like("2")],
        [$"POST {Definitions}/batch-copy"] = [Codes, Text("targetProjectCode", "The workspace of the copies, which may be the same").Required()],
        [$"POST {Definitions}/batch-move"] = [Codes, Text("targetProjectCode", "The other workspace").Required()],
        [$"POST {Definitions}/batch-delete"] = [Codes],
        [$"POST {Definitions}/batch-export"] = [Codes],
        [$"POST {Definitions}/import"] = [File("file", "A JSON file of batch-export, or of DolphinScheduler's").Required()],
        [$"POST {Files}/apply"] =
        [
            File("file", "Workflows as YAML, or a JSON export").Required().Like("name: hello\ntasks:\n  greet:\n    run: echo hello\n"),
            Flag("publish", "Publish what was applied"), Flag("dryRun", "Say what would change, and change nothing"),
        ],
        [$"GET {Files}/export"] = [Text("name", "One workflow"), Text("codes", "Several, with commas; without this and name all")],
        [$"GET {Nodes}"] =
        [
            Text("searchWorkflowName", "Part of the workflow's name"), Text("searchTaskName", "Part of the node's name"), Text("taskType", "Only those of the type").Like("SHELL"),
            Word("taskExecuteType", "There are none of STREAM", "BATCH", "STREAM"), .. Pages,
        ],
        [$"GET {Nodes}/{{code}}"] = [Definition],
        [$"GET {Nodes}/{{code}}/versions"] = [Definition, .. Pages],
    };
}
