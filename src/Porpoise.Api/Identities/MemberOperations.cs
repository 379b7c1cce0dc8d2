using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Who is a member of a workspace, and as what.</summary>
public sealed class MemberOperations(AccountDirectory account, IAccessStore access, KeyRing keys, TimeProvider clock)
{
    private const string All = "/porpoise/v1/workspaces/{projectCode}/members";
    private const string Users = All + "/users/{userName}";
    private const string Roles = All + "/roles/{roleName}";

    private const string GrantAction = "emr-serverless-spark:GrantRoleToUsers";

    private static readonly string[] RoleNames = Enum.GetNames<WorkspaceRole>();

    public IEnumerable<Operation> Table =>
    [
        new("GET", All, "emr-serverless-spark:ListMembers", "The members of a workspace", ListAsync),
        new("POST", All, "emr-serverless-spark:AddMembers", "Make a user or a role a member of a workspace, or give a member another role", AddAsync) { IsAdministration = true },
        new("PUT", Users, GrantAction, "Give a member another role", c => GrantAsync(c, IdentityKind.User)) { IsAdministration = true },
        new("PUT", Roles, GrantAction, "Give a member another role", c => GrantAsync(c, IdentityKind.Role)) { IsAdministration = true },
        new("DELETE", Users, "emr-serverless-spark:RemoveMember", "Take a user out of a workspace", c => RemoveAsync(c, IdentityKind.User)) { IsAdministration = true },
        new("DELETE", Roles, "emr-serverless-spark:RemoveMember", "Take a role out of a workspace", c => RemoveAsync(c, IdentityKind.Role)) { IsAdministration = true },
    ];

    private async Task<Answer> ListAsync(Call call)
    {
        var members = await access.ListMembersAsync(call.Workspace.Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. members.Select(m => MemberView.Of(m, call))]), IdentityJson.Default.DolphinPageMemberView);
    }

    private async Task<Answer> AddAsync(Call call)
    {
        var (user, role) = (call.Parameters.Text("userName"), call.Parameters.Text("roleName"));
        if (user is null == role is null)
        {
            throw Parameters.Invalid("userName", "the name of a user; or roleName that of a role: one of the two");
        }

        var identity = await account.FindAsync(call, user is null ? IdentityKind.Role : IdentityKind.User);
        if (await IsMemberAsync(call, identity))
        {
            account.CheckAlso(call, GrantAction, "*"); // else it would be a way around
        }

        return await SetAsync(call, identity);
    }

    /// <summary>Somebody who is a member already.</summary>
    private async Task<Answer> GrantAsync(Call call, IdentityKind kind)
    {
        var identity = await account.FindAsync(call, kind);
        return await IsMemberAsync(call, identity)
            ? await SetAsync(call, identity)
            : throw NoMember(kind, identity.Name);
    }

    private async Task<bool> IsMemberAsync(Call call, IdentityRow identity) => (await access.ListMembersAsync(call.Workspace.Id)).Any(m => m.Row.IdentityId == identity.Id);

    private async Task<Answer> SetAsync(Call call, IdentityRow identity)
    {
        var role = call.Parameters.Word("role", RoleNames) is { } word ? Enum.Parse<WorkspaceRole>(word) : throw Parameters.Missing("role");
        var result = await access.SetMemberAsync(new MemberRow(call.Workspace.Id, identity.Id, role, clock.GetUtcNow()), call.Nonce);
        AccountDirectory.Check(
            result, $"{IdentityNames.WordOf(identity.Kind)} '{identity.Name}', or no such workspace, any more", $"A workspace has at most {IAccessStore.MembersPerWorkspaceMax} members.");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> RemoveAsync(Call call, IdentityKind kind)
    {
        var identity = await account.FindAsync(call, kind);
        var result = await access.RemoveMemberAsync(call.Workspace.Id, identity.Id, call.Nonce);
        keys.Forget();
        if (result == ChangeAccessResult.NotFound)
        {
            throw NoMember(kind, identity.Name);
        }

        AccountDirectory.Check(result, $"member '{identity.Name}'");
        return Answer.Nothing;
    }

    private static RefusalException NoMember(IdentityKind kind, string name) =>
        new(ErrorCodes.IdentityNotFound, $"The {IdentityNames.WordOf(kind)} '{name}' is no member of this workspace.");
}
