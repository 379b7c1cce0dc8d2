using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Access.Identities;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Policies.SystemPolicies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>A user. <c>UserId</c> is of the account's kind, <c>Number</c> that of DolphinScheduler's clients.</summary>
internal sealed record UserView(string UserId, string UserName, string Arn, int Number, string Description, bool HasPassword, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static UserView Of(IdentityRow user, Call call) => new(
        user.Id, user.Name, Arns.User(call.Principal.AccountId, user.Name), user.Number, user.Description, user.PasswordHash is not null, user.CreatedAt, user.UpdatedAt);
}

internal sealed record UserDetail(UserView User, IReadOnlyList<string> Groups, IReadOnlyList<AttachmentView> Policies, IReadOnlyList<MembershipView> Workspaces);

internal sealed record GroupView(string GroupId, string GroupName, string Arn, string Description, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static GroupView Of(IdentityRow group, Call call) =>
        new(group.Id, group.Name, Arns.Group(call.Principal.AccountId, group.Name), group.Description, group.CreatedAt, group.UpdatedAt);
}

internal sealed record GroupDetail(GroupView Group, IReadOnlyList<AttachmentView> Policies);

/// <summary>A role. <c>TrustPolicy</c> is JSON text.</summary>
internal sealed record RoleView(string RoleId, string RoleName, string Arn, string Description, string TrustPolicy, int MaxSessionSeconds, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static RoleView Of(IdentityRow role, Call call) => new(
        role.Id, role.Name, Arns.Role(call.Principal.AccountId, role.Name), role.Description, role.TrustPolicy ?? "", role.SessionSecondsMax ?? 0, role.CreatedAt, role.UpdatedAt);
}

internal sealed record RoleDetail(RoleView Role, IReadOnlyList<AttachmentView> Policies, IReadOnlyList<MembershipView> Workspaces);

/// <summary>A policy on a user, a group or a role.</summary>
internal sealed record AttachmentView(string PolicyName, string PolicyType, DateTimeOffset AttachedAt)
{
    public static async Task<IReadOnlyList<AttachmentView>> ListAsync(IAccessStore access, string identityId) =>
        [.. (await access.ListAttachmentsAsync(identityId)).Select(a => new AttachmentView(a.PolicyName, PolicyView.TypeOf(a.IsSystem), a.AttachedAt))];
}

/// <summary>Whom a policy is attached to.</summary>
internal sealed record AttachedView(string Kind, string Name, string Arn)
{
    public static AttachedView Of(IdentityRow identity, Call call) =>
        new(IdentityNames.WordOf(identity.Kind), identity.Name, IdentityNames.ArnOf(call.Principal.AccountId, identity.Kind, identity.Name));
}

/// <summary>A role in a workspace; <c>ProjectCode</c> names it to DolphinScheduler's clients.</summary>
internal sealed record MembershipView(string WorkspaceId, string WorkspaceName, long ProjectCode, string Role)
{
    public static MembershipView Of(MemberRow member, WorkspaceDirectory workspaces)
    {
        var workspace = workspaces.Find(member.Workspace.Value);
        return new MembershipView(member.Workspace.Value, workspace?.Name ?? "", workspace?.ProjectCode ?? 0, member.Role.ToString());
    }
}

/// <summary>A policy; times are null for those that come with the product.</summary>
internal sealed record PolicyView(string PolicyName, string PolicyType, string Description, string DefaultVersion, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    public static PolicyView Of(PolicyRow policy) =>
        new(policy.Name, TypeOf(isSystem: false), policy.Description, string.Create(CultureInfo.InvariantCulture, $"v{policy.DefaultVersion}"), policy.CreatedAt, policy.UpdatedAt);

    public static PolicyView Of(SystemPolicy policy) => new(policy.Name, TypeOf(isSystem: true), policy.Description, policy.Version, CreatedAt: null, UpdatedAt: null);

    public static string TypeOf(bool isSystem) => isSystem ? "System" : "Custom";
}

internal sealed record PolicyDetail(PolicyView Policy, string Document);

internal sealed record PolicyVersionView(string PolicyName, int Version, bool IsDefault, string Document, DateTimeOffset? CreatedAt)
{
    public static PolicyVersionView Of(PolicyVersionRow row) => new(row.PolicyName, row.Version, row.IsDefault, row.Document, row.CreatedAt);
}

/// <summary>An access key; the secret only in the answer to its creation.</summary>
internal sealed record AccessKeyView(string AccessKeyId, string UserName, string Status, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessKeySecret { get; init; }

    public static AccessKeyView Of(AccessKeyRow key, string userName) => new(key.AccessKeyId, userName, key.IsActive ? "Active" : "Inactive", key.CreatedAt, key.LastUsedAt);

    /// <summary>Without the secret, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccessKeyId;
}

/// <summary>A token; its text only in the answer to its creation.</summary>
internal sealed record TokenView(string TokenId, string UserName, string Name, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public static TokenView Of(ApiTokenRow token, string userName) => new(token.TokenId, userName, token.Name, token.ExpiresAt, token.CreatedAt, token.LastUsedAt);

    /// <summary>Without its text, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => TokenId;
}

/// <summary>A member of a workspace.</summary>
internal sealed record MemberView(string Kind, string Name, string Arn, string Role, DateTimeOffset AddedAt)
{
    public static MemberView Of(WorkspaceMember member, Call call) => new(
        IdentityNames.WordOf(member.Kind), member.Name, IdentityNames.ArnOf(call.Principal.AccountId, member.Kind, member.Name), member.Row.Role.ToString(), member.Row.AddedAt);
}

/// <summary>Whether somebody may do something, and why.</summary>
/// <param name="ByPolicies">What the policies say: Allow, ImplicitDeny or ExplicitDeny.</param>
/// <param name="InWorkspace">What the role in the workspace says; null when no workspace was asked about.</param>
internal sealed record AccessCheckView(bool Allowed, string ByPolicies, bool? InWorkspace, string Action, string Resource, IReadOnlyList<string> Explanation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(UserDetail))]
[JsonSerializable(typeof(DolphinPage<UserView>))]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(GroupDetail))]
[JsonSerializable(typeof(DolphinPage<GroupView>))]
[JsonSerializable(typeof(RoleView))]
[JsonSerializable(typeof(RoleDetail))]
[JsonSerializable(typeof(DolphinPage<RoleView>))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyDetail))]
[JsonSerializable(typeof(DolphinPage<PolicyView>))]
[JsonSerializable(typeof(PolicyVersionView))]
[JsonSerializable(typeof(DolphinPage<PolicyVersionView>))]
[JsonSerializable(typeof(DolphinPage<AttachmentView>))]
[JsonSerializable(typeof(DolphinPage<AttachedView>))]
[JsonSerializable(typeof(AccessKeyView))]
[JsonSerializable(typeof(DolphinPage<AccessKeyView>))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(DolphinPage<TokenView>))]
[JsonSerializable(typeof(DolphinPage<MemberView>))]
[JsonSerializable(typeof(AccessCheckView))]
[JsonSerializable(typeof(DiagnosticMessage))]
internal sealed partial class IdentityJson : JsonSerializerContext;
