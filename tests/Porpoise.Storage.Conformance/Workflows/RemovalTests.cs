using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Workflows;

/// <summary>Definitions that are deleted, or handed over to another workspace.</summary>
public abstract class RemovalTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly WorkflowCode Other = new(8_800_000_000_002);

    [Fact]
    public async Task A_deleted_definition_is_gone_with_its_versions_and_its_name_is_free()
    {
        await AddWorkspaceAsync();
        var id = (await CreateAsync(Workflow, Definition("flow"))).Workflow.Id;
        await UpdateAsync(Workflow, Definition("flow", 3));
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync());
        await CrashAndReopenAsync();
        Assert.Null(await Store.FindWorkflowAsync(Workspace, Workflow));
        Assert.Null(await Store.FindVersionAsync(Workflow, 1));
        Assert.Equal(0, (await Store.ListVersionsAsync(Workflow, null, new PageRequest(0, 10))).Total);
        Assert.Equal(0, await Store.CountWorkflowsAsync(Workspace));
        Assert.Equal(ChangeWorkflowResult.NotFound, await DeleteAsync());
        Assert.True((await CreateAsync(Other, Definition("flow"))).Workflow.Id > id);
    }

    [Fact]
    public async Task Versions_of_a_deleted_definition_live_as_long_as_runs_are_pinned_to_them()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        await UpdateAsync(Workflow, Definition("flow", 3));
        var runs = new List<StartRunResult.Started> { await StartAsync(NewRun() with { Version = 2 }), await StartAsync(NewRun() with { Version = 2 }) };
        foreach (var run in runs)
        {
            await EndAsync(run, RunState.Succeeded);
        }

        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync());
        Assert.Equal([false, true, false], await StoredAsync(1, 2, 3));
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, runs[0].Run, null));
        Assert.Equal([false, true, false], await StoredAsync(1, 2, 3));
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, runs[1].Run, null));
        Assert.Equal([false, false, false], await StoredAsync(1, 2, 3));
    }

    [Fact]
    public async Task A_version_outlives_its_last_run_as_long_as_the_definition_is_there()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        var run = await StartAsync(NewRun() with { Version = 1 });
        await EndAsync(run, RunState.Succeeded);
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, run.Run, null));
        Assert.Equal([true], await StoredAsync(1));
    }

    [Fact]
    public async Task A_published_definition_stays()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"), publish: true);
        Assert.Equal(ChangeWorkflowResult.Published, await DeleteAsync(Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.Published, await MoveAsync(Nonce("n")));
        Assert.NotNull(await Store.FindWorkflowAsync(Workspace, Workflow));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_definition_with_a_run_under_way_stays()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"));
        var start = Store.StartRunAsync(NewRun() with { Version = 1 });
        Assert.Equal([ChangeWorkflowResult.UsedByRuns, ChangeWorkflowResult.UsedByRuns], await Task.WhenAll(DeleteAsync(Nonce("n")), MoveAsync(Nonce("m"))));
        var run = (StartRunResult.Started)await start;
        await EndAsync(run, RunState.Stopping);
        Assert.Equal(ChangeWorkflowResult.UsedByRuns, await DeleteAsync());
        Assert.Equal(ChangeWorkflowResult.UsedByRuns, await MoveAsync());
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        await EndAsync(run, RunState.Stopped);
        Assert.Equal(ChangeWorkflowResult.Changed, await DeleteAsync());
    }

    [Fact]
    public async Task A_moved_definition_leaves_its_runs_where_they_were()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"));
        var run = await StartAsync(NewRun() with { Version = 1 });
        await EndAsync(run, RunState.Failed);
        Assert.Equal(ChangeWorkflowResult.Changed, await MoveAsync());
        Assert.Null(await Store.FindWorkflowAsync(Workspace, Workflow));
        var row = (await Store.FindWorkflowAsync(OtherWorkspace, Workflow))!;
        Assert.Equal((OtherWorkspace, "flow", At.AddHours(3), "dan"), (row.Workspace, row.Name, row.UpdatedAt, row.UpdatedBy));

        var next = await StartAsync(NewRun(OtherWorkspace) with { Version = 1 });
        var filter = new RunFilter { Workflow = Workflow };
        Assert.Equal([run.Run], (await Store.ListRunsAsync(Workspace, filter, new PageRequest(0, 10))).Rows.Select(r => r.Id));
        Assert.Equal([next.Run], (await Store.ListRunsAsync(OtherWorkspace, filter, new PageRequest(0, 10))).Rows.Select(r => r.Id));
    }

    [Fact]
    public async Task A_move_needs_a_free_name_and_a_workspace_that_is_there()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.MoveWorkflowAsync(Workspace, Workflow, new WorkspaceId("w-none"), "dan", At, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NotFound, await Store.MoveWorkflowAsync(OtherWorkspace, Workflow, Workspace, "dan", At, Nonce("n")));
        Assert.IsType<SaveWorkflowResult.Saved>(await Store.CreateWorkflowAsync(OtherWorkspace, Other, Definition("flow"), false, "ann", At, null));
        Assert.Equal(ChangeWorkflowResult.NameTaken, await MoveAsync(Nonce("n")));
        Assert.Equal(Workspace, (await Store.FindWorkflowAsync(Workspace, Workflow))!.Workspace);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_nonce_makes_one_change()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Workflow, Definition("flow"));
        await CreateAsync(Other, Definition("other"));
        Assert.Equal(ChangeWorkflowResult.Changed, await MoveAsync(Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await Store.MoveWorkflowAsync(Workspace, Other, OtherWorkspace, "dan", At, Nonce("n")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await Store.DeleteWorkflowAsync(Workspace, Other, Nonce("n")));
        Assert.NotNull(await Store.FindWorkflowAsync(Workspace, Other));
        Assert.Equal(ChangeWorkflowResult.Changed, await Store.DeleteWorkflowAsync(Workspace, Other, Nonce("m")));
        Assert.Equal(ChangeWorkflowResult.NonceUsed, await Store.DeleteWorkflowAsync(OtherWorkspace, Workflow, Nonce("m")));
    }

    private async Task<IEnumerable<bool>> StoredAsync(params int[] versions)
    {
        var stored = new List<bool>();
        foreach (var version in versions)
        {
            stored.Add(await Store.FindVersionAsync(Workflow, version) is not null);
        }

        return stored;
    }

    private Task<ChangeWorkflowResult> DeleteAsync(NonceRow? nonce = null) => Store.DeleteWorkflowAsync(Workspace, Workflow, nonce);

    private Task<ChangeWorkflowResult> MoveAsync(NonceRow? nonce = null) => Store.MoveWorkflowAsync(Workspace, Workflow, OtherWorkspace, "dan", At.AddHours(3), nonce);
}
