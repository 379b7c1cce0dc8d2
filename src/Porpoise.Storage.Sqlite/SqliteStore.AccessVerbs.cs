using Porpoise.Core.Workflows;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Sqlite.Identities;

namespace Porpoise.Storage.Sqlite;

// The verbs of who may do what, and of who did what.
public sealed partial class SqliteStore
{
    public Task<PrincipalRow?> ReadPrincipalAsync(string id) => ReadAsync(s => PrincipalSql.Read(s, id));

    public Task<ChangeAccessResult> CreateIdentityAsync(IdentityRow identity, NonceRow? nonce) => ChangeAsync(nonce, s => PeopleSql.Create(s, identity));

    public Task<ChangeAccessResult> UpdateIdentityAsync(IdentityRow identity, NonceRow? nonce) => ChangeAsync(nonce, s => PeopleSql.Update(s, identity));

    public Task<ChangeAccessResult> SetOwnersPasswordAsync(string passwordHash, NonceRow? nonce) => ChangeAsync(nonce, s => IdentitySql.SetOwnersPassword(s, passwordHash));

    public Task<ChangeAccessResult> DeleteIdentityAsync(string id, NonceRow? nonce) => ChangeAsync(nonce, s => PeopleSql.Delete(s, id));

    public Task<IdentityRow?> FindIdentityAsync(IdentityKind kind, string name) => ReadAsync(s => PeopleSql.Find(s, kind, name));

    public Task<Page<IdentityRow>> ListIdentitiesAsync(IdentityKind kind, string? search, PageRequest page) => ReadAsync(s => PeopleSql.List(s, kind, search, page.Bounded));

    public Task<ChangeAccessResult> SetGroupUserAsync(string groupId, string userId, bool isIn, DateTimeOffset at, NonceRow? nonce) =>
        ChangeAsync(nonce, s => PeopleSql.SetGroupUser(s, groupId, userId, isIn, at));

    public Task<IReadOnlyList<IdentityRow>> ListGroupsOfUserAsync(string userId) => ReadAsync(s => PeopleSql.ListGroupsOfUser(s, userId));

    public Task<IReadOnlyList<IdentityRow>> ListUsersOfGroupAsync(string groupId) => ReadAsync(s => PeopleSql.ListUsersOfGroup(s, groupId));

    public Task<ChangeAccessResult> CreatePolicyAsync(PolicyRow policy, string document, NonceRow? nonce) => ChangeAsync(nonce, s => PolicySql.Create(s, policy, document));

    public Task<AddPolicyVersionResult> AddPolicyVersionAsync(string policyName, string document, bool isDefault, DateTimeOffset at, NonceRow? nonce) => WriteAsync(s =>
    {
        var added = IdentitySql.UseNonce(s, nonce) ? PolicySql.AddVersion(s, policyName, document, isDefault, at) : new AddPolicyVersionResult(ChangeAccessResult.NonceUsed, 0);
        return (added, added.Result == ChangeAccessResult.Changed);
    });

    public Task<ChangeAccessResult> SetDefaultPolicyVersionAsync(string policyName, int version, DateTimeOffset at, NonceRow? nonce) =>
        ChangeAsync(nonce, s => PolicySql.SetDefault(s, policyName, version, at));

    public Task<ChangeAccessResult> DeletePolicyVersionAsync(string policyName, int version, DateTimeOffset at, NonceRow? nonce) =>
        ChangeAsync(nonce, s => PolicySql.DeleteVersion(s, policyName, version, at));

    public Task<ChangeAccessResult> DeletePolicyAsync(string policyName, NonceRow? nonce) => ChangeAsync(nonce, s => PolicySql.Delete(s, policyName));

    public Task<PolicyRow?> FindPolicyAsync(string policyName) => ReadAsync(s => PolicySql.Find(s, policyName));

    public Task<IReadOnlyList<PolicyVersionRow>> ListPolicyVersionsAsync(string policyName) => ReadAsync(s => PolicySql.ListVersions(s, policyName));

    public Task<Page<PolicyRow>> ListPoliciesAsync(string? search, PageRequest page) => ReadAsync(s => PolicySql.List(s, search, page.Bounded));

    public Task<ChangeAccessResult> SetAttachmentAsync(string identityId, string policyName, bool isSystem, bool isAttached, DateTimeOffset at, NonceRow? nonce) =>
        ChangeAsync(nonce, s => PrincipalSql.SetAttachment(s, identityId, policyName, isSystem, isAttached, at));

    public Task<IReadOnlyList<AttachmentRow>> ListAttachmentsAsync(string identityId) => ReadAsync(s => PrincipalSql.ListAttachments(s, identityId));

