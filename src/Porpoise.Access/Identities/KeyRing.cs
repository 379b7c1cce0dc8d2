using System.Collections.Concurrent;
using Porpoise.Access.Secrets;
using Porpoise.Storage.Identities;

namespace Porpoise.Access.Identities;

/// <summary>An access key that is ready for verifying signatures.</summary>
public sealed record SigningKey(string AccessKeyId, byte[] Secret, bool IsActive, Principal Principal);

/// <summary>Finds who an access key or a token belongs to. What was found once is kept: there is a handful, and every call needs one.</summary>
public sealed class KeyRing(IIdentityStore store, MasterKey masterKey)
{
    /// <summary>Keys and tokens kept; when there are more, all are forgotten and read again as they are used.</summary>
    public const int KeptMax = 10_000;

    private readonly ConcurrentDictionary<string, SigningKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Principal> _tokens = new(StringComparer.Ordinal);

    /// <summary>Null: no such key.</summary>
    public async ValueTask<SigningKey?> FindKeyAsync(string accessKeyId)
    {
        if (_keys.TryGetValue(accessKeyId, out var known))
        {
            return known;
        }

        if (await store.FindAccessKeyAsync(accessKeyId) is not { } row || await FindPrincipalAsync(row.AccountId) is not { } principal)
        {
            return null;
        }

        var key = new SigningKey(accessKeyId, masterKey.Decrypt(row.EncryptedSecret, accessKeyId), row.IsActive, principal);
        Keep(_keys, accessKeyId, key);
        return key;
    }

    /// <summary>Null: no such token.</summary>
    public async ValueTask<Principal?> FindTokenAsync(string token)
    {
        var hash = RootAccount.HashToken(token);
        if (_tokens.TryGetValue(hash, out var known))
        {
            return known;
        }

        if (await store.FindApiTokenAsync(hash) is not { } row || await FindPrincipalAsync(row.AccountId) is not { } principal)
        {
            return null;
        }

        Keep(_tokens, hash, principal);
        return principal;
    }

    private async Task<Principal?> FindPrincipalAsync(string accountId) =>
        await store.FindRootAsync() is { } root && root.AccountId == accountId ? new Principal(root.AccountId, root.UserName) { IsRoot = true } : null;

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string name, T value)
    {
        if (kept.Count >= KeptMax)
        {
            kept.Clear();
        }

        kept[name] = value;
    }
}
