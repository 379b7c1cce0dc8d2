using Porpoise.Client.Calls;

namespace Porpoise.Client.Identities;

/// <summary>Users of the account.</summary>
public sealed class UserClient(PorpoiseClient client)
{
    public Task<Page<User>> ListAsync(string? search, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/users", ("search", search), ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.UserPage, ct);

    public Task<User> CreateAsync(string userName, string? description, CancellationToken ct) =>
        client.SendAsync(ApiCall.Post($"/porpoise/v1/users", ("userName", userName), ("description", description)), IdentityJson.Default.User, ct);

    public Task<UserDetail> GetAsync(string userName, CancellationToken ct) => client.SendAsync(ApiCall.Get($"/porpoise/v1/users/{userName}"), IdentityJson.Default.UserDetail, ct);

    /// <summary>Changes what is not null.</summary>
    public Task<User> UpdateAsync(string userName, string? newUserName, string? description, CancellationToken ct) =>
        client.SendAsync(ApiCall.Put($"/porpoise/v1/users/{userName}", ("newUserName", newUserName), ("description", description)), IdentityJson.Default.User, ct);

    public Task DeleteAsync(string userName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/users/{userName}"), ct);

    /// <summary>Ends the sessions that were begun with the old one.</summary>
    public Task SetPasswordAsync(string userName, string password, CancellationToken ct) => client.SendAsync(ApiCall.Put($"/porpoise/v1/users/{userName}/password", ("password", password)), ct);

    public Task RemovePasswordAsync(string userName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/users/{userName}/password"), ct);

    public Task<Page<Group>> ListGroupsAsync(string userName, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/users/{userName}/groups", ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.GroupPage, ct);
}
