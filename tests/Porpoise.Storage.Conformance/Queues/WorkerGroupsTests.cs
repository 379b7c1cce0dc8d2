using Porpoise.Core.Environments;
using Porpoise.Core.Runs;
using Porpoise.Storage.Environments;
using Porpoise.Storage.Queues;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Queues;

public abstract class WorkerGroupsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly WorkerGroupSettings Gpu = new("gpu – 图", 3, "the fast ones");

    [Fact]
    public async Task What_is_saved_comes_back_also_after_a_crash()
    {
        Assert.Empty(await Store.ListWorkerGroupsAsync());
        var saved = await CreateAsync(Gpu);
        Assert.Equal(new WorkerGroupRow(saved.Id, Gpu, At, At), saved);
        var changed = Gpu with { Slots = 0, Description = "" };
        Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.UpdateWorkerGroupAsync(saved.Id, changed, At.AddMinutes(1), nonce: null));
        await CrashAndReopenAsync();
        Assert.Equal([new WorkerGroupRow(saved.Id, changed, At, At.AddMinutes(1))], await Store.ListWorkerGroupsAsync());
    }

    [Fact]
    public async Task Names_are_unique_and_stay()
    {
        var group = await CreateAsync(Gpu);
        Assert.IsType<SaveWorkerGroupResult.NameTaken>(await Store.CreateWorkerGroupAsync(Gpu, At, nonce: null));
        Assert.IsType<SaveWorkerGroupResult.NameIsFixed>(await Store.UpdateWorkerGroupAsync(group.Id, Gpu with { Name = "cpu" }, At, nonce: null));
        Assert.IsType<SaveWorkerGroupResult.NotFound>(await Store.UpdateWorkerGroupAsync(99, Gpu, At, nonce: null));
    }

    [Fact]
    public async Task There_are_only_so_many()
    {
        for (var i = 0; i < IWorkerGroupStore.WorkerGroupsMax; i++)
        {
            await CreateAsync(Gpu with { Name = $"g{i}" });
        }

        Assert.IsType<SaveWorkerGroupResult.TooMany>(await Store.CreateWorkerGroupAsync(Gpu, At, nonce: null));
    }

    [Fact]
    public async Task The_standard_group_stays()
    {
        var standard = await CreateAsync(Gpu with { Name = "default" });
        Assert.IsType<SaveWorkerGroupResult.IsStandard>(await Store.DeleteWorkerGroupAsync(standard.Id, nonce: null));
    }

    [Fact]
    public async Task A_group_that_an_unfinished_run_names_stays_until_that_has_ended()
    {
        var group = await CreateAsync(Gpu);
        var run = await StartAsync(NewRun() with { WorkerGroup = Gpu.Name });
        Assert.Equal(Gpu.Name, (await Store.FindRunAsync(Workspace, run.Run))!.WorkerGroup);
        Assert.Equal(Gpu.Name, (await Store.ListUnfinishedRunsAsync(new RunId(0), 1))[0].WorkerGroup);
        Assert.IsType<SaveWorkerGroupResult.InUse>(await Store.DeleteWorkerGroupAsync(group.Id, nonce: null));
        await EndAsync(run, RunState.Failed);
        Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.DeleteWorkerGroupAsync(group.Id, nonce: null));
        Assert.Empty(await Store.ListWorkerGroupsAsync());
    }

    [Fact]
    public async Task A_group_that_a_workflow_names_stays_until_none_of_its_versions_in_use_does()
    {
        await AddWorkspaceAsync();
        var group = await CreateAsync(Gpu);
        var definition = Definition("w");
        await CreateAsync(Workflow, definition with { Tasks = [definition.Tasks[0] with { WorkerGroup = Gpu.Name }, .. definition.Tasks.Skip(1)] }, publish: true);
        await UpdateAsync(Workflow, definition);
        Assert.IsType<SaveWorkerGroupResult.InUse>(await Store.DeleteWorkerGroupAsync(group.Id, nonce: null)); // by the published one
        Assert.Equal(ReleaseWorkflowResult.Released, await Store.ReleaseWorkflowAsync(Workspace, Workflow, online: true, At, nonce: null));
        Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.DeleteWorkerGroupAsync(group.Id, nonce: null));
    }

    [Fact]
    public async Task A_group_that_an_environment_names_stays_until_it_does_not()
    {
        var group = await CreateAsync(Gpu);
        var settings = new EnvironmentSettings("e", "export A=1", "", ["default", Gpu.Name]);
        var code = new EnvironmentCode(7);
        Assert.IsType<SaveEnvironmentResult.Saved>(await Store.CreateEnvironmentAsync(code, settings, "root", At, nonce: null));
        Assert.Equal(new SaveWorkerGroupResult.NamedByEnvironment("e"), await Store.DeleteWorkerGroupAsync(group.Id, nonce: null));
        Assert.IsType<SaveEnvironmentResult.Saved>(await Store.UpdateEnvironmentAsync(code, settings with { WorkerGroups = [Gpu.Name + "2"] }, At, nonce: null));
        Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.DeleteWorkerGroupAsync(group.Id, nonce: null));
    }

    [Fact]
    public async Task A_nonce_is_used_once()
    {
        var group = Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.CreateWorkerGroupAsync(Gpu, At, Nonce("n"))).Group;
        Assert.IsType<SaveWorkerGroupResult.NonceUsed>(await Store.UpdateWorkerGroupAsync(group.Id, Gpu with { Slots = 1 }, At, Nonce("n")));
        Assert.IsType<SaveWorkerGroupResult.NonceUsed>(await Store.DeleteWorkerGroupAsync(group.Id, Nonce("n")));
    }

    private async Task<WorkerGroupRow> CreateAsync(WorkerGroupSettings settings) => Assert.IsType<SaveWorkerGroupResult.Saved>(await Store.CreateWorkerGroupAsync(settings, At, nonce: null)).Group;
}
