using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Operations;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Groups of users: what is attached to a group holds for all of its users.</summary>
public sealed class GroupAdministration(AccountDirectory account, IAccessStore access, KeyRing keys, TimeProvider clock)
{
    private const string All = "/porpoise/v1/groups";
    private const string One = All + "/{groupName}";
    private const string Resource = "acs:ram::{account}:group/{groupName}";

    private const int IdDigits = 18;

    public IEnumerable<Operation> Table =>
    [
        new("GET", All, "ram:ListGroups", "A page of groups", PageAsync) { Resource = "acs:ram::{account}:group/*" },
        new("POST", All, "ram:CreateGroup", "Create a group", CreateAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One, "ram:GetGroup", "One group, with its policies", GetAsync) { Resource = Resource },
        new("PUT", One, "ram:UpdateGroup", "Rename or describe a group", UpdateAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", One, "ram:DeleteGroup", "Delete a group; its users leave it", DeleteAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One + "/users", "ram:ListUsersForGroup", "A page of the users of a group", ListUsersAsync) { Resource = Resource },
        new("POST", One + "/users/{userName}", "ram:AddUserToGroup", "Put a user into a group", c => SetUserAsync(c, "ram:AddUserToGroup", isIn: true)) { Resource = Resource, IsAdministration = true },
        new("DELETE", One + "/users/{userName}", "ram:RemoveUserFromGroup", "Take a user out of a group", c => SetUserAsync(c, "ram:RemoveUserFromGroup", isIn: false)) { Resource = Resource, IsAdministration = true },
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var page = await access.ListIdentitiesAsync(IdentityKind.Group, call.Parameters.Search("search"), wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(g => GroupView.Of(g, call))], page.Total), IdentityJson.Default.DolphinPageGroupView);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var group = new IdentityRow(
            IdentityKind.Group, RandomText.Digits(IdDigits), IdentityNames.Read(call.Parameters, "groupName"), IdentityNames.ReadDescription(call.Parameters) ?? "", clock.GetUtcNow());
        AccountDirectory.Check(await access.CreateIdentityAsync(group, call.Nonce), $"group '{group.Name}'", $"An account has at most {IAccessStore.GroupsMax} groups.");
        keys.Forget();
        return new Answer.Data(GroupView.Of(group, call), IdentityJson.Default.GroupView, Created: true);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var group = await account.FindAsync(call, IdentityKind.Group);
        return Answer.Of(new GroupDetail(GroupView.Of(group, call), await AttachmentView.ListAsync(access, group.Id)), IdentityJson.Default.GroupDetail);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        var (name, description) = (call.Parameters.Text("newGroupName") is null ? null : IdentityNames.Read(call.Parameters, "newGroupName"), IdentityNames.ReadDescription(call.Parameters));
        if (name is not null)
        {
            account.CheckAlso(call, "ram:UpdateGroup", Arns.Group(call.Principal.AccountId, name));
        }

        var changed = await account.ChangeAsync(
            call, IdentityKind.Group, g => g with { Name = name ?? g.Name, Description = description ?? g.Description, UpdatedAt = clock.GetUtcNow() });
        return Answer.Of(GroupView.Of(changed, call), IdentityJson.Default.GroupView);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var group = await account.FindAsync(call, IdentityKind.Group);
        AccountDirectory.Check(await access.DeleteIdentityAsync(group.Id, call.Nonce), $"group '{group.Name}'");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> ListUsersAsync(Call call)
    {
        var users = await access.ListUsersOfGroupAsync((await account.FindAsync(call, IdentityKind.Group)).Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. users.Select(u => UserView.Of(u, call))]), IdentityJson.Default.DolphinPageUserView);
    }

    private async Task<Answer> SetUserAsync(Call call, string action, bool isIn)
    {
        account.CheckAlso(call, action, Arns.User(call.Principal.AccountId, call.Parameters.RequiredText("userName")));
        var group = await account.FindAsync(call, IdentityKind.Group);
        var user = await account.FindAsync(call, IdentityKind.User);
        AccountDirectory.Check(
            await access.SetGroupUserAsync(group.Id, user.Id, isIn, clock.GetUtcNow(), call.Nonce), "such group or user", $"A user is in at most {IAccessStore.GroupsPerUserMax} groups.");
        keys.Forget();
        return Answer.Nothing;
    }
}
