namespace Porpoise.Client.Identities;

/// <summary>A user of the account. <paramref name="Number"/> is what DolphinScheduler's clients know it by.</summary>
public sealed record User(string UserId, string UserName, string Arn, int Number, string Description, bool HasPassword, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A user and what it belongs to.</summary>
public sealed record UserDetail(User User, IReadOnlyList<string> Groups, IReadOnlyList<PolicyAttachment> Policies, IReadOnlyList<Membership> Workspaces);

/// <summary>A group of users.</summary>
public sealed record Group(string GroupId, string GroupName, string Arn, string Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A group and what is attached to it.</summary>
public sealed record GroupDetail(Group Group, IReadOnlyList<PolicyAttachment> Policies);

/// <summary>A role. <paramref name="TrustPolicy"/> is JSON text.</summary>
public sealed record Role(string RoleId, string RoleName, string Arn, string Description, string TrustPolicy, int MaxSessionSeconds, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A role, what is attached to it, and where it is a member.</summary>
public sealed record RoleDetail(Role Role, IReadOnlyList<PolicyAttachment> Policies, IReadOnlyList<Membership> Workspaces);

/// <summary>A policy that is attached to somebody.</summary>
public sealed record PolicyAttachment(string PolicyName, string PolicyType, DateTimeOffset AttachedAt);

/// <summary>A role in a workspace.</summary>
public sealed record Membership(string WorkspaceId, string WorkspaceName, long ProjectCode, string Role);

/// <summary>A policy; times are null for those that come with the product.</summary>
public sealed record Policy(string PolicyName, string PolicyType, string Description, string DefaultVersion, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);

/// <summary>A policy with the text in force.</summary>
public sealed record PolicyDetail(Policy Policy, string Document);

/// <summary>A version of a policy.</summary>
public sealed record PolicyVersion(string PolicyName, int Version, bool IsDefault, string Document, DateTimeOffset? CreatedAt);

/// <summary>Whom a policy is attached to.</summary>
public sealed record PolicyHolder(string Kind, string Name, string Arn);

/// <summary>Whether somebody may do something, and why.</summary>
/// <param name="ByPolicies">Allow, ImplicitDeny or ExplicitDeny.</param>
/// <param name="InWorkspace">What the role in the workspace says; null when none was asked about.</param>
public sealed record AccessCheck(bool Allowed, string ByPolicies, bool? InWorkspace, string Action, string Resource, IReadOnlyList<string> Explanation);

/// <summary>An access key; the secret only right after its creation.</summary>
public sealed record AccessKey(string AccessKeyId, string UserName, string Status, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, string? AccessKeySecret = null)
{
    /// <summary>Without the secret, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>A token; its text only right after its creation.</summary>
public sealed record ApiToken(string TokenId, string UserName, string Name, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, string? Token = null)
{
    /// <summary>Without its text, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => TokenId;
}

/// <summary>Somebody whom policies are attached to, or who is a member of a workspace: a user, a group or a role by its name.</summary>
/// <param name="Kind">user, group or role.</param>
public sealed record IdentityName(string Kind, string Name)
{
    public static IdentityName User(string name) => new("user", name);

    public static IdentityName Group(string name) => new("group", name);

    public static IdentityName Role(string name) => new("role", name);
}
