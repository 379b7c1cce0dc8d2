using System.Globalization;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Answer of the cloud's create call.</summary>
internal sealed record CreatedWorkflow(long Code, int Id);

/// <summary>Answer of the cloud's update call; its models declare nearly everything as text. What is not set is empty.</summary>
internal sealed record CloudWorkflow(
    string AlertEmailAddress,
    string BizId,
    string Code,
    string CreateTime,
    string Crontab,
    string Description,
    string EndTime,
    string ExecutionType,
    string Id,
    string Name,
    string ProjectName,
    string ReleaseState,
    string StartTime,
    string TimezoneId,
    string UpdateTime,
    string UserId,
    string UserName,
    int Version,
    string VersionHashCode)
{
    public static CloudWorkflow Of(SaveWorkflowResult.Saved saved, WorkspaceRow workspace, string alertEmail, string accountId)
    {
        var workflow = saved.Workflow;
        var schedule = workflow.Schedule;
        return new CloudWorkflow(
            alertEmail, workspace.Id.Value, workflow.Code.ToString(), Iso(workflow.CreatedAt), schedule?.Crontab ?? "", workflow.Description,
            schedule is null ? "" : Milliseconds(schedule.Until) ?? "", "PARALLEL", workflow.Id.ToString(CultureInfo.InvariantCulture), workflow.Name, workspace.Name,
            DolphinWorkflow.ReleaseStateOf(workflow), schedule is null ? "" : Milliseconds(schedule.From) ?? "0", schedule?.TimeZone ?? "", Iso(workflow.UpdatedAt), accountId,
            workflow.UpdatedBy, workflow.Version, saved.Hash);
    }

    private static string? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
