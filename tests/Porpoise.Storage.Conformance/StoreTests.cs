using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;

namespace Porpoise.Storage.Conformance;

/// <summary>What every topic of the suite needs: a fresh store, and short ways to put something into it.</summary>
public abstract class StoreTests(IStoreFixture fixture) : IAsyncLifetime
{
    private IStore? _store;

    protected IStore Store => _store!;

    protected IAccessStore Access => fixture.Access;

    protected IAuditStore Audit => fixture.Audit;

    public async ValueTask InitializeAsync() => _store = await fixture.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>From here on <see cref="Store"/> is what a new process would see after a crash.</summary>
    protected async Task CrashAndReopenAsync() => _store = await fixture.ReopenAsync();

    protected async Task<StartRunResult.Started> StartAsync(NewRun run) => Assert.IsType<StartRunResult.Started>(await Store.StartRunAsync(run));

    /// <summary>A run with these first changes, or with one queued task.</summary>
    protected Task<StartRunResult.Started> StartAsync(params IReadOnlyList<TaskChange> changes) => StartAsync(Samples.NewRun(changes: changes.Count > 0 ? changes : null));

    protected async Task SaveAsync(StartRunResult.Started run, params IReadOnlyList<TaskChange> changes) =>
        Assert.True(await Store.SaveRunAsync(run.Run, run.Epoch, Samples.Decide(changes)));

    protected async Task EndAsync(StartRunResult.Started run, RunState state) => Assert.True(await Store.SaveRunAsync(run.Run, run.Epoch, Samples.Decide(state)));

    /// <summary>Definitions need a workspace to belong to.</summary>
    protected async Task AddWorkspaceAsync() =>
        Assert.True(await Store.CreateRootAsync(Samples.Root, Samples.Key, Samples.Token, Samples.HomeRow));

    /// <summary>Two of them, with their standard queues.</summary>
    protected async Task AddWorkspacesAsync()
    {
        await AddWorkspaceAsync();
        Assert.Equal(ChangeWorkspaceResult.Changed, await Store.CreateWorkspaceAsync(Samples.OtherRow, null));
    }

    protected async Task<SaveWorkflowResult.Saved> CreateAsync(WorkflowCode code, WorkflowDefinition definition, bool publish = false, NonceRow? nonce = null) =>
        Assert.IsType<SaveWorkflowResult.Saved>(await Store.CreateWorkflowAsync(Samples.Workspace, code, definition, publish, "ann", Samples.At, nonce));

    protected async Task<SaveWorkflowResult.Saved> UpdateAsync(WorkflowCode code, WorkflowDefinition definition, bool? published = null) =>
        Assert.IsType<SaveWorkflowResult.Saved>(await Store.UpdateWorkflowAsync(Samples.Workspace, code, definition, published, "bob", Samples.At.AddMinutes(1), null));
}
