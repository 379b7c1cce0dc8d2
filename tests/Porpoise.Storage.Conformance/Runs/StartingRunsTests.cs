using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class StartingRunsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task Everything_that_a_start_says_comes_back()
    {
        var started = await StartAsync(new TaskChange.Submitted(0, At), new TaskChange.NoopStarted(2, At));
        Assert.Equal(
            new RunRow(
                started.Run, Workspace, Workflow, 3, "nightly-3 – 每天", RunState.Running, FailureStrategy.Continue, Core.Workflows.Priority.High, true, "default", "root",
                """{"comment":"by hand"}""", started.FirstTaskId, TaskCount, At, null),
            await Store.FindRunAsync(Workspace, started.Run));
        Assert.Equal(
            [
                new TaskRow(new TaskId(started.FirstTaskId), started.Run, 0, Workflow, 3, TaskState.Queued, 0, 0, 0, null, "", At, null, null, null),
                new TaskRow(new TaskId(started.FirstTaskId + 2), started.Run, 2, Workflow, 3, TaskState.Running, 0, 0, 0, null, "", At, At, null, null),
            ],
            await Store.ListTasksAsync(started.Run, 100));
    }

    [Fact]
    public async Task What_a_run_stands_for_stays_with_it()
    {
        var moment = new DateTimeOffset(2026, 10, 31, 16, 0, 0, TimeSpan.Zero);
        var started = await StartAsync(NewRun() with { ScheduleTime = moment, TimeZone = "Asia/Shanghai" });
        Assert.Equal((moment, "Asia/Shanghai"), await Store.FindRunAsync(Workspace, started.Run) is { } row ? (row.ScheduleTime, row.TimeZone) : default);
        Assert.Equal(new Core.Parameters.ParameterTime(moment, "Asia/Shanghai"), (await Store.TakeOverRunAsync(started.Run))!.Row.Time);
        Assert.Equal(new Core.Parameters.ParameterTime(At, "UTC"), (await Store.FindRunAsync(Workspace, (await StartAsync()).Run))!.Time);
    }

    [Fact]
    public async Task The_first_ids_are_positive_and_runs_are_numbered_without_gaps()
    {
        var first = await StartAsync();
        Assert.True(first.Run.Value > 0);
        Assert.True(first.FirstTaskId > 0);
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(first.Run.Value + i, (await StartAsync()).Run.Value);
        }
    }

    [Fact]
    public async Task Blocks_of_task_ids_are_as_large_as_the_run_and_do_not_overlap()
    {
        var ends = 0;
        foreach (var size in new[] { 1, 10_000, 3, 1, 7 })
        {
            var started = await StartAsync(NewRun(taskCount: size, changes: [new TaskChange.Submitted(size - 1, At)]));
            Assert.True(started.FirstTaskId > ends);
            ends = started.FirstTaskId + size - 1;
            Assert.Equal(size - 1, (await Store.FindTaskAsync(Workspace, new TaskId(ends)))?.Index);
        }
    }

    [Fact]
    public async Task Runs_that_start_at_once_are_numbered_densely()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => StartAsync()));
        var ids = started.Select(s => s.Run.Value).Order().ToList();
        Assert.Equal(Enumerable.Range(ids[0], 200), ids);
        Assert.Equal(200, started.Select(s => s.FirstTaskId / TaskCount).Distinct().Count());
    }

    [Fact]
    public async Task A_run_of_another_workspace_is_not_found()
    {
        var started = await StartAsync(new TaskChange.Submitted(0, At));
        Assert.Null(await Store.FindRunAsync(OtherWorkspace, started.Run));
        Assert.Null(await Store.FindTaskAsync(OtherWorkspace, new TaskId(started.FirstTaskId)));
        Assert.NotNull(await Store.FindTaskAsync(Workspace, new TaskId(started.FirstTaskId)));
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await Store.FindRunAsync(Workspace, new RunId(1)));
        Assert.Null(await Store.FindTaskAsync(Workspace, new TaskId(1)));
        Assert.Empty(await Store.ListTasksAsync(new RunId(1), 10));
    }

    [Fact]
    public async Task The_list_of_tasks_is_in_the_order_of_the_definition_and_bounded()
    {
        var started = await StartAsync(new TaskChange.Submitted(3, At), new TaskChange.Submitted(0, At), new TaskChange.Submitted(2, At));
        await StartAsync(new TaskChange.Submitted(1, At));
        Assert.Equal([0, 2, 3], (await Store.ListTasksAsync(started.Run, 100)).Select(t => t.Index));
        Assert.Equal([0, 2], (await Store.ListTasksAsync(started.Run, 2)).Select(t => t.Index));
    }

    [Fact]
    public async Task The_same_token_and_call_give_the_first_run()
    {
        var first = await StartAsync(NewRun(idempotency: Idempotency("t")));
        Assert.Equal(new StartRunResult.Repeated(first.Run), await Store.StartRunAsync(NewRun(idempotency: Idempotency("t"))));
        Assert.Equal(first.Run.Value + 1, (await StartAsync()).Run.Value);
    }

    [Fact]
    public async Task What_a_token_started_is_found_for_the_same_call_only()
    {
        Assert.Null(await Store.FindStartedAsync(Workspace, Idempotency("t")));
        var first = await StartAsync(NewRun(idempotency: Idempotency("t", "h1")));
        Assert.Equal(first.Run, await Store.FindStartedAsync(Workspace, Idempotency("t", "h1")));
        Assert.Null(await Store.FindStartedAsync(Workspace, Idempotency("t", "h2")));
        Assert.Null(await Store.FindStartedAsync(OtherWorkspace, Idempotency("t", "h1")));
        Assert.Null(await Store.FindStartedAsync(Workspace, Idempotency("t", "h1", At.AddDays(1))));
    }

    [Fact]
    public async Task The_same_token_with_another_call_is_refused()
    {
        var first = await StartAsync(NewRun(idempotency: Idempotency("t", "h1")));
        Assert.IsType<StartRunResult.TokenMismatch>(await Store.StartRunAsync(NewRun(idempotency: Idempotency("t", "h2"))));
        Assert.Equal(new StartRunResult.Repeated(first.Run), await Store.StartRunAsync(NewRun(idempotency: Idempotency("t", "h1"))));
    }

    [Fact]
    public async Task A_token_that_is_too_old_starts_a_new_run_and_counts_from_then_on()
    {
        var first = await StartAsync(NewRun(idempotency: Idempotency("t")));
        Assert.IsType<StartRunResult.Repeated>(await Store.StartRunAsync(NewRun(idempotency: Idempotency("t", forgetBefore: At))));
        var later = At.AddDays(2);
        var second = await StartAsync(NewRun(at: later, idempotency: Idempotency("t", "h2", later.AddDays(-1))));
        Assert.NotEqual(first.Run, second.Run);
        Assert.Equal(new StartRunResult.Repeated(second.Run), await Store.StartRunAsync(NewRun(at: later, idempotency: Idempotency("t", "h2", later.AddDays(-1)))));
    }

    [Fact]
    public async Task A_token_belongs_to_one_caller_one_operation_and_one_workspace()
    {
        await StartAsync(NewRun(idempotency: Idempotency("t")));
        await StartAsync(NewRun(idempotency: Idempotency("t", principal: "ann")));
        await StartAsync(NewRun(idempotency: Idempotency("t", operation: "Other")));
        await StartAsync(NewRun(workspace: OtherWorkspace, idempotency: Idempotency("t")));
        await StartAsync(NewRun(idempotency: Idempotency("T")));
    }

    [Fact]
    public async Task The_same_token_many_times_at_once_is_one_run()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Store.StartRunAsync(NewRun(idempotency: Idempotency("t")))));
        var started = Assert.Single(results.OfType<StartRunResult.Started>());
        Assert.All(results.Except([started]), r => Assert.Equal(new StartRunResult.Repeated(started.Run), r));
        Assert.Equal(1, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
    }

    [Fact]
    public async Task A_nonce_starts_one_run()
    {
        var first = await StartAsync(NewRun(nonce: Nonce("n")));
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("n"), idempotency: Idempotency("t"))));
        Assert.Equal(1, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
        Assert.Null(await Store.FindRunAsync(Workspace, new RunId(first.Run.Value + 1)));

        // The refused call's token was not used up either.
        await StartAsync(NewRun(nonce: Nonce("m"), idempotency: Idempotency("t", "h2")));
    }

    [Fact]
    public async Task A_repeated_call_uses_up_its_nonce_too()
    {
        await StartAsync(NewRun(nonce: Nonce("n"), idempotency: Idempotency("t")));
        Assert.IsType<StartRunResult.Repeated>(await Store.StartRunAsync(NewRun(nonce: Nonce("m"), idempotency: Idempotency("t"))));
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("m"), idempotency: Idempotency("t"))));
    }

    [Fact]
    public async Task A_call_that_is_refused_for_its_token_writes_nothing()
    {
        await StartAsync(NewRun(idempotency: Idempotency("t")));
        Assert.IsType<StartRunResult.TokenMismatch>(await Store.StartRunAsync(NewRun(nonce: Nonce("m"), idempotency: Idempotency("t", "h2"))));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        await StartAsync(NewRun(nonce: Nonce("m")));
    }

    [Fact]
    public async Task A_run_of_a_version_that_was_deleted_meanwhile_is_not_started()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        await UpdateAsync(Workflow, Definition("flow", 2));
        var delete = Store.DeleteVersionAsync(Workspace, Workflow, 1, null);
        var start = Store.StartRunAsync(NewRun(nonce: Nonce("n"), idempotency: Idempotency("t")) with { Version = 1 }); // in the same commit, mostly
        Assert.Equal(ChangeWorkflowResult.Changed, await delete);
        Assert.IsType<StartRunResult.VersionGone>(await start);
        var other = await StartAsync(NewRun(nonce: Nonce("n"), idempotency: Idempotency("t", "h2")) with { Version = 2 });

        await EndAsync(other, RunState.Succeeded);
        Assert.Equal(ChangeWorkflowResult.Changed, await Store.DeleteWorkflowAsync(Workspace, Workflow, null));
        await StartAsync(NewRun() with { Version = 2 }); // still stored, because a run is pinned to it
        Assert.IsType<StartRunResult.VersionGone>(await Store.StartRunAsync(NewRun() with { Version = 1 }));
    }
}
