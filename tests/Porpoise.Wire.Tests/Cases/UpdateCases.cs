using Porpoise.LiveServer.Callers;

namespace Porpoise.Wire.Tests.Cases;

/// <summary>UpdateProcessDefinitionWithSchedule.</summary>
internal static class UpdateCases
{
    private const int WorkspaceNotFound = 10018;
    private const int BadSchedule = 10024;
    private const int QueueNotFound = 10128;
    private const int NameTaken = 10168;
    private const int WorkflowNotFound = 50003;
    private const int EditWhileOnline = 50008;
    private const int Cycle = 50019;
    private const int BadDefinition = 50020;
    private const int EmptyDefinition = 50035;
    private const int NotHonoured = 1500001;

    public static CaseList List { get; } = Make();

    private static CaseList Make()
    {
        var list = new CaseList("update");
        AddSuccesses(list);
        AddRefusals(list);
        return list;
    }

    private static void AddSuccesses(CaseList list)
    {
        list.Add("a changed script is version 2", Expected.Success, s => AfterCreateAsync(s, Changed(s).Parameters));
        list.Add("the same content is no new version", Expected.Success, s => AfterCreateAsync(s, s.Definition().Parameters));
        list.Add("the same content without its layout", Expected.Success, async s =>
        {
            await s.CreateAsync(s.Definition().With("locations", """[{"taskCode":1,"x":5,"y":6}]"""));
            return await s.CallUpdateAsync(s.Definition().Parameters);
        });
        list.Add("an earlier content has the earlier hash", Expected.Success, async s =>
        {
            await s.CreateAsync();
            await s.UpdateAsync(Changed(s));
            return await s.CallUpdateAsync(s.Definition().Parameters);
        });
        list.Add("everything", Expected.Success, s => AfterCreateAsync(s, Samples.Everything(s).Parameters));
        list.Add("by form", Expected.Success, s => AfterCreateAsync(s, Changed(s).Parameters, Travel.Form));
        list.Add("by JSON with JSON inside", Expected.Success, s => AfterCreateAsync(s, Samples.AsJson(Changed(s).Parameters), Travel.Json));
        list.Add("numbers as text", Expected.Success, s => AfterCreateAsync(s, Samples.NumbersAsText(s).Parameters));
        list.Add("empty equals absent", Expected.Success, s => AfterCreateAsync(s, Samples.Empty(s.Definition()).With("releaseState", "").Parameters));
        list.Add("another name", Expected.Success, s => AfterCreateAsync(s, s.Definition(s.Name + "_renamed").Parameters));
        foreach (var (name, value) in ((string, string)[])[("publish", "True"), ("publish", "false"), ("releaseState", "ONLINE"), ("releaseState", "OFFLINE"), ("releaseState", "online")])
        {
            list.Add($"{name} {value}", Expected.Success, s => AfterCreateAsync(s, [.. Changed(s).Parameters, (name, value)]));
        }

        foreach (var type in (string[])["EMR_SERVERLESS_SPARK", "EMR-SERVERLESS-SPARK"])
        {
            list.Add("task type " + type, Expected.Success, s => AfterCreateAsync(s, new Workflow(s.Name).Add("a", type, Samples.Spark()).Parameters));
        }

        list.Add("a published definition", Expected.Success, Expected.Refused(EditWhileOnline), async s =>
        {
            await s.CreateAsync(publish: true);
            return await s.CallUpdateAsync(Changed(s).Parameters);
        });
    }

    private static void AddRefusals(CaseList list)
    {
        foreach (var name in (string[])["name", "taskDefinitionJson", "taskRelationJson"])
        {
            list.Add(name + " missing", Expected.Missing(name), s => AfterCreateAsync(s, Samples.Without(s.Definition(), name)));
        }

        list.Add("description empty", Expected.Success, s => AfterCreateAsync(s, Samples.With(s.Definition(), "description", "")));
        list.Add("executionType empty", Expected.Missing("executionType"), Expected.Success, s => AfterCreateAsync(s, Samples.With(s.Definition(), "executionType", "")));
        foreach (var (name, value) in ((string, string)[])[("releaseState", "SOMEWHERE"), ("publish", "1"), ("timeout", "x"), ("taskDefinitionJson", "["), ("schedule", "no JSON")])
        {
            list.Add($"{name} {value}", Expected.Invalid(name), s => AfterCreateAsync(s, Samples.With(s.Definition(), name, value)));
        }

        foreach (var code in (string[])["x", "0", "-1", "9007199254740992", "99999999999999999999"])
        {
            list.Add("code " + code, Expected.Invalid("code"), s => s.CallUpdateAsync(s.Definition().Parameters, code: code));
        }

        list.Add("unknown workspace", Expected.Refused(WorkspaceNotFound), s => s.CallAsync(HttpMethod.Put, "process-definition/4711", null, s.Definition().Parameters, workspace: "w-0000000000000000"));
        list.Add("an unknown definition", Expected.Refused(WorkflowNotFound), s => s.CallUpdateAsync(s.Definition().Parameters, code: "4711"));
        list.Add("a name that another one has", Expected.Refused(NameTaken), async s =>
        {
            await s.CreateAsync(s.Definition(s.Name + "_other"), codeName: "other code", idName: "other id");
            await s.CreateAsync();
            return await s.CallUpdateAsync(s.Definition(s.Name + "_other").Parameters);
        });
        list.Add("no nodes", Expected.Refused(EmptyDefinition), s => AfterCreateAsync(s, Samples.With(s.Definition(), "taskDefinitionJson", "[]")));
        list.Add("a circle of three nodes", Expected.Refused(Cycle), s => AfterCreateAsync(s, Samples.Circle(s.Name).Parameters));
        list.Add("an edge to an unknown node", Expected.Refused(BadDefinition), s => AfterCreateAsync(s, s.Definition().WithEdge("postTaskCode", 99).Parameters));
        list.Add("two nodes of one name", Expected.Refused(BadDefinition), s => AfterCreateAsync(s, s.Definition().WithNode("name", "extract").Parameters));
        list.Add("an unknown task type", Expected.Refused(BadDefinition), s => AfterCreateAsync(s, s.Definition().WithNode("taskType", "TELEPORT").Parameters));
        list.Add("SHELL without a script", Expected.Refused(BadDefinition), s => AfterCreateAsync(s, new Workflow(s.Name).Add("a", "SHELL", []).Parameters));
        list.Add("an unknown queue", Expected.Refused(QueueNotFound), s => AfterCreateAsync(s, s.Definition().With("resourceQueue", "no_such_queue").Parameters));
        list.Add("a bad crontab", Expected.Refused(BadSchedule), s => AfterCreateAsync(s, s.Definition().With("schedule", """{"crontab":"0 0 * * *"}""").Parameters));
        list.Add("executionType SERIAL_WAIT", Expected.Refused(NotHonoured), s => AfterCreateAsync(s, s.Definition().With("executionType", "SERIAL_WAIT").Parameters));
    }

    private static Workflow Changed(Scene scene) => new Workflow(scene.Name).With("description", "two nodes").Shell("extract", "echo changed").Shell("load", "echo load", "extract");

    private static async Task<Exchange> AfterCreateAsync(Scene scene, IEnumerable<(string Name, object? Value)> parameters, Travel? travel = null)
    {
        await scene.CreateAsync();
        return await scene.CallUpdateAsync(parameters, travel);
    }
}
