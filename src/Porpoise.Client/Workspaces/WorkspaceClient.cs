using System.Text.Json.Serialization;
using Porpoise.Client.Calls;
using Porpoise.Client.Identities;

namespace Porpoise.Client.Workspaces;

/// <summary>Workspaces and their members. A workspace is named by its id or its project code.</summary>
public sealed class WorkspaceClient(PorpoiseClient client)
{
    /// <summary>Those that the caller can reach.</summary>
    public Task<Page<Workspace>> ListAsync(string? search, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/dolphinscheduler/projects", ("searchVal", search), ("pageNo", page.Number), ("pageSize", page.Size)), WorkspaceJson.Default.WorkspacePage, ct);

    public Task<Page<Member>> ListMembersAsync(string workspace, PageChoice page, CancellationToken ct) => client.SendAsync(
        ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/members", ("pageNo", page.Number), ("pageSize", page.Size)), WorkspaceJson.Default.MemberPage, ct);

    /// <summary>Makes a user or a role a member, or gives a member another role.</summary>
    /// <param name="role">Guest, DataScience, DataEngineering or Owner.</param>
    public Task SetMemberAsync(string workspace, IdentityName who, string role, CancellationToken ct) =>
        client.SendAsync(ApiCall.Post($"/porpoise/v1/workspaces/{workspace}/members", (who.Kind + "Name", who.Name), ("role", role)), ct);

    public Task RemoveMemberAsync(string workspace, IdentityName who, CancellationToken ct) =>
        client.SendAsync(ApiCall.Delete($"/porpoise/v1/workspaces/{workspace}/members/{who.Kind + "s"}/{who.Name}"), ct);
}

/// <summary>A workspace; DolphinScheduler's clients name it by its <paramref name="Code"/>.</summary>
public sealed record Workspace(long Code, string Name, string Description, string WorkspaceId);

/// <summary>A member of a workspace.</summary>
/// <param name="Kind">user or role.</param>
public sealed record Member(string Kind, string Name, string Arn, string Role, DateTimeOffset AddedAt);

/// <summary>How workspaces are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Page<Workspace>), TypeInfoPropertyName = "WorkspacePage")]
[JsonSerializable(typeof(Page<Member>), TypeInfoPropertyName = "MemberPage")]
public sealed partial class WorkspaceJson : JsonSerializerContext;
