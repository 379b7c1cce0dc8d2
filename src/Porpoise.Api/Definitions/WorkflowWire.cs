using System.Globalization;
using Porpoise.Api.Runs;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>taskParams of a SHELL node, as stored.</summary>
internal sealed record ShellParams(string RawScript);

/// <summary>Answer of the cloud's create call.</summary>
internal sealed record CreatedWorkflow(long Code, int Id);

/// <summary>Answer of the cloud's update call; its models declare nearly everything as text.</summary>
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
    public static CloudWorkflow Of(SaveWorkflowResult.Saved saved, WorkspaceRow workspace, string description, string accountId)
    {
        var workflow = saved.Workflow;
        return new CloudWorkflow(
            "", workspace.Id.Value, workflow.Code.ToString(), Iso(workflow.CreatedAt), "", description, "", "PARALLEL",
            workflow.Id.ToString(CultureInfo.InvariantCulture), workflow.Name, workspace.Name, DolphinWorkflow.ReleaseStateOf(workflow), "", "",
            Iso(workflow.UpdatedAt), accountId, workflow.UpdatedBy, workflow.Version, saved.Hash);
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A definition as DolphinScheduler answers it.</summary>
internal sealed record DolphinWorkflow(
    int Id,
    long Code,
    string Name,
    int Version,
    string ReleaseState,
    long ProjectCode,
    string Description,
    string ExecutionType,
    string Flag,
    int Timeout,
    string CreateTime,
    string UpdateTime,
    string UserName,
    string ProjectName)
{
    public static DolphinWorkflow Of(WorkflowRow workflow, WorkspaceRow workspace, string description) => new(
        workflow.Id, workflow.Code.Value, workflow.Name, workflow.Version, ReleaseStateOf(workflow), workspace.ProjectCode, description, "PARALLEL", "YES", 0,
        DolphinTime.Write(workflow.CreatedAt), DolphinTime.Write(workflow.UpdatedAt), workflow.UpdatedBy, workspace.Name);

    public static string ReleaseStateOf(WorkflowRow workflow) => workflow.PublishedVersion is null ? "OFFLINE" : "ONLINE";
}
