using Porpoise.Core.Policies;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class MembersTests(IStoreFixture fixture) : AccessTests(fixture)
{
    [Fact]
    public async Task Members_are_listed_by_name()
    {
        await AddWorkspacesAsync();
        await AddAsync(User("bob"), User("Ann"), Role("ann"));
        await AllChangedAsync(1, _ => SetAsync("u-bob", WorkspaceRole.Guest));
        await AllChangedAsync(1, _ => SetAsync("r-ann", WorkspaceRole.DataScience));
        await AllChangedAsync(1, _ => SetAsync("u-Ann", WorkspaceRole.Owner));
        await AllChangedAsync(1, _ => SetAsync("u-Ann", WorkspaceRole.DataEngineering, OtherWorkspace));
        await CrashAndReopenAsync();
        Assert.Equal(
            [
                new WorkspaceMember(IdentityKind.User, "Ann", new MemberRow(Workspace, "u-Ann", WorkspaceRole.Owner, At)),
                new WorkspaceMember(IdentityKind.Role, "ann", new MemberRow(Workspace, "r-ann", WorkspaceRole.DataScience, At)),
                new WorkspaceMember(IdentityKind.User, "bob", new MemberRow(Workspace, "u-bob", WorkspaceRole.Guest, At)),
            ],
            await Access.ListMembersAsync(Workspace));
        Assert.Equal(
            [(Workspace, WorkspaceRole.Owner), (OtherWorkspace, WorkspaceRole.DataEngineering)], (await Access.ReadPrincipalAsync("u-Ann"))!.Memberships.Select(m => (m.Workspace, m.Role)));
    }

    [Fact]
    public async Task A_member_has_one_role()
    {
        await AddWorkspaceAsync();
        await AddAsync(User("ann"));
        await AllChangedAsync(1, _ => SetAsync("u-ann", WorkspaceRole.Guest));
        Assert.Equal(ChangeAccessResult.Changed, await Access.SetMemberAsync(new MemberRow(Workspace, "u-ann", WorkspaceRole.Owner, Later), null));
        Assert.Equal(new MemberRow(Workspace, "u-ann", WorkspaceRole.Owner, At), Assert.Single(await Access.ListMembersAsync(Workspace)).Row);
    }

    [Fact]
    public async Task Members_are_users_and_roles_of_workspaces_that_there_are()
    {
        await AddWorkspaceAsync();
        await AddAsync(User("ann"), Group("data"));
        foreach (var (identity, workspace) in new[] { ("g-data", Workspace), ("u-none", Workspace), ("u-ann", OtherWorkspace), (Root.AccountId, Workspace) })
        {
            Assert.Equal(ChangeAccessResult.NotFound, await Access.SetMemberAsync(new MemberRow(workspace, identity, WorkspaceRole.Owner, At), Nonce("n")));
        }

        Assert.Equal(ChangeAccessResult.NotFound, await Access.RemoveMemberAsync(Workspace, "u-ann", Nonce("n")));
        Assert.Empty(await Access.ListMembersAsync(Workspace));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Each_change_uses_its_nonce_once()
    {
        await AddWorkspacesAsync();
        await AddAsync(User("ann"));
        await AssertUsesNonceOnceAsync(n => Access.SetMemberAsync(new MemberRow(Workspace, "u-ann", WorkspaceRole.Guest, At), n));
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.RemoveMemberAsync(Workspace, "u-ann", Nonce("n")));
        Assert.Single(await Access.ListMembersAsync(Workspace));
        Assert.Equal(ChangeAccessResult.Changed, await Access.RemoveMemberAsync(Workspace, "u-ann", Nonce("m")));
        Assert.Empty(await Access.ListMembersAsync(Workspace));
    }

    [Fact]
    public async Task Who_creates_a_workspace_owns_it_and_the_account_needs_not_to()
    {
        await AddWorkspaceAsync();
        await AddAsync(User("ann"));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(OtherRow, null, "u-ann"));
        Assert.Equal(new MemberRow(OtherWorkspace, "u-ann", WorkspaceRole.Owner, OtherRow.CreatedAt), Assert.Single(await Access.ListMembersAsync(OtherWorkspace)).Row);
        var third = OtherRow with { Id = new WorkspaceId("w-3"), ProjectCode = 3, Name = "three" };
        Assert.Equal(ChangeWorkspaceResult.NameTaken, await Store.CreateWorkspaceAsync(third with { Name = HomeRow.Name }, null, "u-ann"));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(third, null, Root.AccountId));
        Assert.Empty(await Access.ListMembersAsync(third.Id));
        Assert.Single((await Access.ReadPrincipalAsync("u-ann"))!.Memberships);
    }

    [Fact]
    public async Task The_members_of_a_deleted_workspace_go_with_it()
    {
        await AddWorkspacesAsync();
        await AddAsync(User("ann"));
        await AllChangedAsync(2, i => SetAsync("u-ann", WorkspaceRole.Owner, i == 0 ? Workspace : OtherWorkspace));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, null));
        Assert.Equal([Workspace], (await Access.ReadPrincipalAsync("u-ann"))!.Memberships.Select(m => m.Workspace));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(OtherRow, null));
        Assert.Empty(await Access.ListMembersAsync(OtherWorkspace));
    }

    [Fact]
    public async Task A_workspace_has_so_many_members_at_most()
    {
        await AddWorkspaceAsync();
        await AllChangedAsync(IAccessStore.MembersPerWorkspaceMax, i => Access.CreateIdentityAsync(User($"u{i}"), null));
        await AddAsync(Role("etl"));
        await AllChangedAsync(IAccessStore.MembersPerWorkspaceMax, i => SetAsync($"u-u{i}", WorkspaceRole.Guest));
        Assert.Equal(ChangeAccessResult.TooMany, await SetAsync("r-etl", WorkspaceRole.Guest));
        await AllChangedAsync(1, _ => SetAsync("u-u3", WorkspaceRole.Owner));
        Assert.Equal(IAccessStore.MembersPerWorkspaceMax, (await Access.ListMembersAsync(Workspace)).Count);
    }

    private Task<ChangeAccessResult> SetAsync(string identity, WorkspaceRole role, WorkspaceId? workspace = null) =>
        Access.SetMemberAsync(new MemberRow(workspace ?? Workspace, identity, role, At), null);
}
