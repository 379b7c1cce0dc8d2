using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Identities;

/// <summary>
/// Who may do what: users, groups and roles, their policies, credentials and memberships. The account's owner is in <see cref="IIdentityStore"/>;
/// here only its access keys and tokens are, under the account's id. Each change is one transaction, with the nonce of its call.
/// </summary>
public interface IAccessStore
{
    /// <summary>Users of one account. (The limits are those of the cloud's RAM.)</summary>
    const int UsersMax = 5_000;

    const int GroupsMax = 300;

    const int RolesMax = 1_000;

    const int GroupsPerUserMax = 10;

    const int AccessKeysPerOwnerMax = 2;

    /// <summary>Tokens of one user, expired ones included.</summary>
    const int TokensPerOwnerMax = 50;

    /// <summary>Custom policies of one account.</summary>
    const int PoliciesMax = 1_500;

    const int PolicyVersionsMax = 5;

    const int SystemPoliciesPerIdentityMax = 20;

    const int CustomPoliciesPerIdentityMax = 10;

    const int MembersPerWorkspaceMax = 5_000;

    /// <summary>All that decisions about a user or a role need, read as it was at one moment. Null: there is no such user or role.</summary>
    Task<PrincipalRow?> ReadPrincipalAsync(string id);

    /// <summary>Refuses a taken name (of its kind, without case; for users also the owner's) and the first above the limit of its kind.</summary>
    Task<ChangeAccessResult> CreateIdentityAsync(IdentityRow identity, NonceRow? nonce);

    /// <summary>Replaces all but the id, the kind, the number and the time of creation of the identity with this id.</summary>
    Task<ChangeAccessResult> UpdateIdentityAsync(IdentityRow identity, NonceRow? nonce);

    /// <summary>Replaces the password of the account's owner.</summary>
    /// <param name="passwordHash">Salted and stretched.</param>
    Task<ChangeAccessResult> SetOwnersPasswordAsync(string passwordHash, NonceRow? nonce);

    /// <summary>Deletes it with its credentials, attachments and memberships. A group goes too while it has users: they leave it.</summary>
    Task<ChangeAccessResult> DeleteIdentityAsync(string id, NonceRow? nonce);

    /// <summary>By name, without case. Null: there is none.</summary>
    Task<IdentityRow?> FindIdentityAsync(IdentityKind kind, string name);

    /// <summary>By name; <paramref name="search"/> is a part of the name or the description.</summary>
    Task<Page<IdentityRow>> ListIdentitiesAsync(IdentityKind kind, string? search, PageRequest page);

    /// <summary>Puts a user into a group or takes it out; saying what is so already changes nothing.</summary>
    Task<ChangeAccessResult> SetGroupUserAsync(string groupId, string userId, bool isIn, DateTimeOffset at, NonceRow? nonce);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<IdentityRow>> ListGroupsOfUserAsync(string userId);

    /// <summary>By name; at most <see cref="UsersMax"/>.</summary>
    Task<IReadOnlyList<IdentityRow>> ListUsersOfGroupAsync(string groupId);

    /// <summary>A custom policy with its first version, which is its default.</summary>
    Task<ChangeAccessResult> CreatePolicyAsync(PolicyRow policy, string document, NonceRow? nonce);

    /// <summary>Refuses a sixth version. The number is the next that the policy never had.</summary>
    Task<AddPolicyVersionResult> AddPolicyVersionAsync(string policyName, string document, bool isDefault, DateTimeOffset at, NonceRow? nonce);

    Task<ChangeAccessResult> SetDefaultPolicyVersionAsync(string policyName, int version, DateTimeOffset at, NonceRow? nonce);

    /// <summary>The default version stays: <see cref="ChangeAccessResult.InUse"/>.</summary>
    Task<ChangeAccessResult> DeletePolicyVersionAsync(string policyName, int version, DateTimeOffset at, NonceRow? nonce);

    /// <summary>A policy that is attached stays: <see cref="ChangeAccessResult.InUse"/>.</summary>
    Task<ChangeAccessResult> DeletePolicyAsync(string policyName, NonceRow? nonce);

