using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Core.Parameters;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>
/// A definition as DolphinScheduler answers it, and after it what it does not have: version hash, published version, queue, tags and so on. Those of
/// a list lack what only the version itself knows. Members without a setter are the same for every definition here.
/// </summary>
internal sealed record DolphinWorkflow
{
    public required int Id { get; init; }

    public required long Code { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string ReleaseState { get; init; }

    public required long ProjectCode { get; init; }

    public required string Description { get; init; }

    /// <summary>JSON of the list, as text; null in lists.</summary>
    public string? GlobalParams { get; init; }

    public IReadOnlyList<WireParameter>? GlobalParamList { get; init; }

    public IReadOnlyDictionary<string, string>? GlobalParamMap { get; init; }

    public required string CreateTime { get; init; }

    public required string UpdateTime { get; init; }

    public string Flag => "YES";

    public int UserId => DolphinUser.RootId;

    public required string UserName { get; init; }

    public required string ModifyBy { get; init; }

    public required string ProjectName { get; init; }

    public string? Locations { get; init; }

    /// <summary>Null: there is no schedule. Schedules are kept, and do not fire yet.</summary>
    public string? ScheduleReleaseState { get; init; }

    /// <summary>Minutes, rounded up; 0: no limit; null in lists.</summary>
    public int? Timeout { get; init; }

    public int TenantId => 1;

    public string TenantCode => "default";

    public int? WarningGroupId => null;

    public string ExecutionType => "PARALLEL";

    public WireSchedule? Schedule { get; init; }

    public int? PublishedVersion { get; init; }

    public string? VersionHashCode { get; init; }

    public long? TimeoutSeconds { get; init; }

    public string? TimeoutNotifyStrategy { get; init; }

    public int? TaskParallelism { get; init; }

    public string? ResourceQueue { get; init; }

    public string? AlertEmailAddress { get; init; }

    public string? RunAs { get; init; }

    public string? RegionId { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Only of a version in a list of versions: when it was saved.</summary>
    public string? OperateTime { get; init; }

    public static string ReleaseStateOf(WorkflowRow workflow) => workflow.PublishedVersion is null ? "OFFLINE" : "ONLINE";

    /// <summary>For a list: what the row itself says.</summary>
    public static DolphinWorkflow Of(WorkflowRow workflow, WorkspaceRow workspace) => new()
    {
        Id = workflow.Id,
        Code = workflow.Code.Value,
        Name = workflow.Name,
        Version = workflow.Version,
        ReleaseState = ReleaseStateOf(workflow),
        ProjectCode = workspace.ProjectCode,
        Description = workflow.Description,
        CreateTime = DolphinTime.Write(workflow.CreatedAt),
        UpdateTime = DolphinTime.Write(workflow.UpdatedAt),
        UserName = workflow.CreatedBy,
        ModifyBy = workflow.UpdatedBy,
        ProjectName = workspace.Name,
        ScheduleReleaseState = workflow.Schedule is null ? null : "OFFLINE",
        Schedule = WireSchedule.Of(workflow.Schedule),
        PublishedVersion = workflow.PublishedVersion,
    };

    /// <summary>With everything that the version says; who changed it last, and when, is the definition's.</summary>
    public static DolphinWorkflow Of(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version) =>
        Of(workflow, workspace, version.Definition, version.Hash) with { Version = version.Version };

    /// <summary>One version among others: ONLINE is the published one.</summary>
    public static DolphinWorkflow OfVersion(WorkflowRow workflow, WorkspaceRow workspace, WorkflowVersionRow version) => Of(workflow, workspace, version) with
    {
        ReleaseState = workflow.PublishedVersion == version.Version ? "ONLINE" : "OFFLINE",
        ModifyBy = version.CreatedBy,
        OperateTime = DolphinTime.Write(version.CreatedAt),
    };

    public static DolphinWorkflow Of(WorkflowRow workflow, WorkspaceRow workspace, WorkflowDefinition definition, string hash)
    {
        var globalParams = WireParameter.Of(definition.GlobalParams);
        return Of(workflow, workspace) with
        {
            Name = definition.Name,
            Description = definition.Description,
            GlobalParams = AnswerJson.Write(globalParams, DefinitionJson.Default.IReadOnlyListWireParameter),
            GlobalParamList = globalParams,
            GlobalParamMap = definition.GlobalParams.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            Locations = definition.Locations,
            Timeout = TimeLimitText.MinutesOf(definition.TimeLimit),
            VersionHashCode = hash,
            TimeoutSeconds = TimeLimitText.SecondsOf(definition.TimeLimit),
            TimeoutNotifyStrategy = TimeLimitText.StrategyOf(definition.TimeLimit),
            TaskParallelism = definition.ParallelismMax,
            ResourceQueue = definition.Queue,
            AlertEmailAddress = definition.AlertEmail,
            RunAs = definition.RunAs,
            RegionId = definition.RegionId,
            Tags = WireTags.Of(definition.Tags),
        };
    }
}

/// <summary>A parameter (DolphinScheduler: Property).</summary>
internal sealed record WireParameter(string Prop, string Direct, string Type, string Value)
{
    public static IReadOnlyList<WireParameter> Of(IReadOnlyList<Parameter> parameters) =>
        [.. parameters.Select(p => new WireParameter(p.Name, p.Direction == ParameterDirection.Out ? "OUT" : "IN", p.Type, p.Value))];
}

/// <summary>A schedule, its window in its own zone.</summary>
internal sealed record WireSchedule(string Crontab, string TimezoneId, string? StartTime, string? EndTime)
{
    public static WireSchedule? Of(Schedule? schedule) =>
        schedule is null
            ? null
            : new WireSchedule(schedule.Crontab, schedule.TimeZone, ScheduleParser.ReadingOf(schedule.From, schedule.TimeZone), ScheduleParser.ReadingOf(schedule.Until, schedule.TimeZone));
}

/// <summary>Tags as the map in which they are written.</summary>
internal static class WireTags
{
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<Tag> tags) => tags.ToDictionary(t => t.Key, t => t.Value, StringComparer.Ordinal);
}
