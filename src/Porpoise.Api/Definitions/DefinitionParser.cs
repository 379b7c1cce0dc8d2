using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Reads a definition from the parameters of the create and update calls. Clients send numbers as text, echo members they read before, and
/// leave out what they do not care about; so unknown members are ignored and empty ones are absent. Members that would change what
/// runs, and that this version cannot honour, are refused.
/// </summary>
internal static class DefinitionParser
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 32 };

    public static WorkflowDefinition Parse(Parameters parameters)
    {
        RefuseWhatIsNotHonoured(parameters);
        var retryDefault = parameters.Int("retryTimes", 0, WorkflowLimits.RetriesMax) ?? 0;
        using var tasks = ParseJson(parameters, "taskDefinitionJson");
        using var relations = ParseJson(parameters, "taskRelationJson");
        return Checked(new WorkflowDefinition(
            parameters.RequiredText("name").Trim(),
            parameters.Text("description") ?? "",
            [.. tasks.RootElement.EnumerateArray().Select((task, i) => ParseTask(task, i, retryDefault))],
            [.. relations.RootElement.EnumerateArray().Select(ParseEdge).OfType<Edge>()],
            parameters.Text("locations") ?? ""));
    }

    /// <summary>Everything that is wrong goes into one answer, a line for each offence.</summary>
    private static WorkflowDefinition Checked(WorkflowDefinition definition)
    {
        var offences = WorkflowValidation.Check(definition);
        if (offences.Count == 0)
        {
            return definition;
        }

        var code = offences[0].Kind switch
        {
            OffenceKind.Empty => ErrorCodes.EmptyDefinition,
            OffenceKind.Cycle => ErrorCodes.Cycle,
            OffenceKind.UnknownTaskType => ErrorCodes.NotHonoured,
            _ => ErrorCodes.BadDefinition,
        };
        throw new RefusalException(code, string.Join('\n', offences.Select(o => $"{o.Place}: {o.Message}")));
    }

    private static void RefuseWhatIsNotHonoured(Parameters parameters)
    {
        parameters.RefuseUnless("executionType", "PARALLEL");
        parameters.RefuseUnless("globalParams", "[]");
        parameters.RefuseUnless("timeout", "0");
        parameters.RefuseUnless("schedule", "{}", "null");
        parameters.RefuseUnless("tags", "{}", "null");
        parameters.RefuseUnless("alertEmailAddress");
        parameters.RefuseUnless("runAs");
        parameters.RefuseUnless("taskParallelism", "0");
        parameters.RefuseUnless("resourceQueue");
        parameters.RefuseUnless("tenantCode", "default");
        parameters.RefuseUnless("otherParamsJson", "{}");
    }

    private static JsonDocument ParseJson(Parameters parameters, string name)
    {
        try
        {
            var document = JsonDocument.Parse(parameters.RequiredText(name), JsonOptions);
            return document.RootElement.ValueKind == JsonValueKind.Array ? document : throw Parameters.Invalid(name, "a JSON array");
        }
        catch (JsonException e)
        {
            throw Parameters.Invalid(name, $"a JSON array; the text cannot be read: {e.Message}");
        }
    }

    private static TaskDefinition ParseTask(JsonElement element, int index, int retryDefault)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"taskDefinitionJson[{index}]");
        var node = new JsonNodeReader(element, place);
        RefuseWhatIsNotHonoured(node);
        var type = node.RequiredText("taskType");
        return new TaskDefinition(
            new TaskCode(node.RequiredLong("code")),
            node.RequiredText("name").Trim(),
            node.Text("description") ?? "",
            type,
            ParseTaskParams(node, type),
            (int)(node.Long("failRetryTimes", 0, WorkflowLimits.RetriesMax) ?? retryDefault),
            TimeSpan.FromMinutes(node.Long("failRetryInterval", 0, (long)WorkflowLimits.RetryIntervalMax.TotalMinutes) ?? 0),
            Priority.Medium);
    }

    /// <summary>Only what the task type uses is kept, so that two definitions that run the same have the same hash.</summary>
    private static string ParseTaskParams(JsonNodeReader node, string type)
    {
        var parameters = node.Child("taskParams");
        if (type != TaskTypes.Shell)
        {
            return "{}";
        }

        parameters.RefuseUnlessEmpty("localParams");
        parameters.RefuseUnlessEmpty("resourceList");
        var script = parameters.RequiredText("rawScript");
        return script.Length <= WorkflowLimits.ScriptLengthMax
            ? JsonSerializer.Serialize(new ShellParams(script), WireJson.Default.ShellParams)
            : throw new RefusalException(ErrorCodes.BadDefinition, $"{node.Place}.taskParams.rawScript: a script has at most {WorkflowLimits.ScriptLengthMax} characters.");
    }

    private static void RefuseWhatIsNotHonoured(JsonNodeReader node)
    {
        node.RefuseUnless("flag", "YES");
        node.RefuseUnless("timeoutFlag", "CLOSE");
        node.RefuseUnless("timeout", "0");
        node.RefuseUnless("delayTime", "0");
        node.RefuseUnless("environmentCode", "-1", "0");
        node.RefuseUnless("workerGroup", "default");
        node.RefuseUnless("taskPriority", "MEDIUM"); // the run's priority is honoured; that of a task inside its run is not yet
        node.RefuseUnless("taskGroupId", "0");
        node.RefuseUnless("cpuQuota", "-1", "0");
        node.RefuseUnless("memoryMax", "-1", "0");
        node.RefuseUnless("taskExecuteType", "BATCH");
        node.RefuseUnless("isCache", "NO");
        node.RefuseUnless("startAlertEnable", "false");
        node.RefuseUnless("failAlertEnable", "false");
        node.RefuseUnless("alertEmailAddress");
        node.RefuseUnlessEmpty("tags");
    }

    /// <summary>Null: the row that says that a node is a root.</summary>
    private static Edge? ParseEdge(JsonElement element, int index)
    {
        var edge = new JsonNodeReader(element, string.Create(CultureInfo.InvariantCulture, $"taskRelationJson[{index}]"));
        edge.RefuseUnless("conditionType", "NONE", "0");
        var from = edge.RequiredLong("preTaskCode");
        return from == 0 ? null : new Edge(new TaskCode(from), new TaskCode(edge.RequiredLong("postTaskCode")));
    }
}
