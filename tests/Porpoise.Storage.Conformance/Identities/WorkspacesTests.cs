using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class WorkspacesTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DateTimeOffset Later = At.AddMinutes(9);

    [Fact]
    public async Task Workspaces_are_listed_as_they_were_created_with_numbers_of_their_own()
    {
        await AddWorkspacesAsync();
        Assert.Equal([HomeRow, OtherRow], await Store.ListWorkspacesAsync());
        await CrashAndReopenAsync();
        Assert.Equal([HomeRow, OtherRow], await Store.ListWorkspacesAsync());
    }

    [Fact]
    public async Task A_workspace_takes_another_name_and_description()
    {
        await AddWorkspacesAsync();
        Assert.Equal(ChangeWorkspaceResult.Changed, await UpdateAsync(OtherWorkspace, "renamed", "d"));
        Assert.Equal([HomeRow, OtherRow with { Name = "renamed", Description = "d", UpdatedAt = Later }], await Store.ListWorkspacesAsync());
        Assert.Equal(ChangeWorkspaceResult.Changed, await UpdateAsync(OtherWorkspace, "renamed", ""));
        Assert.Equal("", (await Store.ListWorkspacesAsync())[1].Description);
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await AddWorkspacesAsync();
        Assert.Equal(ChangeWorkspaceResult.NameTaken, await UpdateAsync(OtherWorkspace, HomeRow.Name, "d", Nonce("n")));
        Assert.Equal(ChangeWorkspaceResult.NameTaken, await Store.CreateWorkspaceAsync(OtherRow with { Id = new WorkspaceId("w-3"), ProjectCode = 3 }, Nonce("n")));
        Assert.Equal([HomeRow, OtherRow], await Store.ListWorkspacesAsync());
        Assert.Equal(4, (await Store.ListQueuesAsync(null)).Count);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await AddWorkspaceAsync();
        Assert.Equal(ChangeWorkspaceResult.NotFound, await UpdateAsync(OtherWorkspace, "x", "", Nonce("n")));
        Assert.Equal(ChangeWorkspaceResult.NotFound, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task An_empty_workspace_goes_with_its_queues_and_its_number_is_not_used_again()
    {
        await AddWorkspacesAsync();
        var queue = (await Store.ListQueuesAsync(null)).Max(q => q.Id);
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, null));
        Assert.Equal([HomeRow], await Store.ListWorkspacesAsync());
        Assert.Equal(2, (await Store.ListQueuesAsync(null)).Count);
        await CrashAndReopenAsync();
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(OtherRow, null));
        Assert.Equal([HomeRow, OtherRow with { Number = 3 }], await Store.ListWorkspacesAsync());
        Assert.All(await Store.ListQueuesAsync(OtherWorkspace), q => Assert.True(q.Id > queue));
    }

    [Fact]
    public async Task A_workspace_with_definitions_or_runs_stays()
    {
        await AddWorkspacesAsync();
        Assert.IsType<SaveWorkflowResult.Saved>(await Store.CreateWorkflowAsync(OtherWorkspace, Workflow, Definition("flow"), false, "ann", At, null));
        Assert.Equal((0, 1), (await Store.CountWorkflowsAsync(Workspace), await Store.CountWorkflowsAsync(OtherWorkspace)));
        Assert.Equal(ChangeWorkspaceResult.NotEmpty, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("n")));
        var run = await StartAsync(NewRun(OtherWorkspace));
        await EndAsync(run, RunState.Failed);
        Assert.Equal(ChangeWorkflowResult.Changed, await Store.DeleteWorkflowAsync(OtherWorkspace, Workflow, null));
        Assert.Equal(ChangeWorkspaceResult.NotEmpty, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("n")));
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(OtherWorkspace, run.Run, null));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("n")));
    }

    [Fact]
    public async Task A_description_that_is_not_named_stays()
    {
        await AddWorkspacesAsync();
        Assert.Equal(ChangeWorkspaceResult.Changed, await UpdateAsync(OtherWorkspace, "renamed", null));
        Assert.Equal([HomeRow, OtherRow with { Name = "renamed", UpdatedAt = Later }], await Store.ListWorkspacesAsync());
    }

    [Fact]
    public async Task A_nonce_makes_one_change()
    {
        await AddWorkspaceAsync();
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(OtherRow, Nonce("a")));
        Assert.Equal(ChangeWorkspaceResult.NonceUsed, await Store.CreateWorkspaceAsync(OtherRow with { Id = new WorkspaceId("w-3"), ProjectCode = 3, Name = "three" }, Nonce("a")));
        Assert.Equal(ChangeWorkspaceResult.NonceUsed, await UpdateAsync(OtherWorkspace, "x", "", Nonce("a")));
        Assert.Equal(ChangeWorkspaceResult.NonceUsed, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("a")));
        Assert.Equal([HomeRow, OtherRow], await Store.ListWorkspacesAsync());
        Assert.Equal(ChangeWorkspaceResult.Changed, await UpdateAsync(OtherWorkspace, "x", "", Nonce("b")));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, Nonce("c")));
        Assert.Equal(3, (await Store.ListNoncesAsync(At, 10)).Count);
    }

    private Task<ChangeWorkspaceResult> UpdateAsync(WorkspaceId workspace, string name, string? description, NonceRow? nonce = null) =>
        Store.UpdateWorkspaceAsync(workspace, name, description, Later, nonce);
}
