using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Porpoise.Access.Secrets;
using Porpoise.Core.Policies;
using Porpoise.Core.Policies.SystemPolicies;
using Porpoise.Storage.Identities;

namespace Porpoise.Access.Identities;

/// <summary>An access key that is ready for verifying signatures.</summary>
public sealed record SigningKey(string AccessKeyId, byte[] Secret, bool IsActive, Principal Principal)
{
    /// <summary>Of a temporary key: from then on it is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Names the key only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>A token that is known here.</summary>
public sealed record KnownToken(string TokenId, DateTimeOffset? ExpiresAt, Principal Principal);

/// <summary>
/// Finds who an access key or a token belongs to, and what that caller may do. What was found once is kept, because every call needs it; whoever changes
/// identities, policies or credentials calls <see cref="Forget"/> after its commit, so that a revoked right ends with the answer to the revocation.
/// </summary>
public sealed partial class KeyRing(IIdentityStore identities, IAccessStore access, MasterKey masterKey, TimeProvider clock, ILogger<KeyRing> log)
{
    /// <summary>Of each kind; when there are more, all are forgotten and read again as they are used.</summary>
    public const int KeptMax = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _uses = new(StringComparer.Ordinal);

    // Forgetting replaces the whole: who was reading rows meanwhile keeps what it read in the old one, where nobody looks any more.
    private volatile Memory _memory = new();

    public void Forget() => _memory = new Memory();

    /// <summary>Null: no such key.</summary>
    public async ValueTask<SigningKey?> FindKeyAsync(string accessKeyId)
    {
        var memory = _memory;
        if (!memory.Keys.TryGetValue(accessKeyId, out var key))
        {
            if (await identities.FindAccessKeyAsync(accessKeyId) is not { } row || await FindPrincipalAsync(memory, row.OwnerId) is not { } principal)
            {
                return null;
            }

            key = new SigningKey(accessKeyId, masterKey.Decrypt(row.EncryptedSecret, accessKeyId), row.IsActive, principal);
            Keep(memory.Keys, accessKeyId, key);
        }

        return key;
    }

    /// <summary>Null: no such token.</summary>
    public async ValueTask<KnownToken?> FindTokenAsync(string token)
    {
        var memory = _memory;
        var hash = RootAccount.HashToken(token);
        if (!memory.Tokens.TryGetValue(hash, out var known))
        {
            if (await identities.FindApiTokenAsync(hash) is not { } row || await FindPrincipalAsync(memory, row.OwnerId) is not { } principal)
            {
                return null;
            }

            known = new KnownToken(row.TokenId, row.ExpiresAt, principal);
            Keep(memory.Tokens, hash, known);
        }

        return known;
    }

    /// <summary>The key that a security token speaks of. Null: the token is none, or its role is gone.</summary>
    public async ValueTask<SigningKey?> FindTemporaryKeyAsync(string securityToken)
    {
        if (securityToken.Length > TemporaryKey.TokenLengthMax)
        {
            return null;
        }

        var memory = _memory;
        var hash = RootAccount.HashToken(securityToken);
        if (!memory.TemporaryKeys.TryGetValue(hash, out var key))
        {
            if (TemporaryKey.FromToken(securityToken, masterKey) is not { } temporary
                || await FindPrincipalAsync(memory, temporary.RoleId) is not { Kind: CallerKind.AssumedRole } role)
            {
                return null;
            }

            var principal = new Principal(role.AccountId, CallerKind.AssumedRole, role.Id, $"{role.UserName}:{temporary.SessionName}")
            {
                Policies = role.Policies,
                Memberships = role.Memberships,
                SessionPolicy = temporary.SessionPolicy is { } text ? PolicyReader.ReadStored(text, PolicyKind.Session, out _) : null,
            };
            key = new SigningKey(temporary.AccessKeyId, System.Text.Encoding.UTF8.GetBytes(temporary.Secret), IsActive: true, principal) { ExpiresAt = temporary.ExpiresAt };
            Keep(memory.TemporaryKeys, hash, key);
        }

        return key;
    }

