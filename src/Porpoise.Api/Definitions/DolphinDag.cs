using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>A definition with its nodes and edges (DolphinScheduler: DagData).</summary>
internal sealed record DolphinDag(DolphinWorkflow ProcessDefinition, IReadOnlyList<DolphinRelation> ProcessTaskRelationList, IReadOnlyList<DolphinNode> TaskDefinitionList)
{
    public static DolphinDag Of(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version) =>
        new(DolphinWorkflow.Of(workflow, workspace, version), DolphinRelation.ListOf(workflow, workspace, version), DolphinNode.ListOf(workflow, workspace, version));
}

/// <summary>One row for each edge, and one from 0 for each root.</summary>
internal sealed record DolphinRelation(
    int Id,
    string Name,
    int ProcessDefinitionVersion,
    long ProjectCode,
    long ProcessDefinitionCode,
    long PreTaskCode,
    int PreTaskVersion,
    long PostTaskCode,
    int PostTaskVersion,
    string ConditionType,
    JsonObject ConditionParams,
    string CreateTime,
    string UpdateTime)
{
    public static IReadOnlyList<DolphinRelation> ListOf(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version)
    {
        var waiting = version.Definition.Edges.Select(e => e.To).ToHashSet();
        var roots = version.Definition.Tasks.Where(t => !waiting.Contains(t.Code)).Select(t => new Edge(default, t.Code));
        var names = version.Definition.EdgeNames.DistinctBy(n => n.Edge).ToDictionary(n => n.Edge, n => n.Name);
        var time = DolphinTime.Write(version.CreatedAt);
        return
        [
            .. roots.Concat(version.Definition.Edges).Select((edge, i) => new DolphinRelation(
                i + 1, names.GetValueOrDefault(edge, ""), version.Version, workspace.ProjectCode, workflow.Code.Value, edge.From.Value, edge.From == default ? 0 : version.Version, edge.To.Value, version.Version,
                "NONE", [], time, time)),
        ];
    }
}

/// <summary>
/// A node as DolphinScheduler answers a task definition. Its version is its definition's. Members without a setter are the same for every node here.
/// </summary>
internal sealed record DolphinNode
{
    /// <summary>Its place in the definition, from 1.</summary>
    public required int Id { get; init; }

    public required long Code { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Description { get; init; }

    public required long ProjectCode { get; init; }

    public int UserId => DolphinUser.RootId;

    public required string TaskType { get; init; }

    public required JsonObject TaskParams { get; init; }

    public required IReadOnlyList<WireParameter> TaskParamList { get; init; }

    public required IReadOnlyDictionary<string, string> TaskParamMap { get; init; }

    /// <summary>NO: the node is passed over.</summary>
    public required string Flag { get; init; }

    public required string TaskPriority { get; init; }

    public required string UserName { get; init; }

    public required string ProjectName { get; init; }

    /// <summary>Where it names the standard one, the run's counts.</summary>
    public required string WorkerGroup { get; init; }

    public required long EnvironmentCode { get; init; }

    public required int FailRetryTimes { get; init; }

    /// <summary>Minutes.</summary>
    public required int FailRetryInterval { get; init; }

    public required string TimeoutFlag { get; init; }

    public required string TimeoutNotifyStrategy { get; init; }

    /// <summary>Minutes, rounded up; 0: no limit.</summary>
    public required int Timeout { get; init; }

    /// <summary>Minutes from when the node is ready.</summary>
    public required int DelayTime { get; init; }

    public string ResourceIds => "";

    public required string CreateTime { get; init; }

    public required string UpdateTime { get; init; }

    public required string ModifyBy { get; init; }

    public int TaskGroupId => 0;

    public int TaskGroupPriority => 0;

    public int CpuQuota => -1;

    public int MemoryMax => -1;

    public string TaskExecuteType => "BATCH";

    public string IsCache => "NO";

    /// <summary>Exact, where <see cref="Timeout"/> is rounded.</summary>
    public required long TimeoutSeconds { get; init; }

    /// <summary>The queue that it names; empty: the workflow's.</summary>
    public required string Queue { get; init; }

    public required string AlertEmailAddress { get; init; }

    public required bool StartAlertEnable { get; init; }

    public required bool FailAlertEnable { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>False: the node can be kept, but not run by this version.</summary>
    public required bool IsRunnable { get; init; }

    public static IReadOnlyList<DolphinNode> ListOf(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version) =>
        [.. version.Definition.Tasks.Select((_, i) => Of(workflow, workspace, version, i))];

    /// <param name="index">The node's position in the definition.</param>
    public static DolphinNode Of(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version, int index)
    {
        var task = version.Definition.Tasks[index];
        var localParams = WireParameter.Of(task.LocalParams);
        var time = DolphinTime.Write(version.CreatedAt);
        return new DolphinNode
        {
            Id = index + 1,
            Code = task.Code.Value,
            Name = task.Name,
            Version = version.Version,
            Description = task.Description,
            ProjectCode = workspace.ProjectCode,
            TaskType = task.Type,
            TaskParams = ParamsOf(task, localParams),
            TaskParamList = localParams,
            TaskParamMap = task.LocalParams.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            Flag = task.IsDisabled ? "NO" : "YES",
            DelayTime = (int)Math.Ceiling(task.Delay.TotalMinutes),
            TaskPriority = States.Of(task.Priority),
            UserName = workflow.CreatedBy,
            ProjectName = workspace.Name,
            EnvironmentCode = task.Environment.Wire,
            WorkerGroup = task.WorkerGroup.Length > 0 ? task.WorkerGroup : StandardWorkerGroup.Name,
            FailRetryTimes = task.RetryMax,
            FailRetryInterval = (int)Math.Ceiling(task.RetryInterval.TotalMinutes),
            TimeoutFlag = task.TimeLimit is null ? "CLOSE" : "OPEN",
            TimeoutNotifyStrategy = TimeLimitText.StrategyOf(task.TimeLimit),
            Timeout = TimeLimitText.MinutesOf(task.TimeLimit),
            CreateTime = time,
            UpdateTime = time,
            ModifyBy = version.CreatedBy,
            TimeoutSeconds = TimeLimitText.SecondsOf(task.TimeLimit),
            Queue = task.Queue,
            AlertEmailAddress = task.AlertEmail,
            StartAlertEnable = task.AlertOnStart,
            FailAlertEnable = task.AlertOnFailure,
            Tags = WireTags.Of(task.Tags),
            IsRunnable = TaskTypes.IsRunnable(task.Type),
        };
    }

    /// <summary>As the client sent them: parameters of the node belong there.</summary>
    private static JsonObject ParamsOf(TaskDefinition task, IReadOnlyList<WireParameter> localParams)
    {
        var all = JsonNode.Parse(task.Params, documentOptions: new JsonDocumentOptions { MaxDepth = JsonText.DepthMax })!.AsObject();
        all["localParams"] = JsonSerializer.SerializeToNode(localParams, DefinitionJson.Default.IReadOnlyListWireParameter);
        return all;
    }
}
