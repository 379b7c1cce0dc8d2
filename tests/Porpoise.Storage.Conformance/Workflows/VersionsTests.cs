using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Workflows;

public abstract class VersionsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly WorkflowCode Other = new(8_800_000_000_002);
    private static readonly DateTimeOffset Later = At.AddHours(2);

    [Fact]
    public async Task A_switch_makes_a_stored_version_the_current_one_with_its_name_and_description()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("first") with { Description = "one" }, publish: true);
        await UpdateAsync(Workflow, Definition("second", 3) with { Description = "two" });
        Assert.Equal(ChangeWorkflowResult.Changed, await SwitchAsync(1));
        var row = (await Store.FindWorkflowAsync(Workspace, Workflow))!;
        Assert.Equal(("first", "one", 1, 2, 1, Later, "cat"), (row.Name, row.Description, row.Version, row.LastVersion, row.PublishedVersion!.Value, row.UpdatedAt, row.UpdatedBy));
        Assert.Equal(ChangeWorkflowResult.Changed, await SwitchAsync(2));
        Assert.Equal(("second", "two", 2), await CurrentAsync());
    }

    [Fact]
    public async Task A_save_is_compared_with_the_current_version_and_becomes_the_newest()
    {
        await AddWorkspaceAsync();
        var first = await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        await SwitchAsync(1);
        Assert.Equal((1, 2), Versions((await UpdateAsync(Workflow, Definition("flow", 1))).Workflow)); // as the current one: no new version
        Assert.Equal((3, 3), Versions((await UpdateAsync(Workflow, Definition("flow", 2))).Workflow)); // as an older one: a new version all the same
        Assert.Equal((4, 4), Versions((await UpdateAsync(Workflow, Definition("flow", 1))).Workflow));
        Assert.Equal(4, await Store.FindVersionByHashAsync(Workflow, first.Hash));
    }

    [Fact]
    public async Task A_release_publishes_the_current_version()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        await SwitchAsync(1);
        Assert.Equal(ReleaseWorkflowResult.Released, await Store.ReleaseWorkflowAsync(Workspace, Workflow, true, At, null));
        Assert.Equal(1, (await Store.FindWorkflowAsync(Workspace, Workflow))!.PublishedVersion);
    }

    [Fact]
    public async Task A_switch_to_a_name_that_is_taken_by_now_is_refused()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("old"));
        await UpdateAsync(Workflow, Definition("new"));
        await CreateAsync(Other, Definition("old"));
        Assert.Equal(ChangeWorkflowResult.NameTaken, await SwitchAsync(1, Nonce("n")));
        Assert.Equal("new", (await CurrentAsync()).Name);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Only_what_is_there_can_be_switched_to_or_deleted()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"));
        await UpdateAsync(Workflow, Definition("flow", 3));
        Assert.Equal(ChangeWorkflowResult.VersionNotFound, await SwitchAsync(3, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.VersionNotFound, await DeleteAsync(3, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.SwitchVersionAsync(OtherWorkspace, Workflow, 1, "eve", At, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.DeleteVersionAsync(OtherWorkspace, Workflow, 1, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.SwitchVersionAsync(Workspace, Other, 1, "eve", At, null));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.DeleteVersionAsync(Workspace, Other, 1, null));
        Assert.Equal(2, (await CurrentAsync()).Version);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_version_can_be_deleted_unless_it_is_current_or_published_or_a_run_is_pinned_to_it()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1), publish: true);
        for (var i = 2; i <= 4; i++)
        {
            await UpdateAsync(Workflow, Definition("flow", i));
        }

        var run = await StartAsync(NewRun() with { Version = 3 });
        Assert.Equal(ChangeWorkflowResult.Published, await DeleteAsync(1, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.UsedByRuns, await DeleteAsync(3, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.Current, await DeleteAsync(4, Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync(2));
        Assert.Equal([4, 3, 1], (await Store.ListVersionsAsync(Workflow, null, new PageRequest(0, 10))).Rows.Select(v => v.Version));
        Assert.Null(await Store.FindVersionAsync(Workflow, 2));

        await EndAsync(run, RunState.Succeeded);
        Assert.Equal(ChangeWorkflowResult.UsedByRuns, await DeleteAsync(3));
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, run.Run, null));
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync(3));
        Assert.Equal(ChangeWorkflowResult.VersionNotFound, await DeleteAsync(3));
    }

    [Fact]
    public async Task A_run_that_starts_at_the_same_time_keeps_its_version()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        var start = Store.StartRunAsync(NewRun() with { Version = 1 });
        var delete = DeleteAsync(1); // in the same commit, mostly
        Assert.IsType<StartRunResult.Started>(await start);
        Assert.Equal(ChangeWorkflowResult.UsedByRuns, await delete);
    }

    [Fact]
    public async Task The_number_of_a_deleted_version_is_not_used_again()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        await SwitchAsync(1);
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync(2));
        Assert.Equal(3, (await UpdateAsync(Workflow, Definition("flow", 2))).Workflow.Version);
    }

    [Fact]
    public async Task A_nonce_makes_one_change()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        Assert.Equal(ChangeWorkflowResult.Changed, await SwitchAsync(1, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await SwitchAsync(2, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await DeleteAsync(2, Nonce("n")));
        Assert.Equal(1, (await CurrentAsync()).Version);
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync(2, Nonce("m")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await SwitchAsync(1, Nonce("m")));
    }

    private static (int Current, int Last) Versions(WorkflowRow row) => (row.Version, row.LastVersion);

    private Task<ChangeWorkflowResult> SwitchAsync(int version, NonceRow? nonce = null) => Store.SwitchVersionAsync(Workspace, Workflow, version, "cat", Later, nonce);

    private Task<ChangeWorkflowResult> DeleteAsync(int version, NonceRow? nonce = null) => Store.DeleteVersionAsync(Workspace, Workflow, version, nonce);

    private async Task<(string Name, string Description, int Version)> CurrentAsync()
    {
        var row = (await Store.FindWorkflowAsync(Workspace, Workflow))!;
        return (row.Name, row.Description, row.Version);
    }
}