    /// <summary>Null: no custom policy has this name. Names are compared with case.</summary>
    Task<PolicyRow?> FindPolicyAsync(string policyName);

    /// <summary>Newest first; empty when there is no such policy.</summary>
    Task<IReadOnlyList<PolicyVersionRow>> ListPolicyVersionsAsync(string policyName);

    /// <summary>Custom policies by name.</summary>
    Task<Page<PolicyRow>> ListPoliciesAsync(string? search, PageRequest page);

    /// <summary>Attaches a policy to an identity or detaches it; each kind has a limit of its own. Saying what is so already changes nothing. A system policy need not be in the store.</summary>
    Task<ChangeAccessResult> SetAttachmentAsync(string identityId, string policyName, bool isSystem, bool isAttached, DateTimeOffset at, NonceRow? nonce);

    /// <summary>By name of the policy.</summary>
    Task<IReadOnlyList<AttachmentRow>> ListAttachmentsAsync(string identityId);

    /// <summary>The identities that a policy is attached to, by kind and name; at most <see cref="UsersMax"/>.</summary>
    Task<IReadOnlyList<IdentityRow>> ListAttachedAsync(string policyName, bool isSystem);

    /// <summary>Refuses the third key of an owner, who must be the account or a user.</summary>
    Task<ChangeAccessResult> CreateAccessKeyAsync(AccessKeyRow key, NonceRow? nonce);

    Task<ChangeAccessResult> SetAccessKeyActiveAsync(string accessKeyId, bool isActive, NonceRow? nonce);

    Task<ChangeAccessResult> DeleteAccessKeyAsync(string accessKeyId, NonceRow? nonce);

    /// <summary>In the order in which they were created.</summary>
    Task<IReadOnlyList<AccessKeyRow>> ListAccessKeysAsync(string ownerId);

    Task<ChangeAccessResult> CreateApiTokenAsync(ApiTokenRow token, NonceRow? nonce);

    Task<ChangeAccessResult> DeleteApiTokenAsync(string tokenId, NonceRow? nonce);

    /// <summary>Null: no such token.</summary>
    Task<ApiTokenRow?> FindApiTokenByIdAsync(string tokenId);

    /// <summary>In the order in which they were created.</summary>
    Task<IReadOnlyList<ApiTokenRow>> ListApiTokensAsync(string ownerId);

    /// <summary>When credentials were last used; a time older than the stored one changes nothing, and neither does a credential that is gone.</summary>
    Task SaveUsesAsync(IReadOnlyList<CredentialUse> uses);

    /// <summary>Access keys in the order of their ids, from the first after <paramref name="after"/>; for encrypting them anew.</summary>
    Task<IReadOnlyList<AccessKeyRow>> ListAccessKeysAfterAsync(string after, int max);

    /// <summary>Replaces an encrypted secret if it is still the one that was read.</summary>
    Task<bool> ReplaceSecretAsync(string accessKeyId, byte[] before, byte[] after);

    /// <summary>Gives a user or a role its role in a workspace, in place of the one that it had; who was a member already keeps the time at which it was added.</summary>
    Task<ChangeAccessResult> SetMemberAsync(MemberRow member, NonceRow? nonce);

    Task<ChangeAccessResult> RemoveMemberAsync(WorkspaceId workspace, string identityId, NonceRow? nonce);

    /// <summary>By name; at most <see cref="MembersPerWorkspaceMax"/>.</summary>
    Task<IReadOnlyList<WorkspaceMember>> ListMembersAsync(WorkspaceId workspace);
}

/// <summary>What came of a change to identities, policies or credentials.</summary>
public enum ChangeAccessResult
{
    Changed,

    /// <summary>One of the things that the call names does not exist.</summary>
    NotFound,

    NameTaken,

    /// <summary>There are as many as there may be.</summary>
    TooMany,

    /// <summary>Something else needs it.</summary>
    InUse,

    /// <summary>The nonce was used before.</summary>
    NonceUsed,
}

/// <summary>What came of a new version of a policy.</summary>
/// <param name="Version">Its number; 0 unless <paramref name="Result"/> is <see cref="ChangeAccessResult.Changed"/>.</param>
public readonly record struct AddPolicyVersionResult(ChangeAccessResult Result, int Version);
