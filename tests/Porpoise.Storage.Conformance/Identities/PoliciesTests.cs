using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class PoliciesTests(IStoreFixture fixture) : AccessTests(fixture)
{
    private static readonly PageRequest All = new(0, 100);

    [Fact]
    public async Task A_policy_comes_back_with_its_first_version_in_force()
    {
        var policy = new PolicyRow("p", "for – 每天", 1, At);
        Assert.Equal(ChangeAccessResult.Changed, await Access.CreatePolicyAsync(policy with { DefaultVersion = 7 }, "{1}", null));
        await CrashAndReopenAsync();
        Assert.Equal(policy, await Access.FindPolicyAsync("p"));
        Assert.Equal([new PolicyVersionRow("p", 1, "{1}", true, At)], await Access.ListPolicyVersionsAsync("p"));
        Assert.Null(await Access.FindPolicyAsync("P"));
        Assert.Empty(await Access.ListPolicyVersionsAsync("P"));
    }

    [Fact]
    public async Task A_name_is_taken_once_and_has_case()
    {
        await AssertUsesNonceOnceAsync(n => Access.CreatePolicyAsync(new PolicyRow("p", "", 1, At), "{1}", n));
        Assert.Equal(ChangeAccessResult.NameTaken, await Access.CreatePolicyAsync(new PolicyRow("p", "other", 1, At), "{2}", Nonce("m")));
        Assert.Equal("{1}", Assert.Single(await Access.ListPolicyVersionsAsync("p")).Document);
        await AddPolicyAsync("P");
        Assert.Single(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Versions_are_numbered_as_they_come_and_no_number_comes_again()
    {
        await AddPolicyAsync("p", "{1}");
        Assert.Equal(2, await AddVersionAsync("{2}", isDefault: false));
        Assert.Equal(3, await AddVersionAsync("{3}", isDefault: true));
        Assert.Equal([(3, "{3}", true), (2, "{2}", false), (1, "{1}", false)], (await Access.ListPolicyVersionsAsync("p")).Select(v => (v.Version, v.Document, v.IsDefault)));
        Assert.Equal(ChangeAccessResult.Changed, await Access.SetDefaultPolicyVersionAsync("p", 1, Later, null));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeletePolicyVersionAsync("p", 3, Later.AddMinutes(1), null));
        await CrashAndReopenAsync();
        Assert.Equal(4, await AddVersionAsync("{4}", isDefault: false, Later.AddMinutes(2)));
        Assert.Equal([4, 2, 1], (await Access.ListPolicyVersionsAsync("p")).Select(v => v.Version));
        Assert.Equal(new PolicyRow("p", "", 1, At) { UpdatedAt = Later.AddMinutes(2) }, await Access.FindPolicyAsync("p"));
        Assert.Equal(Later.AddMinutes(2), (await Access.ListPolicyVersionsAsync("p"))[0].CreatedAt);
    }

    [Fact]
    public async Task A_sixth_version_is_refused()
    {
        await AddPolicyAsync("p");
        for (var i = 2; i <= IAccessStore.PolicyVersionsMax; i++)
        {
            Assert.Equal(i, await AddVersionAsync("{}", isDefault: false));
        }

        Assert.Equal(new AddPolicyVersionResult(ChangeAccessResult.TooMany, 0), await Access.AddPolicyVersionAsync("p", "{}", true, At, Nonce("n")));
        Assert.Equal(1, (await Access.FindPolicyAsync("p"))!.DefaultVersion);
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeletePolicyVersionAsync("p", 4, At, null));
        Assert.Equal(new AddPolicyVersionResult(ChangeAccessResult.Changed, 6), await Access.AddPolicyVersionAsync("p", "{}", true, At, Nonce("n")));
        Assert.Equal(new AddPolicyVersionResult(ChangeAccessResult.NonceUsed, 0), await Access.AddPolicyVersionAsync("p", "{}", true, At, Nonce("n")));
        Assert.Equal(6, (await Access.FindPolicyAsync("p"))!.DefaultVersion);
    }

    [Fact]
    public async Task The_version_in_force_stays()
    {
        await AddPolicyAsync("p");
        await AddVersionAsync("{2}", isDefault: false);
        Assert.Equal(ChangeAccessResult.InUse, await Access.DeletePolicyVersionAsync("p", 1, Later, Nonce("n")));
        await AssertUsesNonceOnceAsync(
            n => Access.SetDefaultPolicyVersionAsync("p", 2, Later, n), n => Access.SetDefaultPolicyVersionAsync("p", 3, Later, n), ChangeAccessResult.NotFound);
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.DeletePolicyVersionAsync("p", 1, Later, Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeletePolicyVersionAsync("p", 1, Later, null));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await AddPolicyAsync("p");
        Assert.Equal(new AddPolicyVersionResult(ChangeAccessResult.NotFound, 0), await Access.AddPolicyVersionAsync("q", "{}", true, At, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.SetDefaultPolicyVersionAsync("q", 1, At, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeletePolicyVersionAsync("q", 1, At, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeletePolicyVersionAsync("p", 2, At, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeletePolicyAsync("q", Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.SetAttachmentAsync("u-none", "p", false, true, At, Nonce("n")));
        await AddAsync(User("ann"));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.SetAttachmentAsync("u-ann", "q", false, true, At, Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_policy_that_is_attached_stays_and_one_that_goes_takes_its_versions()
    {
        await AddPolicyAsync("p");
        await AddVersionAsync("{2}", isDefault: true);
        await AddAsync(User("ann"));
        Assert.Equal(ChangeAccessResult.Changed, await AttachAsync("u-ann", "p"));
        Assert.Equal(ChangeAccessResult.InUse, await Access.DeletePolicyAsync("p", Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await AttachAsync("u-ann", "p", isAttached: false));
        Assert.Equal(ChangeAccessResult.Changed, await AttachAsync("u-ann", "p", isSystem: true)); // of that name, but another
        await AssertUsesNonceOnceAsync(n => Access.DeletePolicyAsync("p", n));
        await AddPolicyAsync("p", "{new}");
        Assert.Equal([(1, "{new}")], (await Access.ListPolicyVersionsAsync("p")).Select(v => (v.Version, v.Document)));
    }

    [Fact]
    public async Task Lists_are_by_name_and_take_parts_of_names_and_descriptions_literally()
    {
        foreach (var (name, description) in new[] { ("b", "x_y"), ("a", "xzy"), ("c", "") })
        {
            Assert.Equal(ChangeAccessResult.Changed, await Access.CreatePolicyAsync(new PolicyRow(name, description, 1, At), "{}", null));
        }

        Assert.Equal(["a", "b", "c"], (await Access.ListPoliciesAsync(null, All)).Rows.Select(p => p.Name));
        Assert.Equal(["b"], (await Access.ListPoliciesAsync("X_", All)).Rows.Select(p => p.Name));
        var page = await Access.ListPoliciesAsync(null, new PageRequest(1, 1));
        Assert.Equal(("b", 3), (Assert.Single(page.Rows).Name, page.Total));
        Assert.Equal(0, (await Access.ListPoliciesAsync("%", All)).Total);
    }

    [Fact]
    public async Task There_are_so_many_policies_at_most()
    {
        await AllChangedAsync(IAccessStore.PoliciesMax, i => Access.CreatePolicyAsync(new PolicyRow($"p{i}", "", 1, At), "{}", null));
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreatePolicyAsync(new PolicyRow("more", "", 1, At), "{}", Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeletePolicyAsync("p7", null));
        Assert.Equal(ChangeAccessResult.Changed, await Access.CreatePolicyAsync(new PolicyRow("more", "", 1, At), "{}", Nonce("n")));
    }

    [Fact]
    public async Task Attachments_are_listed_from_both_sides()
    {
        await AddAsync(User("bob"), User("ann"), Group("ann"), Role("ann"));
        await AddPolicyAsync("p");
        await AllChangedAsync(1, _ => AttachAsync("u-ann", "p"));
        await AllChangedAsync(1, _ => AttachAsync("u-ann", "p", at: Later)); // is so already
        await AllChangedAsync(1, _ => AttachAsync("u-ann", "ReadOnly", isSystem: true));
        await AllChangedAsync(3, i => AttachAsync(new[] { "r-ann", "g-ann", "u-bob" }[i], "p"));
        await CrashAndReopenAsync();
        Assert.Equal([new AttachmentRow("ReadOnly", true, At), new AttachmentRow("p", false, At)], await Access.ListAttachmentsAsync("u-ann"));
        Assert.Equal(["u-ann", "u-bob", "g-ann", "r-ann"], (await Access.ListAttachedAsync("p", isSystem: false)).Select(i => i.Id));
        Assert.Empty(await Access.ListAttachedAsync("p", isSystem: true));
        await AllChangedAsync(2, _ => AttachAsync("u-ann", "p", isAttached: false));
        Assert.Equal(["ReadOnly"], (await Access.ListAttachmentsAsync("u-ann")).Select(a => a.PolicyName));
        await AssertUsesNonceOnceAsync(
            n => Access.SetAttachmentAsync("u-ann", "p", false, true, At, n), n => Access.SetAttachmentAsync("u-ann", "q", false, true, At, n), ChangeAccessResult.NotFound);
    }

    [Theory]
    [InlineData(false, IAccessStore.CustomPoliciesPerIdentityMax)]
    [InlineData(true, IAccessStore.SystemPoliciesPerIdentityMax)]
    public async Task An_identity_has_so_many_policies_at_most(bool isSystem, int max)
    {
        await AddAsync(Group("data"));
        for (var i = 0; i <= max; i++)
        {
            await AddPolicyAsync($"p{i}");
        }

        await AllChangedAsync(max, i => AttachAsync("g-data", $"p{i}", isSystem));
        Assert.Equal(ChangeAccessResult.TooMany, await AttachAsync("g-data", $"p{max}", isSystem));
        await AllChangedAsync(1, _ => AttachAsync("g-data", "p0", isSystem));
        await AllChangedAsync(1, _ => AttachAsync("g-data", $"p{max}", !isSystem));
        Assert.Equal(max + 1, (await Access.ListAttachmentsAsync("g-data")).Count);
        await AllChangedAsync(1, _ => AttachAsync("g-data", "p0", isSystem, isAttached: false));
        await AllChangedAsync(1, _ => AttachAsync("g-data", $"p{max}", isSystem));
    }

    [Fact]
    public async Task A_principal_has_its_own_policies_and_those_of_its_groups_in_the_versions_in_force()
    {
        await AddAsync(User("ann"), Group("data"), Group("admins"), Group("others"), Role("etl"));
        await AddPolicyAsync("p", "{1}");
        await AddPolicyAsync("q", "{q}");
        await AddVersionAsync("{2}", isDefault: true);
        await AddVersionAsync("{3}", isDefault: false);
        await AllChangedAsync(2, i => PutAsync("u-ann", i == 0 ? "g-data" : "g-admins"));
        await AllChangedAsync(1, _ => AttachAsync("u-ann", "p"));
        await AllChangedAsync(1, _ => AttachAsync("u-ann", "p", isSystem: true));
        await AllChangedAsync(4, i => AttachAsync(new[] { "g-data", "g-admins", "g-others", "r-etl" }[i], i == 0 ? "p" : "q"));
        Assert.Equal(
            [
                new GrantRow("p", false, "user/ann", 2, "{2}"),
                new GrantRow("p", true, "user/ann", 0, null),
                new GrantRow("q", false, "group/admins", 1, "{q}"),
                new GrantRow("p", false, "group/data", 2, "{2}"),
            ],
            (await Access.ReadPrincipalAsync("u-ann"))!.Grants);
        Assert.Equal([new GrantRow("q", false, "role/etl", 1, "{q}")], (await Access.ReadPrincipalAsync("r-etl"))!.Grants);
    }

    private async Task<int> AddVersionAsync(string document, bool isDefault, DateTimeOffset? at = null)
    {
        var added = await Access.AddPolicyVersionAsync("p", document, isDefault, at ?? At, null);
        Assert.Equal(ChangeAccessResult.Changed, added.Result);
        return added.Version;
    }
}
