using Porpoise.Core.Policies;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class PeopleTests(IStoreFixture fixture) : AccessTests(fixture)
{
    private static readonly PageRequest All = new(0, 100);

    [Fact]
    public async Task Users_groups_and_roles_come_back_with_numbers_of_their_own()
    {
        await AddAsync(User("ann"), Group("ann"), Role("ann"));
        await CrashAndReopenAsync();
        Assert.Equal(User("ann") with { Number = 2 }, await Access.FindIdentityAsync(IdentityKind.User, "ann"));
        Assert.Equal(Group("ann") with { Number = 3 }, await Access.FindIdentityAsync(IdentityKind.Group, "ann"));
        Assert.Equal(Role("ann") with { Number = 4 }, await Access.FindIdentityAsync(IdentityKind.Role, "ann"));
        Assert.Equal(User("ann") with { Number = 2 }, (await Access.ReadPrincipalAsync("u-ann"))!.Identity);
        Assert.Null(await Access.FindIdentityAsync(IdentityKind.User, "bob"));
    }

    [Fact]
    public async Task Names_are_compared_without_case_in_their_kind()
    {
        await AddAsync(User("Ann"));
        Assert.Equal("Ann", (await Access.FindIdentityAsync(IdentityKind.User, "aNN"))!.Name);
        Assert.Equal(ChangeAccessResult.NameTaken, await Access.CreateIdentityAsync(User("ANN"), Nonce("n")));
        await AddAsync(Group("ann"), User("bob"));
        Assert.Equal(ChangeAccessResult.NameTaken, await Access.UpdateIdentityAsync(User("bob") with { Name = "aNn" }, Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await Access.UpdateIdentityAsync(User("Ann") with { Name = "ANN" }, null));
        Assert.Equal("ANN", (await Access.FindIdentityAsync(IdentityKind.User, "ann"))!.Name);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task No_user_has_the_name_of_the_owner()
    {
        await AddWorkspaceAsync();
        Assert.Equal(ChangeAccessResult.NameTaken, await Access.CreateIdentityAsync(User("ROOT"), null));
        await AddAsync(Group("root"), Role("root"), User("ann"));
        Assert.Equal(ChangeAccessResult.NameTaken, await Access.UpdateIdentityAsync(User("ann") with { Name = "Root" }, null));
    }

    [Fact]
    public async Task A_change_replaces_what_can_be_replaced()
    {
        await AddAsync(User("ann"), Role("etl"));
        var ann = User("ann") with { Name = "anne", Description = "d", PasswordHash = null, Number = 77, CreatedAt = Later, UpdatedAt = Later };
        Assert.Equal(ChangeAccessResult.Changed, await Access.UpdateIdentityAsync(ann, null));
        Assert.Equal(ann with { Number = 2, CreatedAt = At }, await Access.FindIdentityAsync(IdentityKind.User, "anne"));
        Assert.Null(await Access.FindIdentityAsync(IdentityKind.User, "ann"));
        var etl = Role("etl") with { TrustPolicy = "[]", SessionSecondsMax = 43_200, UpdatedAt = Later };
        Assert.Equal(ChangeAccessResult.Changed, await Access.UpdateIdentityAsync(etl, null));
        Assert.Equal(etl with { Number = 3 }, await Access.FindIdentityAsync(IdentityKind.Role, "etl"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await AddAsync(Group("data"));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.UpdateIdentityAsync(User("ann"), Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.UpdateIdentityAsync(User("x") with { Id = "g-data" }, Nonce("n"))); // kinds do not change
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeleteIdentityAsync("u-ann", Nonce("n")));
        Assert.Null(await Access.ReadPrincipalAsync("u-ann"));
        Assert.Null(await Access.ReadPrincipalAsync("g-data"));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Each_change_uses_its_nonce_once()
    {
        await AddAsync(User("bob"));
        await AssertUsesNonceOnceAsync(n => Access.CreateIdentityAsync(User("ann"), n), n => Access.CreateIdentityAsync(User("bob"), n), ChangeAccessResult.NameTaken);
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.UpdateIdentityAsync(User("ann") with { Description = "x" }, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.DeleteIdentityAsync("u-ann", Nonce("n")));
        Assert.Equal(User("ann").Description, (await Access.FindIdentityAsync(IdentityKind.User, "ann"))!.Description);
    }

    [Fact]
    public async Task Lists_are_by_name_and_take_parts_of_names_and_descriptions_literally()
    {
        await AddAsync(User("bob"), User("Ann"), User("carl") with { Description = "100% of it" }, User("d_e"), User("dxe"), Group("ann"));
        Assert.Equal(["Ann", "bob", "carl", "d_e", "dxe"], await NamesAsync(null, All));
        Assert.Equal(["bob", "carl"], await NamesAsync(null, new PageRequest(1, 2)));
        Assert.Equal(["Ann"], await NamesAsync("NN", All));
        Assert.Equal(["carl"], await NamesAsync("0%", All));
        Assert.Equal(["d_e"], await NamesAsync("d_e", All));
        Assert.Empty(await NamesAsync("' or 1=1 --", All));
        Assert.Equal(5, (await Access.ListIdentitiesAsync(IdentityKind.User, null, new PageRequest(4, 1))).Total);
        Assert.Equal(1, (await Access.ListIdentitiesAsync(IdentityKind.User, "bob", new PageRequest(4, 1))).Total);
        Assert.Equal(1, (await Access.ListIdentitiesAsync(IdentityKind.Group, null, All)).Total);
    }

    [Fact]
    public async Task A_deleted_user_leaves_nothing_behind()
    {
        await AddWorkspaceAsync();
        await AddAsync(User("ann"), User("bob"), Group("data"));
        await AddPolicyAsync("p");
        foreach (var user in new[] { "ann", "bob" })
        {
            await AllChangedAsync(1, _ => PutAsync("u-" + user, "g-data"));
            await AllChangedAsync(1, _ => AttachAsync("u-" + user, "p"));
            await AllChangedAsync(1, _ => Access.SetMemberAsync(new MemberRow(Workspace, "u-" + user, WorkspaceRole.Owner, At), null));
            await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(Key with { AccessKeyId = "key-" + user, OwnerId = "u-" + user }, null));
            await AllChangedAsync(1, _ => Access.CreateApiTokenAsync(Token with { TokenId = "token-" + user, TokenHash = user, OwnerId = "u-" + user }, null));
        }

        await AssertUsesNonceOnceAsync(n => Access.DeleteIdentityAsync("u-ann", n), n => Access.DeleteIdentityAsync("u-nobody", n), ChangeAccessResult.NotFound);
        Assert.Null(await Store.FindAccessKeyAsync("key-ann"));
        Assert.Null(await Store.FindApiTokenAsync("ann"));
        Assert.Equal(["bob"], (await Access.ListUsersOfGroupAsync("g-data")).Select(i => i.Name));
        Assert.Equal(["bob"], (await Access.ListAttachedAsync("p", isSystem: false)).Select(i => i.Name));
        Assert.Equal(["bob"], (await Access.ListMembersAsync(Workspace)).Select(m => m.Name));
        Assert.NotNull(await Store.FindAccessKeyAsync("key-bob"));
        Assert.NotNull(await Store.FindAccessKeyAsync(Key.AccessKeyId));
        await CrashAndReopenAsync();
        await AddAsync(User("ann")); // were there anything left under its id, it would come back
        var ann = (await Access.ReadPrincipalAsync("u-ann"))!;
        Assert.Equal((5, 0, 0), (ann.Identity.Number, ann.Grants.Count, ann.Memberships.Count));
        Assert.Empty(await Access.ListGroupsOfUserAsync("u-ann"));
        Assert.Empty(await Access.ListApiTokensAsync("u-ann"));
        Assert.Empty(await Access.ListAccessKeysAsync("u-ann"));
    }

    [Fact]
    public async Task The_users_of_a_deleted_group_leave_it()
    {
        await AddAsync(User("ann"), Group("data"), Group("other"));
        await AddPolicyAsync("p");
        await AllChangedAsync(2, i => PutAsync("u-ann", i == 0 ? "g-data" : "g-other"));
        await AllChangedAsync(1, _ => AttachAsync("g-data", "p"));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeleteIdentityAsync("g-data", null));
        Assert.Equal(["other"], (await Access.ListGroupsOfUserAsync("u-ann")).Select(i => i.Name));
        Assert.Empty((await Access.ReadPrincipalAsync("u-ann"))!.Grants);
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeletePolicyAsync("p", null));
    }

    [Theory]
    [InlineData(IdentityKind.Group, IAccessStore.GroupsMax)]
    [InlineData(IdentityKind.Role, IAccessStore.RolesMax)]
    [InlineData(IdentityKind.User, IAccessStore.UsersMax)]
    public async Task Each_kind_has_its_limit(IdentityKind kind, int max)
    {
        Func<string, IdentityRow> make = kind switch { IdentityKind.User => User, IdentityKind.Group => Group, _ => Role };
        await AllChangedAsync(max, i => Access.CreateIdentityAsync(make($"x{i}"), null));
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreateIdentityAsync(make("more"), Nonce("n")));
        Assert.Null(await Access.FindIdentityAsync(kind, "more"));
        Assert.Equal(max, (await Access.ListIdentitiesAsync(kind, null, All)).Total);
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeleteIdentityAsync(make("x0").Id, null));
        Assert.Equal(ChangeAccessResult.Changed, await Access.CreateIdentityAsync(make("more"), Nonce("n")));
        await AddAsync(kind == IdentityKind.User ? Group("g") : User("u")); // of another kind
    }

    [Fact]
    public async Task Users_are_put_into_groups_and_taken_out()
    {
        await AddAsync(User("bob"), User("ann"), Group("data"), Group("admins"), Role("etl"));
        await AllChangedAsync(1, _ => PutAsync("u-ann", "g-data"));
        await AllChangedAsync(2, _ => PutAsync("u-bob", "g-data"));
        await AllChangedAsync(1, _ => PutAsync("u-bob", "g-admins"));
        await CrashAndReopenAsync();
        Assert.Equal(["ann", "bob"], (await Access.ListUsersOfGroupAsync("g-data")).Select(i => i.Name));
        Assert.Equal(["admins", "data"], (await Access.ListGroupsOfUserAsync("u-bob")).Select(i => i.Name));
        await AllChangedAsync(2, _ => PutAsync("u-bob", "g-data", isIn: false));
        Assert.Equal(["admins"], (await Access.ListGroupsOfUserAsync("u-bob")).Select(i => i.Name));
        await AssertUsesNonceOnceAsync(n => Access.SetGroupUserAsync("g-admins", "u-ann", true, At, n), n => Access.SetGroupUserAsync("g-admins", "r-etl", true, At, n), ChangeAccessResult.NotFound);
    }

    [Theory]
    [InlineData("g-data", "u-none")]
    [InlineData("g-none", "u-ann")]
    [InlineData("g-data", "r-etl")]
    [InlineData("g-data", "g-data")]
    [InlineData("r-etl", "u-ann")]
    public async Task Only_users_are_in_groups(string group, string user)
    {
        await AddAsync(User("ann"), Group("data"), Role("etl"));
        Assert.Equal(ChangeAccessResult.NotFound, await PutAsync(user, group));
        Assert.Equal(ChangeAccessResult.NotFound, await PutAsync(user, group, isIn: false));
        Assert.Empty(await Access.ListUsersOfGroupAsync(group));
    }

    [Fact]
    public async Task A_user_is_in_ten_groups_at_most()
    {
        await AddAsync(User("ann"), User("bob"));
        await AddAsync([.. Enumerable.Range(0, IAccessStore.GroupsPerUserMax + 1).Select(i => Group($"g{i}"))]);
        await AllChangedAsync(IAccessStore.GroupsPerUserMax, i => PutAsync("u-ann", $"g-g{i}"));
        Assert.Equal(ChangeAccessResult.TooMany, await PutAsync("u-ann", "g-g10"));
        Assert.Empty(await Access.ListUsersOfGroupAsync("g-g10"));
        await AllChangedAsync(1, _ => PutAsync("u-ann", "g-g3")); // it is in there already
        await AllChangedAsync(1, _ => PutAsync("u-bob", "g-g10"));
        await AllChangedAsync(1, _ => PutAsync("u-ann", "g-g3", isIn: false));
        await AllChangedAsync(1, _ => PutAsync("u-ann", "g-g10"));
    }

    private async Task<IEnumerable<string>> NamesAsync(string? search, PageRequest page) => (await Access.ListIdentitiesAsync(IdentityKind.User, search, page)).Rows.Select(i => i.Name);
}
