using System.Globalization;
using Porpoise.Access.Identities;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Policies;
using Porpoise.Core.Policies.SystemPolicies;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Api.Identities;

/// <summary>Policies: those that come with the product, which nobody can change, and the account's own, with up to five versions of which one is in force.</summary>
public sealed class PolicyAdministration(AccountDirectory account, IAccessStore access, KeyRing keys, TimeProvider clock)
{
    private const string All = "/porpoise/v1/policies";
    private const string One = All + "/{policyName}";
    private const string Resource = "acs:ram::{account}:policy/{policyName}";

    public IEnumerable<Operation> Table =>
    [
        new("GET", All, "ram:ListPolicies", "A page of policies, those of the product first", PageAsync) { Resource = "acs:ram::{account}:policy/*" },
        new("POST", All, "ram:CreatePolicy", "Create a policy", CreateAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One, "ram:GetPolicy", "One policy, with the text in force", GetAsync) { Resource = Resource },
        new("DELETE", One, "ram:DeletePolicy", "Delete a policy that is attached to nobody", DeleteAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One + "/versions", "ram:ListPolicyVersions", "The versions of a policy, newest first", ListVersionsAsync) { Resource = Resource },
        new("POST", One + "/versions", "ram:CreatePolicyVersion", "Add a version to a policy", AddVersionAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One + "/versions/{version}", "ram:GetPolicyVersion", "One version of a policy", GetVersionAsync) { Resource = Resource },
        new("DELETE", One + "/versions/{version}", "ram:DeletePolicyVersion", "Delete a version that is not in force", DeleteVersionAsync) { Resource = Resource, IsAdministration = true },
        new("PUT", One + "/default-version", "ram:SetDefaultPolicyVersion", "Put another version of a policy in force", SetDefaultAsync) { Resource = Resource, IsAdministration = true },
        new("GET", One + "/attached", "ram:ListEntitiesForPolicy", "Whom a policy is attached to", ListAttachedAsync) { Resource = Resource },
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var (parameters, wish) = (call.Parameters, PageWish.Read(call.Parameters));
        var search = parameters.Search("search");
        var type = parameters.Word("type", "System", "Custom");
        SystemPolicy[] system = type == "Custom" ? [] :
        [
            .. SystemPolicy.All.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
                .Where(p => search is null || p.Name.Contains(search, StringComparison.OrdinalIgnoreCase) || p.Description.Contains(search, StringComparison.OrdinalIgnoreCase)),
        ];
        var rows = system.Skip((int)Math.Min(wish.Start, system.Length)).Take(wish.Size).Select(PolicyView.Of).ToList();
        long total = system.Length;
        if (type != "System")
        {
            var own = await access.ListPoliciesAsync(search, new PageRequest(Math.Max(0, wish.Start - system.Length), wish.Size - rows.Count));
            rows.AddRange(own.Rows.Select(PolicyView.Of));
            total += own.Total;
        }

        return Answer.Of(DolphinPage.Of(wish, rows, total), IdentityJson.Default.DolphinPagePolicyView);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        var name = IdentityNames.ReadPolicy(call.Parameters);
        if (SystemPolicy.Find(name) is not null)
        {
            throw new RefusalException(ErrorCodes.IdentityNameTaken, $"'{name}' is a policy of the product's.");
        }

        var policy = new PolicyRow(name, IdentityNames.ReadDescription(call.Parameters) ?? "", DefaultVersion: 1, clock.GetUtcNow());
        var document = IdentityNames.ReadDocument(call.Parameters, "document", PolicyKind.Identity);
        AccountDirectory.Check(await access.CreatePolicyAsync(policy, document, call.Nonce), $"policy '{name}'", $"An account has at most {IAccessStore.PoliciesMax} policies of its own.");
        keys.Forget();
        return new Answer.Data(PolicyView.Of(policy), IdentityJson.Default.PolicyView, Created: true);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var name = call.Parameters.RequiredText("policyName");
        if (SystemPolicy.Find(name) is { } system)
        {
            return Answer.Of(new PolicyDetail(PolicyView.Of(system), system.Text), IdentityJson.Default.PolicyDetail);
        }

        var policy = await access.FindPolicyAsync(name) ?? throw NoSuchPolicy(name);
        var document = (await access.ListPolicyVersionsAsync(name)).FirstOrDefault(v => v.IsDefault)?.Document ?? throw NoSuchPolicy(name);
        return Answer.Of(new PolicyDetail(PolicyView.Of(policy), document), IdentityJson.Default.PolicyDetail);
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var name = ReadCustom(call);
        AccountDirectory.Check(await access.DeletePolicyAsync(name, call.Nonce), $"policy '{name}'", $"The policy '{name}' is attached to somebody. Detach it first; /porpoise/v1/policies/{name}/attached says whom from.");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> ListVersionsAsync(Call call) =>
        Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), await VersionsAsync(call)), IdentityJson.Default.DolphinPagePolicyVersionView);

    private async Task<Answer> GetVersionAsync(Call call)
    {
        var version = ReadVersion(call);
        return Answer.Of(
            (await VersionsAsync(call)).FirstOrDefault(v => v.Version == version) ?? throw NoSuchVersion(call, version), IdentityJson.Default.PolicyVersionView);
    }

    private async Task<Answer> AddVersionAsync(Call call)
    {
        var name = ReadCustom(call);
        var document = IdentityNames.ReadDocument(call.Parameters, "document", PolicyKind.Identity);
        var (isDefault, now) = (call.Parameters.Bool("setAsDefault") ?? false, clock.GetUtcNow());
        if (isDefault)
        {
            account.CheckAlso(call, "ram:SetDefaultPolicyVersion", Arns.Policy(call.Principal.AccountId, name)); // else it would be a way around
        }

        var added = await access.AddPolicyVersionAsync(name, document, isDefault, now, call.Nonce);
        AccountDirectory.Check(added.Result, $"policy '{name}'", $"A policy has at most {IAccessStore.PolicyVersionsMax} versions. Delete one that is not in force first.");
        keys.Forget();
        return new Answer.Data(PolicyVersionView.Of(new PolicyVersionRow(name, added.Version, document, isDefault, now)), IdentityJson.Default.PolicyVersionView, Created: true);
    }

    private async Task<Answer> DeleteVersionAsync(Call call)
    {
        var (name, version) = (ReadCustom(call), ReadVersion(call));
        var result = await access.DeletePolicyVersionAsync(name, version, clock.GetUtcNow(), call.Nonce);
        AccountDirectory.Check(result, $"version v{version} of a policy '{name}'", $"Version v{version} of the policy '{name}' is in force. Put another one in force first.");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> SetDefaultAsync(Call call)
    {
        var (name, version) = (ReadCustom(call), ReadVersion(call));
        AccountDirectory.Check(await access.SetDefaultPolicyVersionAsync(name, version, clock.GetUtcNow(), call.Nonce), $"version v{version} of a policy '{name}'");
        keys.Forget();
        return Answer.Nothing;
    }

    private async Task<Answer> ListAttachedAsync(Call call)
    {
        var name = call.Parameters.RequiredText("policyName");
        var isSystem = SystemPolicy.Find(name) is not null;
        if (!isSystem && await access.FindPolicyAsync(name) is null)
        {
            throw NoSuchPolicy(name);
        }

        var attached = await access.ListAttachedAsync(name, isSystem);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. attached.Select(i => AttachedView.Of(i, call))]), IdentityJson.Default.DolphinPageAttachedView);
    }

    /// <summary>Newest first; a policy of the product's has the one that this version of the product brought.</summary>
    private async Task<IReadOnlyCollection<PolicyVersionView>> VersionsAsync(Call call)
    {
        var name = call.Parameters.RequiredText("policyName");
        if (SystemPolicy.Find(name) is { } system)
        {
            return [new PolicyVersionView(name, VersionNumber(system.Version), IsDefault: true, system.Text, CreatedAt: null)];
        }

        var versions = await access.ListPolicyVersionsAsync(name);
        return versions.Count > 0 ? [.. versions.Select(PolicyVersionView.Of)] : throw NoSuchPolicy(name);
    }

    private static int VersionNumber(string version) => int.Parse(version.AsSpan().TrimStart('v'), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>With or without the <c>v</c> before it.</summary>
    private static int ReadVersion(Call call) =>
        int.TryParse(call.Parameters.RequiredText("version").AsSpan().TrimStart("vV"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw Parameters.Invalid("version", "a number from 1, with or without a v before it");

    private static string ReadCustom(Call call)
    {
        var name = call.Parameters.RequiredText("policyName");
        return SystemPolicy.Find(name) is null ? name : throw new RefusalException(ErrorCodes.BadParameter, $"'{name}' is a policy of the product's: nobody can change it. Make one of your own from its text.");
    }

    internal static RefusalException NoSuchPolicy(string name) => new(ErrorCodes.IdentityNotFound, $"There is no policy '{name}'. (The case of letters counts.)");

    private static RefusalException NoSuchVersion(Call call, int version) =>
        new(ErrorCodes.IdentityNotFound, string.Create(CultureInfo.InvariantCulture, $"The policy '{call.Parameters.Text("policyName")}' has no version v{version}."));
}
