using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Identities;

/// <summary>Who exists: the account, its access keys and tokens, its workspaces. And which nonces were used.</summary>
public interface IIdentityStore
{
    /// <summary>Writes the root account with its first key, token and workspace, all or nothing. False: there is one already.</summary>
    Task<bool> CreateRootAsync(RootAccountRow root, AccessKeyRow key, ApiTokenRow token, WorkspaceRow workspace);

    /// <summary>Null: none yet.</summary>
    Task<RootAccountRow?> FindRootAsync();

    /// <summary>Null: no such key.</summary>
    Task<AccessKeyRow?> FindAccessKeyAsync(string accessKeyId);

    /// <summary>Null: no such token.</summary>
    Task<ApiTokenRow?> FindApiTokenAsync(string tokenHash);

    /// <summary>All workspaces; there are few.</summary>
    Task<IReadOnlyList<WorkspaceRow>> ListWorkspacesAsync();

    /// <summary>Uses up a nonce, for a call whose own writes come later. False: it was used before.</summary>
    Task<bool> UseNonceAsync(NonceRow nonce);

    /// <summary>The nonces of committed calls that may still be replayed, at most <paramref name="max"/>, those kept longest first.</summary>
    Task<IReadOnlyList<NonceRow>> ListNoncesAsync(DateTimeOffset now, int max);

    /// <summary>Forgets the nonces that need not be kept any more and the idempotency keys used before <paramref name="tokensBefore"/>. Returns how many rows went.</summary>
    Task<int> PruneAsync(DateTimeOffset now, DateTimeOffset tokensBefore, int max);
}

/// <summary>The owner of the installation.</summary>
/// <param name="PasswordHash">Salted and stretched; see the hasher in Porpoise.Access.</param>
public sealed record RootAccountRow(string AccountId, string UserName, string PasswordHash, DateTimeOffset CreatedAt);

/// <summary>An access key; the secret is encrypted under the master key.</summary>
public sealed record AccessKeyRow(string AccessKeyId, string AccountId, byte[] EncryptedSecret, bool IsActive, DateTimeOffset CreatedAt);

/// <summary>A token for the header <c>token</c>; only its hash is kept.</summary>
public sealed record ApiTokenRow(string TokenHash, string AccountId, DateTimeOffset CreatedAt);

/// <summary>A workspace, and the numeric project code that names the same workspace to DolphinScheduler clients.</summary>
public sealed record WorkspaceRow(WorkspaceId Id, long ProjectCode, string Name, DateTimeOffset CreatedAt);

/// <summary>A nonce that a signed call used up, by its hash.</summary>
/// <param name="KeepUntil">From then on the call's date is too old for a replay.</param>
public sealed record NonceRow(string AccessKeyId, byte[] Hash, DateTimeOffset KeepUntil);
