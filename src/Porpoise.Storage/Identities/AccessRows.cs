using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Identities;

/// <summary>What policies can be attached to. The numbers are stored.</summary>
public enum IdentityKind
{
    User = 0,
    Group = 1,
    Role = 2,
}

/// <summary>A user, a group or a role.</summary>
/// <param name="Id">Digits; never used again.</param>
/// <param name="Name">Unique in its kind, without case.</param>
public sealed record IdentityRow(IdentityKind Kind, string Id, string Name, string Description, DateTimeOffset CreatedAt)
{
    /// <summary>Dense number from 2 on, for clients that know users by an int32 (the account's owner is 1). The store gives it; in what is to be created it does not count.</summary>
    public int Number { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;

    /// <summary>Of users who may sign in at the console; salted and stretched.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Of roles: who may assume it, as JSON.</summary>
    public string? TrustPolicy { get; init; }

    /// <summary>Of roles: how long a session may last, in seconds.</summary>
    public int? SessionSecondsMax { get; init; }
}

/// <summary>A user or a role with all that decides what it may do.</summary>
/// <param name="Grants">Its own policies and those of its groups, in the versions in force.</param>
/// <param name="Memberships">Its roles in workspaces.</param>
public sealed record PrincipalRow(IdentityRow Identity, IReadOnlyList<GrantRow> Grants, IReadOnlyList<MemberRow> Memberships);

/// <summary>A policy in force.</summary>
/// <param name="AttachedTo">Whom it is attached to, such as <c>user/ann</c> or <c>group/data</c>.</param>
/// <param name="Version">0 for a system policy, whose text is not in the store.</param>
/// <param name="Document">Null for a system policy.</param>
public sealed record GrantRow(string PolicyName, bool IsSystem, string AttachedTo, int Version, string? Document);

/// <summary>A custom policy.</summary>
/// <param name="DefaultVersion">The version in force; 1 when it is created.</param>
public sealed record PolicyRow(string Name, string Description, int DefaultVersion, DateTimeOffset CreatedAt)
{
    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;
}

/// <summary>An immutable version of a custom policy.</summary>
public sealed record PolicyVersionRow(string PolicyName, int Version, string Document, bool IsDefault, DateTimeOffset CreatedAt);

/// <summary>A policy on an identity.</summary>
public sealed record AttachmentRow(string PolicyName, bool IsSystem, DateTimeOffset AttachedAt);

/// <summary>That a credential was used.</summary>
/// <param name="Id">Of an access key or of a token.</param>
public readonly record struct CredentialUse(string Id, DateTimeOffset At);

/// <summary>A role of a user (or of an assumed role) in a workspace.</summary>
public sealed record MemberRow(WorkspaceId Workspace, string IdentityId, WorkspaceRole Role, DateTimeOffset AddedAt);

/// <summary>A member with its name.</summary>
public sealed record WorkspaceMember(IdentityKind Kind, string Name, MemberRow Row);
