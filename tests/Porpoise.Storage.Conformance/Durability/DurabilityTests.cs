using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Durability;

/// <summary>What was acknowledged is there after a crash; nothing of the first store is closed before the second opens.</summary>
public abstract class DurabilityTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task Runs_and_tasks_are_there_as_they_were()
    {
        var run = await StartAsync(NewRun(changes: [new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At)]));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 3, "exit code 3", 1, 0, At.AddHours(1), At));
        Assert.True(await Store.SaveRunAsync(run.Run, run.Epoch, Decide(RunState.Stopping)));
        var (row, tasks) = (await Store.FindRunAsync(Workspace, run.Run), await Store.ListTasksAsync(run.Run, 10));
        await CrashAndReopenAsync();
        Assert.Equal(row, await Store.FindRunAsync(Workspace, run.Run));
        Assert.Equal(tasks, await Store.ListTasksAsync(run.Run, 10));
        Assert.Equal(RunState.Stopping, Assert.Single(await Store.ListUnfinishedRunsAsync(new RunId(0), 10)).State);
    }

    [Fact]
    public async Task Ids_go_on_where_they_stood()
    {
        await AddWorkspaceAsync();
        var workflow = await CreateAsync(Workflow, Definition("flow"));
        var last = (await Task.WhenAll(Enumerable.Range(0, 30).Select(i => StartAsync(NewRun(taskCount: 1 + i))))).MaxBy(r => r.Run.Value)!;
        var block = (await Store.FindRunAsync(Workspace, last.Run))!.TaskCount;
        await CrashAndReopenAsync();
        var next = await StartAsync();
        Assert.Equal(last.Run.Value + 1, next.Run.Value);
        Assert.Equal(last.FirstTaskId + block, next.FirstTaskId);
        Assert.True((await CreateAsync(new WorkflowCode(5), Definition("next"))).Workflow.Id > workflow.Workflow.Id);
    }

    [Fact]
    public async Task Attempt_numbers_stay_used_and_epochs_go_on()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At));
        var before = (await Store.TakeOverRunAsync(run.Run))!;
        await CrashAndReopenAsync();
        var after = (await Store.TakeOverRunAsync(run.Run))!;
        Assert.True(after.Epoch.Value > before.Epoch.Value);
        Assert.False(await Store.SaveRunAsync(run.Run, before.Epoch, Decide(RunState.Stopping)));
        Assert.Equal(new TaskSnapshot(0, TaskState.Running, 1, 0, 0, null) { StartedAt = At }, Assert.Single(after.Tasks));
        Assert.True(await Store.SaveRunAsync(run.Run, after.Epoch, Decide([new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, At)])));
    }

    [Fact]
    public async Task Tokens_and_nonces_stay_used()
    {
        var run = await StartAsync(NewRun(idempotency: Idempotency("t"), nonce: Nonce("n")));
        await CrashAndReopenAsync();
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("n"))));
        Assert.Equal(new StartRunResult.Repeated(run.Run), await Store.StartRunAsync(NewRun(idempotency: Idempotency("t"))));
        Assert.Single(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Accounts_and_definitions_are_there_as_they_were()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow"));
        var saved = await UpdateAsync(Workflow, Definition("flow", 5), published: true);
        await CrashAndReopenAsync();
        Assert.Equal(Root, await Store.FindRootAsync());
        Assert.False(await Store.CreateRootAsync(Root, Key, Token, HomeRow));
        Assert.Equal(saved.Workflow, await Store.FindWorkflowAsync(Workspace, Workflow));
        Assert.Equal(5, (await Store.FindVersionAsync(Workflow, 2))!.Definition.Tasks.Count);
        Assert.IsType<SaveWorkflowResult.NameTaken>(await Store.CreateWorkflowAsync(Workspace, new WorkflowCode(5), Definition("flow"), false, "ann", At, null));
    }

    [Fact]
    public async Task Counters_are_there_as_they_were()
    {
        await EndAsync(await StartAsync(), RunState.Failed);
        await StartAsync();
        await CrashAndReopenAsync();
        var counts = await Store.CountRunsAsync(Workspace, null, null);
        Assert.Equal((1, 1), (counts[RunState.Running], counts[RunState.Failed]));
        await StartAsync();
        Assert.Equal(2, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
    }

    [Fact]
    public async Task A_store_can_crash_again_and_again()
    {
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(i, (await StartAsync()).Run.Value);
            await CrashAndReopenAsync();
            Assert.Equal(i, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
        }
    }
}
