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

    /// <summary>Gets a key that may do what the role may, and ends by itself. The caller's policies have to allow it, and the role has to trust the caller.</summary>
    /// <param name="role">Its name, or its ARN.</param>
    /// <param name="request">Under which name, for how long, and with which bounds.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<TemporaryKey> AssumeAsync(string role, AssumeRequest request, CancellationToken ct)
    {
        var arn = role.StartsWith("acs:", StringComparison.Ordinal) ? role : $"acs:ram::{(await WhoAmIAsync(ct)).AccountId}:role/{role}";
        var assumed = await client.SendAsync(
            ApiCall.Post(
                $"/?Action=AssumeRole&Version=2015-04-01", ("RoleArn", arn), ("RoleSessionName", request.SessionName),
                ("DurationSeconds", request.Duration is { } duration ? (int)duration.TotalSeconds : null), ("Policy", request.Policy), ("ExternalId", request.ExternalId)),
            StsJson.Default.AssumedRole, ct);
        return assumed.Credentials;
    }

    /// <summary>Who calls, as the server knows it.</summary>
    public Task<CallerIdentity> WhoAmIAsync(CancellationToken ct) => client.SendAsync(ApiCall.Post($"/?Action=GetCallerIdentity&Version=2015-04-01"), StsJson.Default.CallerIdentity, ct);

    public Task DeleteAsync(string roleName, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/roles/{roleName}"), ct);
}
