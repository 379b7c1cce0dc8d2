using Porpoise.Access.Identities;
using Porpoise.Api.Operations;
using Porpoise.Core.Policies.SystemPolicies;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Which policies are attached to a user, a group or a role. Attaching is asked about twice: on whom, and which policy.</summary>
public sealed class AttachmentAdministration(AccountDirectory account, IAccessStore access, KeyRing keys, TimeProvider clock)
{
    public IEnumerable<Operation> Table => [.. TableOf(IdentityKind.User), .. TableOf(IdentityKind.Group), .. TableOf(IdentityKind.Role)];

    private IEnumerable<Operation> TableOf(IdentityKind kind)
    {
        var (word, name) = (IdentityNames.WordOf(kind), IdentityNames.ParameterOf(kind));
        var title = char.ToUpperInvariant(word[0]) + word[1..];
        var path = $"/porpoise/v1/{word}s/{{{name}}}/policies";
        var resource = $"acs:ram::{{account}}:{word}/{{{name}}}";
        var (attach, detach) = ($"ram:AttachPolicyTo{title}", $"ram:DetachPolicyFrom{title}");
        return
        [
            new("GET", path, $"ram:ListPoliciesFor{title}", $"The policies that are attached to a {word}", c => ListAsync(c, kind)) { Resource = resource },
            new("POST", path + "/{policyName}", attach, $"Attach a policy to a {word}", c => SetAsync(c, kind, attach, isAttached: true)) { Resource = resource, IsAdministration = true },
            new("DELETE", path + "/{policyName}", detach, $"Detach a policy from a {word}", c => SetAsync(c, kind, detach, isAttached: false)) { Resource = resource, IsAdministration = true },
        ];
    }

    private async Task<Answer> ListAsync(Call call, IdentityKind kind)
    {
        var attached = await AttachmentView.ListAsync(access, (await account.FindAsync(call, kind)).Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), attached), IdentityJson.Default.DolphinPageAttachmentView);
    }

    private async Task<Answer> SetAsync(Call call, IdentityKind kind, string action, bool isAttached)
    {
        var policy = call.Parameters.RequiredText("policyName");
        account.CheckAlso(call, action, Arns.Policy(call.Principal.AccountId, policy));
        var identity = await account.FindAsync(call, kind);
        var isSystem = SystemPolicy.Find(policy) is not null;
        if (isAttached && !isSystem && await access.FindPolicyAsync(policy) is null)
        {
            throw PolicyAdministration.NoSuchPolicy(policy);
        }

        var result = await access.SetAttachmentAsync(identity.Id, policy, isSystem, isAttached, clock.GetUtcNow(), call.Nonce);
        AccountDirectory.Check(
            result, $"{IdentityNames.WordOf(kind)} '{identity.Name}', or no policy '{policy}'",
            $"To a user, a group or a role at most {IAccessStore.SystemPoliciesPerIdentityMax} policies of the product's and {IAccessStore.CustomPoliciesPerIdentityMax} of the account's own are attached.");
        keys.Forget();
        return Answer.Nothing;
    }
}
