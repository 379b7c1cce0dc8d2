using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Api.Security;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Workspaces;

/// <summary>A workspace as DolphinScheduler answers it (Project), with its id in the cloud.</summary>
/// <param name="DefCount">Its workflow definitions.</param>
/// <param name="InstRunningCount">Its runs that are under way.</param>
internal sealed record DolphinProject(
    int Id, long Code, string Name, string Description, string CreateTime, string UpdateTime, string UserName, long DefCount, long InstRunningCount, string WorkspaceId)
{
    public int UserId => DolphinUser.RootId;

    /// <summary>Everything is allowed.</summary>
    public int Perm => 7;

    public static DolphinProject Of(WorkspaceRow workspace, string userName, long definitions = 0, long running = 0) => new(
        workspace.Number, workspace.ProjectCode, workspace.Name, workspace.Description, DolphinTime.Write(workspace.CreatedAt), DolphinTime.Write(workspace.UpdatedAt),
        userName, definitions, running, workspace.Id.Value);
}

/// <summary>What the operations on workspaces write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinProject))]
[JsonSerializable(typeof(IReadOnlyList<DolphinProject>))]
[JsonSerializable(typeof(DolphinPage<DolphinProject>))]
[JsonSerializable(typeof(bool))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
