using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Users of the account: its owner is none of them.</summary>
public sealed class UserAdministration(AccountDirectory account, IAccessStore access, WorkspaceDirectory workspaces, KeyRing keys, TimeProvider clock)
{
    private const string All = "/porpoise/v1/users";
    private const string One = All + "/{userName}";
    private const string Resource = "acs:ram::{account}:user/{userName}";

    private const int IdDigits = 18;

    public IEnumerable<Operation> Table =>
    [
        new("GET", All, "ram:ListUsers", "A page of users", PageAsync) { Resource = "acs:ram::{account}:user/*" },
        new("POST", All, "ram:CreateUser", "Create a user", CreateAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One, "ram:GetUser", "One user, with its groups, policies and workspaces", GetAsync) { Resource = Resource },
        new("PUT", One, "ram:UpdateUser", "Rename or describe a user", UpdateAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", One, "ram:DeleteUser", "Delete a user with its credentials and memberships", DeleteAsync) { Resource = Resource, IsAdministration = true },
        new("PUT", One + "/password", "ram:UpdateLoginProfile", "Set the password with which a user signs in", SetPasswordAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", One + "/password", "ram:DeleteLoginProfile", "Take a user's password away", RemovePasswordAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One + "/groups", "ram:ListGroupsForUser", "The groups of a user", ListGroupsAsync) { Resource = Resource },
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var page = await access.ListIdentitiesAsync(IdentityKind.User, call.Parameters.Search("search"), wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(u => UserView.Of(u, call))], page.Total), IdentityJson.Default.DolphinPageUserView);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var now = clock.GetUtcNow();
        var user = new IdentityRow(
            IdentityKind.User, RandomText.Digits(IdDigits), IdentityNames.Read(call.Parameters, "userName"), IdentityNames.ReadDescription(call.Parameters) ?? "", now);
        await account.CheckNotOwnersAsync(user.Name);
        AccountDirectory.Check(await access.CreateIdentityAsync(user, call.Nonce), $"user '{user.Name}'", $"An account has at most {IAccessStore.UsersMax} users.");
        keys.Forget();
        return new Answer.Data(UserView.Of(await account.FindAsync(IdentityKind.User, user.Name), call), IdentityJson.Default.UserView, Created: true);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var user = await account.FindAsync(call, IdentityKind.User);
        var known = await access.ReadPrincipalAsync(user.Id);
        return Answer.Of(
            new UserDetail(
                UserView.Of(user, call),
                [.. (await access.ListGroupsOfUserAsync(user.Id)).Select(g => g.Name)],
                await AttachmentView.ListAsync(access, user.Id),
                [.. (known?.Memberships ?? []).Select(m => MembershipView.Of(m, workspaces))]),
            IdentityJson.Default.UserDetail);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        var (name, description) = (call.Parameters.Text("newUserName") is null ? null : IdentityNames.Read(call.Parameters, "newUserName"), IdentityNames.ReadDescription(call.Parameters));
        if (name is not null)
        {
            await account.CheckNotOwnersAsync(name);
            account.CheckAlso(call, "ram:UpdateUser", Arns.User(call.Principal.AccountId, name)); // else a rename would lead to where the policies let nobody
        }

        var changed = await account.ChangeAsync(
            call, IdentityKind.User, u => u with { Name = name ?? u.Name, Description = description ?? u.Description, UpdatedAt = clock.GetUtcNow() });
        return Answer.Of(UserView.Of(changed, call), IdentityJson.Default.UserView);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var user = await account.FindAsync(call, IdentityKind.User);
        AccountDirectory.Check(await access.DeleteIdentityAsync(user.Id, call.Nonce), $"user '{user.Name}'");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> SetPasswordAsync(Call call)
    {
        var password = PasswordRules.Read(call.Parameters);
        var owner = await account.ReadOwnerAsync();
        var isOwners = call.Principal.IsRoot && call.Parameters.RequiredText("userName") == owner.UserName;
        if (!isOwners)
        {
            await account.FindAsync(call, IdentityKind.User);
        }

        var hash = await Task.Run(() => PasswordHash.Of(password)); // a tenth of a second
        if (isOwners)
        {
            AccountDirectory.Check(await access.SetOwnersPasswordAsync(hash, call.Nonce), "account");
            return await EndSessionsAsync(owner.AccountId);
        }

        return await EndSessionsAsync((await account.ChangeAsync(call, IdentityKind.User, u => u with { PasswordHash = hash, UpdatedAt = clock.GetUtcNow() })).Id);
    }

    private async Task<Answer> RemovePasswordAsync(Call call) =>
        await EndSessionsAsync((await account.ChangeAsync(call, IdentityKind.User, u => u with { PasswordHash = null, UpdatedAt = clock.GetUtcNow() })).Id);

    /// <summary>Whoever signed in with the password that is gone is signed out.</summary>
    private async Task<Answer> EndSessionsAsync(string userId)
    {
        foreach (var session in (await access.ListApiTokensAsync(userId)).Where(t => t.Name == SignInOperations.SessionName))
        {
            await access.DeleteApiTokenAsync(session.TokenId, nonce: null);
        }

        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> ListGroupsAsync(Call call)
    {
        var groups = await access.ListGroupsOfUserAsync((await account.FindAsync(call, IdentityKind.User)).Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. groups.Select(g => GroupView.Of(g, call))]), IdentityJson.Default.DolphinPageGroupView);
    }
}
