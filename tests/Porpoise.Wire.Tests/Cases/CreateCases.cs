using System.Text.Json.Nodes;
using Porpoise.LiveServer.Callers;

namespace Porpoise.Wire.Tests.Cases;

/// <summary>CreateProcessDefinitionWithSchedule.</summary>
internal static class CreateCases
{
    private const int WorkspaceNotFound = 10018;
    private const int BadSchedule = 10024;
    private const int QueueNotFound = 10128;
    private const int NameTaken = 10168;
    private const int Cycle = 50019;
    private const int BadDefinition = 50020;
    private const int EmptyDefinition = 50035;
    private const int NotHonoured = 1500001;

    public static CaseList List { get; } = Make();

    private static CaseList Make()
    {
        var list = new CaseList("create");
        AddSuccesses(list);
        AddParameters(list);
        AddNodes(list);
        AddGraphs(list);
        AddTypes(list);
        AddSurroundings(list);
        AddWhatIsNotBuiltYet(list);
        return list;
    }

    private static void AddSuccesses(CaseList list)
    {
        list.Add("what is required", Expected.Success, s => s.CallCreateAsync(s.Definition().Parameters));
        list.Add("everything", Expected.Success, s => s.CallCreateAsync(Samples.Everything(s).Parameters));
        list.Add("by query", Expected.Success, s => s.CallCreateAsync(s.Definition().Parameters, Travel.Query));
        list.Add("by form", Expected.Success, s => s.CallCreateAsync(s.Definition().Parameters, Travel.Form));
        list.Add("by JSON with text inside", Expected.Success, s => s.CallCreateAsync(s.Definition().Parameters, Travel.Json));
        list.Add("by JSON with JSON inside", Expected.Success, s => s.CallCreateAsync(Samples.AsJson(Samples.Everything(s).Parameters), Travel.Json));
        list.Add("numbers as text", Expected.Success, s => s.CallCreateAsync(Samples.NumbersAsText(s).Parameters));
        list.Add("empty equals absent", Expected.Success, s => s.CallCreateAsync(Samples.Empty(s.Definition()).Parameters));
        list.Add("unknown parameters and members", Expected.Success, s => s.CallCreateAsync(s.Definition().With("noSuchParameter", "x").WithNode("noSuchMember", new JsonObject()).WithEdge("noSuchMember", 1).Parameters));
        list.Add("what DolphinScheduler's own UI sends", null, Expected.Success, s => s.CallCreateAsync(Samples.FromTheUi(s)));
        foreach (var flag in (string[])["true", "True", "TRUE", "false", "False"])
        {
            list.Add("publish " + flag, Expected.Success, s => s.CallCreateAsync([.. s.Definition().Parameters, ("publish", flag)]));
        }

        foreach (var type in (string[])["EMR_SERVERLESS_SPARK", "EMR-SERVERLESS-SPARK"])
        {
            list.Add("task type " + type, Expected.Success, s => s.CallCreateAsync(new Workflow(s.Name).Add("a", type, Samples.Spark()).Parameters));
        }
    }

