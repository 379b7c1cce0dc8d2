using System.Globalization;
using System.Text.Json;
using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Reads nodes and edges. Unknown members are ignored, because clients send back what they read before. Members that would change what runs, and
/// that this version cannot honour, are findings.
/// </summary>
/// <param name="isCloud">How a time limit without a flag is meant.</param>
/// <param name="retryDefault">Retries of nodes that name none.</param>
/// <param name="before">The nodes as they were, of whose codes keep what the call says nothing about and the cloud's operation has no field for.</param>
internal sealed class NodeParser(Findings findings, bool isCloud, int retryDefault, IReadOnlyList<TaskDefinition> before)
{
    private readonly Dictionary<TaskCode, TaskDefinition> _before = before.ToDictionary(t => t.Code);

    private const string Nodes = "taskDefinitionJson";
    private const string Edges = "taskRelationJson";

    /// <summary>Null: it could not be read.</summary>
    public TaskDefinition? ParseNode(JsonElement element, int index)
    {
        if (JsonNodeReader.Of(element, At(Nodes, index), findings) is not { } node)
        {
            return null;
        }

        RefuseWhatIsNotHonoured(node);
        var type = TaskTypes.Canonical(node.RequiredText("taskType") ?? "");
        var code = new TaskCode(node.RequiredLong("code") ?? 0);
        var was = _before.GetValueOrDefault(code);
        var name = node.RequiredText("name")?.Trim() ?? "";
        using var taskParams = ReadTaskParams(node, type);
        var reader = new JsonNodeReader(taskParams.RootElement, node.PlaceOf("taskParams"), findings);
        if (type == TaskTypes.Shell)
        {
            reader.RefuseUnlessEmpty("resourceList");
        }

        return new TaskDefinition(
            code,
            name,
            node.Text("description") ?? "",
            type,
            CanonicalJson.Write(taskParams.RootElement, without: "localParams"),
            (int)(node.Long("failRetryTimes", 0, WorkflowLimits.RetriesMax) ?? retryDefault),
            Minutes(node.Long("failRetryInterval", 0, (long)WorkflowLimits.RetryIntervalMax.TotalMinutes)) ?? was?.RetryInterval ?? TimeSpan.Zero,
            node.Word("taskPriority", "HIGHEST", "HIGH", "MEDIUM", "LOW", "LOWEST") is { } priority ? Enum.Parse<Priority>(priority, ignoreCase: true) : was?.Priority ?? Priority.Medium)
        {
            Delay = Minutes(node.Long("delayTime", 0, (long)WorkflowLimits.DelayMax.TotalMinutes)) ?? was?.Delay ?? TimeSpan.Zero,
            WorkerGroup = node.Text("workerGroup") is { } group ? (group == StandardWorkerGroup.Name ? "" : group) : was?.WorkerGroup ?? "", // default means the run's, as in DolphinScheduler
            IsDisabled = node.Word("flag", "YES", "NO") is { } flag ? flag == "NO" : was?.IsDisabled ?? false,
            LocalParams = MemberLists.ReadParameters(reader.Member("localParams"), reader.PlaceOf("localParams"), findings),
            TimeLimit = ReadTimeLimit(node),
            Queue = type == TaskTypes.EmrServerlessSpark ? reader.Text("resourceQueueId") ?? "" : node.Text("queue") ?? (was?.Type == type ? was.Queue : ""),
            Environment = node.Long("environmentCode") is { } environment ? EnvironmentCode.OfWire(environment) : was?.Environment ?? default,
            AlertEmail = node.Text("alertEmailAddress") ?? "",
            AlertOnStart = node.Bool("startAlertEnable"),
            AlertOnFailure = node.Bool("failAlertEnable"),
            Tags = MemberLists.ReadTags(node.Member("tags"), node.PlaceOf("tags"), findings),
        };
    }

    /// <summary>From 0: the row that says that a node is a root. Null: it could not be read.</summary>
    public EdgeName? ParseEdge(JsonElement element, int index)
    {
        if (JsonNodeReader.Of(element, At(Edges, index), findings) is not { } edge)
        {
            return null;
        }

        edge.RefuseUnless("conditionType", "NONE", "0");
        var (from, to) = (edge.RequiredLong("preTaskCode"), edge.RequiredLong("postTaskCode"));
        return from is null || to is null ? null : new EdgeName(new Edge(new TaskCode(from.Value), new TaskCode(to.Value)), edge.Text("name") ?? "");
    }

    private static void RefuseWhatIsNotHonoured(JsonNodeReader node)
    {
        node.RefuseUnless("taskGroupId", "0");
        node.RefuseUnless("cpuQuota", "-1", "0");
        node.RefuseUnless("memoryMax", "-1", "0");
        node.RefuseUnless("taskExecuteType", "BATCH");
        node.RefuseUnless("isCache", "NO");
    }

    /// <summary>An object, or its JSON as text. Empty when it could not be read.</summary>
    private JsonDocument ReadTaskParams(JsonNodeReader node, string type)
    {
        var place = node.PlaceOf("taskParams");
        if (node.Member("taskParams") is not { } member)
        {
            if (type != TaskTypes.Noop)
            {
                findings.Missing(place);
            }

            return JsonDocument.Parse("{}");
        }

        try
        {
            var document = JsonText.Parse(member.ValueKind == JsonValueKind.String ? member.GetString()! : member.GetRawText());
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            findings.Invalid(place, "a JSON object");
        }
        catch (JsonException e)
        {
            findings.Invalid(place, $"a JSON object; {e.Message}");
        }

        return JsonDocument.Parse("{}");
    }

    /// <summary>A node with a timeoutFlag is in DolphinScheduler's form whoever sends it, for instance a cloud client that read it here.</summary>
    private TimeLimit? ReadTimeLimit(JsonNodeReader node)
    {
        var flag = node.Word("timeoutFlag", "OPEN", "CLOSE");
        var timeout = node.Long("timeout", 0, TimeLimitText.NumberMax, TimeLimitText.Takes(inSeconds: flag is null && isCloud));
        var strategy = node.Word("timeoutNotifyStrategy", TimeLimitText.Warn, TimeLimitText.Fail, TimeLimitText.WarnAndFail);
        switch (flag)
        {
            case "OPEN" when timeout is null or 0:
                findings.Invalid(node.PlaceOf("timeout"), "the minutes, from 1, when timeoutFlag is OPEN");
                return null;
            case "OPEN":
                return TimeLimitText.OfDolphin(timeout, node.Long("timeoutSeconds", 0, TimeLimitText.NumberMax, TimeLimitText.Takes(inSeconds: true)), strategy);
            case null when isCloud:
                return TimeLimitText.OfCloud(timeout);
            default:
                return null;
        }
    }

    private static TimeSpan? Minutes(long? minutes) => minutes is { } number ? TimeSpan.FromMinutes(number) : null;

    private static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}
