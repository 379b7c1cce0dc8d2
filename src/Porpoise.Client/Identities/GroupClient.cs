using Porpoise.Client.Calls;

namespace Porpoise.Client.Identities;

/// <summary>Groups of users.</summary>
public sealed class GroupClient(PorpoiseClient client)
{
    public Task<Page<Group>> ListAsync(string? search, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/groups", ("search", search), ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.GroupPage, ct);

    public Task<Group> CreateAsync(string groupName, string? description, CancellationToken ct) =>
        client.SendAsync(ApiCall.Post($"/porpoise/v1/groups", ("groupName", groupName), ("description", description)), IdentityJson.Default.Group, ct);

    public Task<GroupDetail> GetAsync(string groupName, CancellationToken ct) => client.SendAsync(ApiCall.Get($"/porpoise/v1/groups/{groupName}"), IdentityJson.Default.GroupDetail, ct);

    /// <summary>Changes what is not null.</summary>
    public Task<Group> UpdateAsync(string groupName, string? newGroupName, string? description, CancellationToken ct) =>
        client.SendAsync(ApiCall.Put($"/porpoise/v1/groups/{groupName}", ("newGroupName", newGroupName), ("description", description)), IdentityJson.Default.Group, ct);

    public Task DeleteAsync(string groupName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/groups/{groupName}"), ct);

    public Task<Page<User>> ListUsersAsync(string groupName, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/groups/{groupName}/users", ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.UserPage, ct);

    public Task AddUserAsync(string groupName, string userName, CancellationToken ct) => client.SendAsync(ApiCall.Post($"/porpoise/v1/groups/{groupName}/users/{userName}"), ct);

    public Task RemoveUserAsync(string groupName, string userName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/groups/{groupName}/users/{userName}"), ct);
}