    private static void AddParameters(CaseList list)
    {
        foreach (var name in (string[])["name", "taskDefinitionJson", "taskRelationJson"])
        {
            list.Add(name + " missing", Expected.Missing(name), s => s.CallCreateAsync(Samples.Without(s.Definition(), name)));
            list.Add(name + " empty", Expected.Missing(name), s => s.CallCreateAsync(Samples.With(s.Definition(), name, "")));
        }

        foreach (var name in (string[])["description", "executionType", "productNamespace"])
        {
            list.Add(name + " empty", Expected.Missing(name), Expected.Success, s => s.CallCreateAsync(Samples.With(s.Definition(), name, "")));
        }

        foreach (var (name, value) in ((string, string)[])
        [
            ("productNamespace", "EMR"),
        ])
        {
            list.Add($"{name} {value}", Expected.Invalid(name), Expected.Success, s => s.CallCreateAsync(Samples.With(s.Definition(), name, value)));
        }

        foreach (var (name, value) in ((string, string)[])
        [
            ("publish", "yes"), ("retryTimes", "-1"), ("retryTimes", "1001"), ("retryTimes", "many"), ("timeout", "-1"), ("timeout", "1.5"),
            ("taskParallelism", "x"), ("taskDefinitionJson", "{"), ("taskDefinitionJson", "{}"), ("taskDefinitionJson", "no JSON"),
            ("taskRelationJson", "["), ("taskRelationJson", "7"), ("globalParams", "["), ("tags", "{"), ("schedule", "{"),
        ])
        {
            list.Add($"{name} {value}", Expected.Invalid(name), s => s.CallCreateAsync(Samples.With(s.Definition(), name, value)));
        }

        foreach (var (name, value) in ((string, string)[])[("taskParallelism", "-1"), ("globalParams", "{}"), ("schedule", "[]"), ("tags", "7")])
        {
            list.Add($"{name} {value}", Expected.Refused(BadDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), name, value)));
        }

        list.Add("unknown workspace", Expected.Refused(WorkspaceNotFound), s => s.CallAsync(HttpMethod.Post, "process-definition", null, s.Definition().Parameters, workspace: "w-0000000000000000"));
        list.Add("name taken", Expected.Refused(NameTaken), async s =>
        {
            await s.CreateAsync();
            return await s.CallCreateAsync(s.Definition().Parameters);
        });
    }

    private static void AddNodes(CaseList list)
    {
        list.Add("no nodes", Expected.Refused(EmptyDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), "taskDefinitionJson", "[]")));
        list.Add("a node that is no object", Expected.Refused(BadDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), "taskDefinitionJson", "[7]")));
        list.Add("an edge that is no object", Expected.Refused(BadDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), "taskRelationJson", "[[]]")));
        foreach (var member in (string[])["code", "name", "taskType", "taskParams"])
        {
            list.Add("a node without " + member, Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode(member, null).Parameters));
        }

        foreach (var member in (string[])["preTaskCode", "postTaskCode"])
        {
            list.Add("an edge without " + member, Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithEdge(member, null).Parameters));
        }

        foreach (var (member, value) in ((string, JsonNode)[])
        [
            ("code", 0), ("code", -1), ("code", 1L << 53), ("code", "x"), ("code", 1.5), ("name", " "), ("name", new JsonObject()), ("name", new string('n', 201)), ("failRetryTimes", -1),
            ("failRetryTimes", 1001), ("failRetryTimes", "x"), ("failRetryInterval", -1), ("timeout", -1), ("taskParams", 7), ("taskParams", new JsonArray()), ("tags", 7), ("failAlertEnable", "maybe"),
        ])
        {
            list.Add($"a node with {member} {(value.ToJsonString() is { Length: < 30 } text ? text : "too long")}", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode(member, value.DeepClone()).Parameters));
        }
    }

    private static void AddGraphs(CaseList list)
    {
        list.Add("a circle of three nodes", Expected.Refused(Cycle), s => s.CallCreateAsync(Samples.Circle(s.Name).Parameters));
        list.Add("a node that waits for itself", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithEdge("preTaskCode", 2).Parameters));
        list.Add("an edge to an unknown node", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithEdge("postTaskCode", 99).Parameters));
        list.Add("a root that is an unknown node", Expected.Refused(BadDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), "taskRelationJson", """[{"name":"x","preTaskCode":0,"postTaskCode":99}]""")));
        list.Add("a root that is no node", Expected.Refused(BadDefinition), s => s.CallCreateAsync(Samples.With(s.Definition(), "taskRelationJson", """[{"preTaskCode":0,"postTaskCode":0}]""")));
        list.Add("an edge from an unknown node", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithEdge("preTaskCode", 99).Parameters));
        list.Add("two nodes of one name", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode("name", "extract").Parameters));
        list.Add("two nodes of one code", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode("code", 1).WithEdge("postTaskCode", 1).WithEdge("preTaskCode", 0).Parameters));
        list.Add("several offences at once", Expected.Refused(BadDefinition), s => s.CallCreateAsync(
            s.Definition().Shell("extract", "true").Add("c", "SHELL", []).Noop("d").WithEdge("postTaskCode", 99).Noop("e").WithNode("failRetryTimes", 9999).Parameters));
    }

    private static void AddTypes(CaseList list)
    {
        list.Add("an unknown task type", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode("taskType", "TELEPORT").Parameters));
        list.Add("SHELL without a script", Expected.Refused(BadDefinition), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "SHELL", []).Parameters));
        list.Add("SHELL with a script that is no text", Expected.Refused(BadDefinition), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "SHELL", new JsonObject { ["rawScript"] = new JsonArray() }).Parameters));
        list.Add("HTTP without a url", Expected.Refused(BadDefinition), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "HTTP", new JsonObject { ["httpMethod"] = "GET" }).Parameters));
        foreach (var member in (string[])["workspaceBizId", "taskBizId", "resourceQueueId"])
        {
            list.Add("Spark without " + member, Expected.Refused(BadDefinition), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "EMR_SERVERLESS_SPARK", Samples.Spark()).WithTaskParam(member, null).Parameters));
        }

        foreach (var (member, value) in ((string, JsonNode)[])[("sparkDriverCores", "many"), ("fusion", "maybe"), ("sparkConf", "x=y"), ("taskBizId", new JsonObject())])
        {
            list.Add($"Spark with {member} {value.ToJsonString()}", Expected.Refused(BadDefinition), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "EMR_SERVERLESS_SPARK", Samples.Spark()).WithTaskParam(member, value.DeepClone()).Parameters));
        }

        list.Add("local parameters that are no list", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithTaskParam("localParams", 7).Parameters));
        list.Add("a local parameter without a name", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithTaskParam("localParams", new JsonArray(new JsonObject { ["value"] = "x" })).Parameters));
    }

    private static void AddSurroundings(CaseList list)
    {
        list.Add("an unknown queue", Expected.Refused(QueueNotFound), s => s.CallCreateAsync(s.Definition().With("resourceQueue", "no_such_queue").Parameters));
        list.Add("a node in an unknown queue", Expected.Refused(QueueNotFound), s => s.CallCreateAsync(new Workflow(s.Name).Add("a", "EMR_SERVERLESS_SPARK", Samples.Spark()).WithTaskParam("resourceQueueId", "no_such_queue").Parameters));
        list.Add("an unknown worker group", Expected.Refused(BadDefinition), s => s.CallCreateAsync(s.Definition().WithNode("workerGroup", "no_such_group").Parameters));
        foreach (var (name, schedule) in ((string, string)[])
        [
            ("a bad crontab", """{"crontab":"every day","timezoneId":"Asia/Shanghai"}"""),
            ("a crontab of five fields", """{"crontab":"0 0 * * *","timezoneId":"Asia/Shanghai"}"""),
            ("a crontab that never fires", """{"crontab":"0 0 0 30 2 ?","timezoneId":"Asia/Shanghai"}"""),
            ("no crontab", """{"timezoneId":"Asia/Shanghai","startTime":"2024-12-23 16:13:27"}"""),
            ("an unknown time zone", """{"crontab":"0 0 0 * * ?","timezoneId":"Mars/Olympus"}"""),
            ("an end before the start", """{"crontab":"0 0 0 * * ?","startTime":"2025-12-23 16:13:27","endTime":"2024-12-23 16:13:27"}"""),
            ("a start that is no time", """{"crontab":"0 0 0 * * ?","startTime":"tomorrow"}"""),
        ])
        {
            list.Add("a schedule with " + name, Expected.Refused(BadSchedule), s => s.CallCreateAsync(s.Definition().With("schedule", schedule).Parameters));
        }
    }

    private static void AddWhatIsNotBuiltYet(CaseList list)
    {
        foreach (var type in (string[])["SERIAL", "SIDEWAYS", "SERIAL_WAIT", "SERIAL_DISCARD", "SERIAL_PRIORITY"])
        {
            list.Add("executionType " + type, Expected.Refused(NotHonoured), s => s.CallCreateAsync(s.Definition().With("executionType", type).Parameters));
        }

        foreach (var (member, value) in ((string, JsonNode)[])[("taskGroupId", 3), ("taskExecuteType", "STREAM"), ("isCache", "YES")])
        {
            list.Add($"a node with {member} {value.ToJsonString()}", Expected.Refused(NotHonoured), s => s.CallCreateAsync(s.Definition().WithNode(member, value.DeepClone()).Parameters));
        }
    }
}