    /// <summary>By the id of the account, of a user or of a role (without a session). Null: there is none.</summary>
    public ValueTask<Principal?> FindPrincipalAsync(string id) => FindPrincipalAsync(_memory, id);

    /// <summary>Remembers that a credential was used; see <see cref="TakeUses"/>.</summary>
    public void NoteUse(string id)
    {
        var now = clock.GetUtcNow();
        if (_uses.Count < KeptMax || _uses.ContainsKey(id))
        {
            _uses[id] = now;
        }
    }

    /// <summary>The credentials used since it was asked last, for writing them down.</summary>
    public IReadOnlyList<CredentialUse> TakeUses()
    {
        var taken = new List<CredentialUse>();
        foreach (var (id, _) in _uses)
        {
            if (_uses.TryRemove(id, out var at))
            {
                taken.Add(new CredentialUse(id, at));
            }
        }

        return taken;
    }

    private static void Keep<T>(ConcurrentDictionary<string, T> kept, string name, T value)
    {
        if (kept.Count >= KeptMax)
        {
            kept.Clear();
        }

        kept[name] = value;
    }

    private async ValueTask<Principal?> FindPrincipalAsync(Memory memory, string id)
    {
        if (memory.Principals.TryGetValue(id, out var known))
        {
            return known;
        }

        if (await identities.FindRootAsync() is not { } root)
        {
            return null;
        }

        if (root.AccountId == id)
        {
            known = new Principal(root.AccountId, CallerKind.Owner, root.AccountId, root.UserName);
        }
        else if (await access.ReadPrincipalAsync(id) is { } row)
        {
            known = new Principal(root.AccountId, row.Identity.Kind == IdentityKind.Role ? CallerKind.AssumedRole : CallerKind.User, id, row.Identity.Name)
            {
                Policies = [.. row.Grants.Select(Attach).OfType<AttachedPolicy>()],
                Memberships = row.Memberships.ToFrozenDictionary(m => m.Workspace, m => m.Role),
            };
        }
        else
        {
            return null;
        }

        Keep(memory.Principals, id, known);
        return known;
    }

    /// <summary>Null: a system policy that this version does not have. It allowed something, and now does not.</summary>
    private AttachedPolicy? Attach(GrantRow grant)
    {
        if (grant.Document is null)
        {
            if (SystemPolicy.Find(grant.PolicyName)?.AttachTo(grant.AttachedTo) is { } attached)
            {
                return attached;
            }

            LogUnknownPolicy(grant.PolicyName, grant.AttachedTo);
            return null;
        }

        var document = PolicyReader.ReadStored(grant.Document, PolicyKind.Identity, out var faults);
        foreach (var fault in faults)
        {
            LogFault(grant.PolicyName, grant.Version, fault.Place, fault.Message);
        }

        return new AttachedPolicy(grant.PolicyName, IsSystem: false, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{grant.Version}"), grant.AttachedTo, document);
    }

    [LoggerMessage(LogLevel.Warning, "The system policy {Policy}, attached to {Whom}, is unknown to this version: it allows nothing")]
    private partial void LogUnknownPolicy(string policy, string whom);

    [LoggerMessage(LogLevel.Warning, "Policy {Policy} v{Version}, {Place}: {Fault} What is not understood allows nothing, and denies")]
    private partial void LogFault(string policy, int version, string place, string fault);

    private sealed class Memory
    {
        public ConcurrentDictionary<string, SigningKey> Keys { get; } = new(StringComparer.Ordinal);

        /// <summary>By the hash of their security token. Not among the others: nobody shall have such a key by naming it, without its end being looked at.</summary>
        public ConcurrentDictionary<string, SigningKey> TemporaryKeys { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, KnownToken> Tokens { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, Principal> Principals { get; } = new(StringComparer.Ordinal);
    }
}
