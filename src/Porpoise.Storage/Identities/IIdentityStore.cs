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
/// <param name="OwnerId">The account's id for its owner, otherwise a user's id.</param>
public sealed record AccessKeyRow(string AccessKeyId, string OwnerId, byte[] EncryptedSecret, bool IsActive, DateTimeOffset CreatedAt)
{
    /// <summary>Null: never. Written once a minute at most.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A token for the header <c>token</c>; only its hash is kept.</summary>
/// <param name="TokenId">Names it to people; not a secret.</param>
/// <param name="OwnerId">The account's id for its owner, otherwise a user's id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record ApiTokenRow(string TokenId, string TokenHash, string OwnerId, string Name, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt)
{
    /// <summary>Null: never. Written once a minute at most.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>A workspace, and the numeric project code that names the same workspace to DolphinScheduler clients.</summary>
public sealed record WorkspaceRow(WorkspaceId Id, long ProjectCode, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>Dense number, for clients that expect an int32 beside the code. The store gives it; in what is to be created it does not count.</summary>
    public int Number { get; init; }

    public string Description { get; init; } = "";

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;
}

/// <summary>A nonce that a signed call used up, by its hash.</summary>
/// <param name="KeepUntil">From then on the call's date is too old for a replay.</param>
public sealed record NonceRow(string AccessKeyId, byte[] Hash, DateTimeOffset KeepUntil);
