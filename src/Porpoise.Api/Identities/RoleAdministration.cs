using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Roles: whoever their trust policy trusts gets a temporary key that may do what the role may.</summary>
public sealed class RoleAdministration(AccountDirectory account, IAccessStore access, WorkspaceDirectory workspaces, KeyRing keys, TimeProvider clock)
{
    /// <summary>How long a session may last at the longest, and how long unless it is said otherwise, in seconds.</summary>
    public const int SessionSecondsMin = 3_600;

    public const int SessionSecondsMax = 43_200;

    private const string All = "/porpoise/v1/roles";
    private const string One = All + "/{roleName}";
    private const string Resource = "acs:ram::{account}:role/{roleName}";

    private const int IdDigits = 18;

    public IEnumerable<Operation> Table =>
    [
        new("GET", All, "ram:ListRoles", "A page of roles", PageAsync) { Resource = "acs:ram::{account}:role/*" },
        new("POST", All, "ram:CreateRole", "Create a role", CreateAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One, "ram:GetRole", "One role, with its policies and workspaces", GetAsync) { Resource = Resource },
        new("PUT", One, "ram:UpdateRole", "Describe a role, or change whom it trusts and for how long", UpdateAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", One, "ram:DeleteRole", "Delete a role; its temporary keys end", DeleteAsync) { Resource = Resource, IsAdministration = true },
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var page = await access.ListIdentitiesAsync(IdentityKind.Role, call.Parameters.Search("search"), wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(r => RoleView.Of(r, call))], page.Total), IdentityJson.Default.DolphinPageRoleView);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var parameters = call.Parameters;
        var name = IdentityNames.Read(parameters, "roleName");
        var role = new IdentityRow(IdentityKind.Role, RandomText.Digits(IdDigits), name, IdentityNames.ReadDescription(parameters) ?? "", clock.GetUtcNow())
        {
            TrustPolicy = IdentityNames.ReadDocument(parameters, "trustPolicy", PolicyKind.Trust),
            SessionSecondsMax = ReadSeconds(parameters) ?? SessionSecondsMin,
        };
        AccountDirectory.Check(await access.CreateIdentityAsync(role, call.Nonce), $"role '{name}'", $"An account has at most {IAccessStore.RolesMax} roles.");
        keys.Forget();
        return new Answer.Data(RoleView.Of(role, call), IdentityJson.Default.RoleView, Created: true);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var role = await account.FindAsync(call, IdentityKind.Role);
        var known = await access.ReadPrincipalAsync(role.Id);
        return Answer.Of(
            new RoleDetail(RoleView.Of(role, call), await AttachmentView.ListAsync(access, role.Id), [.. (known?.Memberships ?? []).Select(m => MembershipView.Of(m, workspaces))]),
            IdentityJson.Default.RoleDetail);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        var parameters = call.Parameters;
        var description = IdentityNames.ReadDescription(parameters);
        var trust = parameters.Text("trustPolicy") is null ? null : IdentityNames.ReadDocument(parameters, "trustPolicy", PolicyKind.Trust);
        var seconds = ReadSeconds(parameters);
        var changed = await account.ChangeAsync(call, IdentityKind.Role, r => r with
        {
            Description = description ?? r.Description,
            TrustPolicy = trust ?? r.TrustPolicy,
            SessionSecondsMax = seconds ?? r.SessionSecondsMax,
            UpdatedAt = clock.GetUtcNow(),
        });
        return Answer.Of(RoleView.Of(changed, call), IdentityJson.Default.RoleView);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var role = await account.FindAsync(call, IdentityKind.Role);
        AccountDirectory.Check(await access.DeleteIdentityAsync(role.Id, call.Nonce), $"role '{role.Name}'");
        keys.Forget();
        return Answer.Nothing;
    }

    private static int? ReadSeconds(Parameters parameters) => parameters.Int("maxSessionSeconds", SessionSecondsMin, SessionSecondsMax);
}
