using Porpoise.Core.Library;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Library;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Library;

public abstract class DevelopmentTasksTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DevelopmentTaskId Id = new("TSK-00112233445566778899aabbccddeeff");
    private static readonly DevelopmentTaskId OtherId = new("TSK-ffeeddccbbaa99887766554433221100");
    private static readonly DateTimeOffset Later = At.AddMinutes(7);
    private static readonly PageRequest All = new(0, 100);

    private static readonly DevelopmentTask Orders = new("orders – 每天", DevelopmentTaskKind.Sql)
    {
        Description = "counts",
        Code = "select '工', \"x\"\n;",
        Settings = [KeyValuePair.Create("spark.a", "1"), KeyValuePair.Create("spark.b", "")],
        Catalog = "lake",
        Database = "db",
    };

    private static readonly DevelopmentTask Program = new("program", DevelopmentTaskKind.Jar) { EntryFile = "s3a://b/x.jar", MainClass = "org.X$Y", Arguments = ["a b", "", "'"] };

    [Fact]
    public async Task A_development_task_is_stored_as_version_1_and_still_there_after_a_crash()
    {
        await AddWorkspaceAsync();
        var row = await CreateAsync(Id, Orders);
        Assert.Equal(new DevelopmentTaskRow(Id, Workspace, Orders.Name, DevelopmentTaskKind.Sql, 1, null, At, At, "ann"), row);
        await CrashAndReopenAsync();
        Assert.Equal(row, await Store.FindDevelopmentTaskAsync(Workspace, Id));
        AssertSame(Orders, (await Store.FindDevelopmentTaskVersionAsync(Id, 1))!);
        Assert.Null(await Store.FindDevelopmentTaskVersionAsync(Id, 2));
        Assert.Null(await Store.FindDevelopmentTaskAsync(OtherWorkspace, Id));
    }

    [Fact]
    public async Task All_members_are_kept()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Program);
        AssertSame(Program, (await Store.FindDevelopmentTaskVersionAsync(Id, 1))!);
    }

    [Fact]
    public async Task A_change_is_a_new_version_and_the_old_one_stays_as_it_was()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders, publish: true);
        var changed = Orders with { Name = "renamed", Code = "select 2" };
        var row = await UpdateAsync(changed);
        Assert.Equal(("renamed", 2, (int?)1, Later, "bob"), (row.Name, row.Version, row.PublishedVersion, row.UpdatedAt, row.UpdatedBy));
        AssertSame(Orders, (await Store.FindDevelopmentTaskVersionAsync(Id, 1))!);
        var second = (await Store.FindDevelopmentTaskVersionAsync(Id, 2))!;
        AssertSame(changed, second);
        Assert.Equal(("why", "bob", Later), (second.Remark, second.CreatedBy, second.CreatedAt));
        Assert.Equal([2, 1], (await Store.ListDevelopmentTaskVersionsAsync(Id, All)).Rows.Select(v => v.Version));
        Assert.Equal(2, (await Store.ListDevelopmentTaskVersionsAsync(Id, new PageRequest(1, 1))).Total);
    }

    [Fact]
    public async Task The_same_content_again_is_no_new_version()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders);
        var row = await UpdateAsync(Orders, publish: true);
        Assert.Equal((1, (int?)1), (row.Version, row.PublishedVersion));
    }

    [Fact]
    public async Task Any_version_can_be_published()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders);
        await UpdateAsync(Orders with { Code = "select 2" });
        Assert.Equal(2, (await PublishAsync(null)).PublishedVersion);
        Assert.Equal(1, (await PublishAsync(1)).PublishedVersion);
        Assert.IsType<SaveDevelopmentTaskResult.VersionNotFound>(await Store.PublishDevelopmentTaskAsync(Workspace, Id, 3, Later, null));
        Assert.IsType<SaveDevelopmentTaskResult.NotFound>(await Store.PublishDevelopmentTaskAsync(OtherWorkspace, Id, 1, Later, null));
    }

    [Fact]
    public async Task What_breaks_a_rule_is_refused_and_leaves_nothing_behind()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Id, Orders);
        Assert.IsType<SaveDevelopmentTaskResult.NameTaken>(await Store.CreateDevelopmentTaskAsync(Workspace, OtherId, Orders, Terms(), Nonce("n")));
        Assert.IsType<SaveDevelopmentTaskResult.NotFound>(await Store.CreateDevelopmentTaskAsync(new WorkspaceId("w-none"), OtherId, Orders, Terms(), Nonce("n")));
        Assert.IsType<SaveDevelopmentTaskResult.NotFound>(await Store.UpdateDevelopmentTaskAsync(OtherWorkspace, Id, Orders, Terms(), Nonce("n")));
        Assert.Equal(DevelopmentTaskKind.Sql, Assert.IsType<SaveDevelopmentTaskResult.KindIsFixed>(await Store.UpdateDevelopmentTaskAsync(Workspace, Id, Program, Terms(), Nonce("n"))).Kind);
        Assert.Null(await Store.FindDevelopmentTaskVersionAsync(OtherId, 1));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.IsType<SaveDevelopmentTaskResult.Saved>(await Store.CreateDevelopmentTaskAsync(OtherWorkspace, OtherId, Orders, Terms(), Nonce("n")));
        Assert.IsType<SaveDevelopmentTaskResult.NonceUsed>(await Store.UpdateDevelopmentTaskAsync(OtherWorkspace, OtherId, Program, Terms(), Nonce("n")));
    }

    [Fact]
    public async Task What_was_made_from_another_version_is_not_saved()
    {
        await AddWorkspacesAsync();
        await CreateAsync(Id, Orders);
        await UpdateAsync(Orders with { Code = "select 2" });
        Assert.IsType<SaveDevelopmentTaskResult.Overtaken>(await TryAsync(1));
        Assert.Equal(2, (await Store.FindDevelopmentTaskAsync(Workspace, Id))!.Version);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.Equal(3, Assert.IsType<SaveDevelopmentTaskResult.Saved>(await TryAsync(2)).Task.Version);

        Task<SaveDevelopmentTaskResult> TryAsync(int basis) => Store.UpdateDevelopmentTaskAsync(Workspace, Id, Orders with { Code = "select 3" }, Terms(), Nonce("n"), basis);
    }

    [Fact]
    public async Task Those_last_changed_come_first_and_are_found_by_part_of_their_name()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders);
        await CreateAsync(OtherId, Program);
        await UpdateAsync(Orders with { Code = "select 2" });
        var all = await Store.ListDevelopmentTasksAsync(Workspace, null, All);
        Assert.Equal([Id, OtherId], all.Rows.Select(t => t.Id));
        Assert.Equal(2, all.Total);
        var some = await Store.ListDevelopmentTasksAsync(Workspace, "PROG", All);
        Assert.Equal([OtherId], some.Rows.Select(t => t.Id));
        Assert.Equal(1, some.Total);
        Assert.Equal(0, (await Store.ListDevelopmentTasksAsync(OtherWorkspace, null, All)).Total);
    }

    [Fact]
    public async Task One_that_a_workflow_refers_to_is_not_deleted_and_the_workflow_is_named()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders);
        var node = Definition("nightly", 1).Tasks[0] with { Type = TaskTypes.EmrServerlessSpark, Params = $$"""{"taskBizId":"{{Id}}"}""" };
        await CreateAsync(Workflow, Definition("nightly", 1) with { Tasks = [node] }, publish: true);
        Assert.Equal(["nightly"], Assert.IsType<DeleteDevelopmentTaskResult.InUse>(await Store.DeleteDevelopmentTaskAsync(Workspace, Id, Later, Nonce("n"))).Workflows);

        // The published version still refers to it, though the current one does not.
        await UpdateAsync(Workflow, Definition("nightly", 1));
        Assert.IsType<DeleteDevelopmentTaskResult.InUse>(await Store.DeleteDevelopmentTaskAsync(Workspace, Id, Later, Nonce("n")));
        Assert.Equal(ReleaseWorkflowResult.Released, await Store.ReleaseWorkflowAsync(Workspace, Workflow, online: true, Later, null));
        Assert.IsType<DeleteDevelopmentTaskResult.Deleted>(await Store.DeleteDevelopmentTaskAsync(Workspace, Id, Later, Nonce("n")));
    }

    [Fact]
    public async Task A_deleted_one_is_gone_but_for_the_runs_that_are_pinned_to_its_versions()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Id, Orders);
        Assert.IsType<DeleteDevelopmentTaskResult.Deleted>(await Store.DeleteDevelopmentTaskAsync(Workspace, Id, Later, null));
        Assert.IsType<DeleteDevelopmentTaskResult.NotFound>(await Store.DeleteDevelopmentTaskAsync(Workspace, Id, Later, null));
        Assert.Null(await Store.FindDevelopmentTaskAsync(Workspace, Id));
        Assert.Equal(0, (await Store.ListDevelopmentTasksAsync(Workspace, null, All)).Total);
        Assert.IsType<SaveDevelopmentTaskResult.NotFound>(await Store.UpdateDevelopmentTaskAsync(Workspace, Id, Orders, Terms(), null));
        AssertSame(Orders, (await Store.FindDevelopmentTaskVersionAsync(Id, 1))!);
        await CreateAsync(OtherId, Orders); // its name is free
    }

    [Fact]
    public async Task A_run_keeps_which_versions_it_is_pinned_to()
    {
        await AddWorkspaceAsync();
        var pins = LibraryPins.Write([KeyValuePair.Create(OtherId, 3), KeyValuePair.Create(Id, 1)]);
        var run = await StartAsync(NewRun() with { LibraryPins = pins });
        await CrashAndReopenAsync();
        var kept = LibraryPins.Read((await Store.TakeOverRunAsync(run.Run))!.Row.LibraryPins);
        Assert.Equal((1, 3, 2), (kept[Id], kept[OtherId], kept.Count));
        Assert.Equal("", (await Store.FindRunAsync(Workspace, (await StartAsync()).Run))!.LibraryPins);
    }

    [Fact]
    public async Task A_workspace_is_deleted_with_its_development_tasks()
    {
        await AddWorkspacesAsync();
        Assert.IsType<SaveDevelopmentTaskResult.Saved>(await Store.CreateDevelopmentTaskAsync(OtherWorkspace, Id, Orders, Terms(), null));
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.DeleteWorkspaceAsync(OtherWorkspace, null));
        Assert.Null(await Store.FindDevelopmentTaskVersionAsync(Id, 1));
    }

    private static SaveTerms Terms(bool publish = false, string by = "ann", DateTimeOffset? at = null) => new(publish, "why", by, at ?? At);

    private async Task<DevelopmentTaskRow> CreateAsync(DevelopmentTaskId id, DevelopmentTask task, bool publish = false) =>
        Assert.IsType<SaveDevelopmentTaskResult.Saved>(await Store.CreateDevelopmentTaskAsync(Workspace, id, task, Terms(publish), null)).Task;

    private async Task<DevelopmentTaskRow> UpdateAsync(DevelopmentTask task, bool publish = false) =>
        Assert.IsType<SaveDevelopmentTaskResult.Saved>(await Store.UpdateDevelopmentTaskAsync(Workspace, Id, task, Terms(publish, "bob", Later), null)).Task;

    private async Task<DevelopmentTaskRow> PublishAsync(int? version) =>
        Assert.IsType<SaveDevelopmentTaskResult.Saved>(await Store.PublishDevelopmentTaskAsync(Workspace, Id, version, Later, null)).Task;

    private static void AssertSame(DevelopmentTask expected, DevelopmentTaskVersionRow row) =>
        Assert.Equal((expected.Kind, DevelopmentTaskDocument.Write(expected)), (row.Task.Kind, DevelopmentTaskDocument.Write(row.Task)));
}