    public Task<IReadOnlyList<IdentityRow>> ListAttachedAsync(string policyName, bool isSystem) => ReadAsync(s => PeopleSql.ListAttached(s, policyName, isSystem));

    public Task<ChangeAccessResult> CreateAccessKeyAsync(AccessKeyRow key, NonceRow? nonce) => ChangeAsync(nonce, s => CredentialSql.CreateAccessKey(s, key));

    public Task<ChangeAccessResult> SetAccessKeyActiveAsync(string accessKeyId, bool isActive, NonceRow? nonce) =>
        ChangeAsync(nonce, s => CredentialSql.SetAccessKeyActive(s, accessKeyId, isActive));

    public Task<ChangeAccessResult> DeleteAccessKeyAsync(string accessKeyId, NonceRow? nonce) => ChangeAsync(nonce, s => CredentialSql.DeleteAccessKey(s, accessKeyId));

    public Task<IReadOnlyList<AccessKeyRow>> ListAccessKeysAsync(string ownerId) => ReadAsync(s => CredentialSql.ListAccessKeys(s, ownerId));

    public Task<ChangeAccessResult> CreateApiTokenAsync(ApiTokenRow token, NonceRow? nonce) => ChangeAsync(nonce, s => CredentialSql.CreateApiToken(s, token));

    public Task<ChangeAccessResult> DeleteApiTokenAsync(string tokenId, NonceRow? nonce) => ChangeAsync(nonce, s => CredentialSql.DeleteApiToken(s, tokenId));

    public Task<ApiTokenRow?> FindApiTokenByIdAsync(string tokenId) => ReadAsync(s => CredentialSql.FindApiToken(s, tokenId));

    public Task<IReadOnlyList<ApiTokenRow>> ListApiTokensAsync(string ownerId) => ReadAsync(s => CredentialSql.ListApiTokens(s, ownerId));

    public Task SaveUsesAsync(IReadOnlyList<CredentialUse> uses) => uses.Count == 0 ? Task.CompletedTask : WriteAsync(s => Done(CredentialSql.SaveUses, s, uses));

    public Task<IReadOnlyList<AccessKeyRow>> ListAccessKeysAfterAsync(string after, int max) => ReadAsync(s => CredentialSql.ListAccessKeysAfter(s, after, max));

    public Task<bool> ReplaceSecretAsync(string accessKeyId, byte[] before, byte[] after) => WriteAsync(s => Same(CredentialSql.ReplaceSecret(s, accessKeyId, before, after)));

    public Task<ChangeAccessResult> SetMemberAsync(MemberRow member, NonceRow? nonce) => ChangeAsync(nonce, s => PrincipalSql.SetMember(s, member));

    public Task<ChangeAccessResult> RemoveMemberAsync(WorkspaceId workspace, string identityId, NonceRow? nonce) =>
        ChangeAsync(nonce, s => PrincipalSql.RemoveMember(s, workspace, identityId));

    public Task<IReadOnlyList<WorkspaceMember>> ListMembersAsync(WorkspaceId workspace) => ReadAsync(s => PrincipalSql.ListMembers(s, workspace));

    public Task AppendAuditAsync(IReadOnlyList<AuditRow> rows) => rows.Count == 0 ? Task.CompletedTask : WriteAsync(s => Done(AuditSql.Append, s, rows));

    public async Task<IReadOnlyList<AuditRow>> ListAuditAsync(AuditFilter filter, long? beforeId, int max)
    {
        var wanted = Math.Clamp(max, 0, IAuditStore.ListMax);
        var found = new List<AuditRow>();
        var lookedAt = 0;
        for (var before = beforeId ?? long.MaxValue; found.Count < wanted && lookedAt < IAuditStore.LookedAtMax;)
        {
            var bite = await ReadAsync(s => AuditSql.Look(s, filter, before, wanted - found.Count));
            found.AddRange(bite.Found);
            lookedAt += bite.LookedAt;
            if (bite.GoOnBefore is not { } next)
            {
                break;
            }

            before = next;
        }

        return found;
    }

    public Task<int> PruneAuditAsync(DateTimeOffset before, int max) => WriteAsync(s => (AuditSql.Prune(s, before, max), true));

    private static (bool Result, bool Keep) Done<T>(Action<WriterSession, T> write, WriterSession s, T value)
    {
        write(s, value);
        return (true, true);
    }

    /// <summary>A change that uses up its call's nonce, unless it is refused.</summary>
    private Task<ChangeAccessResult> ChangeAsync(NonceRow? nonce, Func<WriterSession, ChangeAccessResult> change) =>
        WriteAsync(s => Kept(IdentitySql.UseNonce(s, nonce) ? change(s) : ChangeAccessResult.NonceUsed, ChangeAccessResult.Changed));
}
