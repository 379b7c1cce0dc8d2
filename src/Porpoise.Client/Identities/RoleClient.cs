using Porpoise.Client.Calls;

namespace Porpoise.Client.Identities;

/// <summary>Roles: whoever their trust policy trusts gets a temporary key that may do what the role may.</summary>
public sealed class RoleClient(PorpoiseClient client)
{
    public Task<Page<Role>> ListAsync(string? search, PageChoice page, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/roles", ("search", search), ("pageNo", page.Number), ("pageSize", page.Size)), IdentityJson.Default.RolePage, ct);

    public Task<Role> CreateAsync(string roleName, string trustPolicy, int? maxSessionSeconds, string? description, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/roles", ("roleName", roleName), ("trustPolicy", trustPolicy), ("maxSessionSeconds", maxSessionSeconds), ("description", description)), IdentityJson.Default.Role, ct);

    public Task<RoleDetail> GetAsync(string roleName, CancellationToken ct) => client.SendAsync(ApiCall.Get($"/porpoise/v1/roles/{roleName}"), IdentityJson.Default.RoleDetail, ct);

    /// <summary>Changes what is not null.</summary>
    public Task<Role> UpdateAsync(string roleName, string? trustPolicy, int? maxSessionSeconds, string? description, CancellationToken ct) => client.SendAsync(
        ApiCall.Put($"/porpoise/v1/roles/{roleName}", ("trustPolicy", trustPolicy), ("maxSessionSeconds", maxSessionSeconds), ("description", description)), IdentityJson.Default.Role, ct);

    public Task DeleteAsync(string roleName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/roles/{roleName}"), ct);
}
