using Porpoise.Client.Calls;

namespace Porpoise.Client.Identities;

/// <summary>Access keys and tokens, of users and of the account's owner under its own name.</summary>
public sealed class CredentialClient(PorpoiseClient client)
{
    public Task<Page<AccessKey>> ListKeysAsync(string userName, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/users/{userName}/access-keys", ("pageSize", PageChoice.SizeMax)), IdentityJson.Default.AccessKeyPage, ct);

    /// <summary>The only answer with the key's secret.</summary>
    public Task<AccessKey> CreateKeyAsync(string userName, CancellationToken ct) => client.SendAsync(ApiCall.Post($"/porpoise/v1/users/{userName}/access-keys"), IdentityJson.Default.AccessKey, ct);

    public Task<AccessKey> SetKeyStatusAsync(string accessKeyId, bool isActive, CancellationToken ct) =>
        client.SendAsync(ApiCall.Put($"/porpoise/v1/access-keys/{accessKeyId}", ("status", isActive ? "Active" : "Inactive")), IdentityJson.Default.AccessKey, ct);

    public Task DeleteKeyAsync(string accessKeyId, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/access-keys/{accessKeyId}"), ct);

    public Task<Page<ApiToken>> ListTokensAsync(string userName, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/users/{userName}/tokens", ("pageSize", PageChoice.SizeMax)), IdentityJson.Default.ApiTokenPage, ct);

    /// <summary>The only answer with the token's text.</summary>
    /// <param name="expiresIn">Null: it does not expire.</param>
    public Task<ApiToken> CreateTokenAsync(string userName, string name, TimeSpan? expiresIn, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/users/{userName}/tokens", ("name", name), ("expiresInSeconds", (long?)expiresIn?.TotalSeconds)), IdentityJson.Default.ApiToken, ct);

    public Task DeleteTokenAsync(string tokenId, CancellationToken ct) => client.SendAsync(ApiCall.Delete($"/porpoise/v1/tokens/{tokenId}"), ct);
}
