using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class DeletingRunsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task A_deleted_run_is_gone_with_its_tasks_attempts_counters_and_token()
    {
        var before = await StartAsync(new TaskChange.Submitted(0, At));
        var run = await StartAsync(NewRun(idempotency: Idempotency("t"), changes: [new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At)]));
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Failed, 1, "", 1, 0, At), new TaskChange.Ended(1, 0, TaskState.Killed, null, "", 0, 0, At));
        await EndAsync(run, RunState.Failed);
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, run.Run, null));
        await CrashAndReopenAsync();
        Assert.Null(await Store.FindRunAsync(Workspace, run.Run));
        Assert.Null(await Store.FindTaskAsync(Workspace, new TaskId(run.FirstTaskId)));
        Assert.Empty(await Store.ListTasksAsync(run.Run, 10));
        Assert.Empty(await Store.ListAttemptsAsync(new TaskId(run.FirstTaskId)));
        Assert.Equal([before.Run], (await Store.ListRunsAsync(Workspace, new RunFilter(), new PageRequest(0, 10))).Rows.Select(r => r.Id));
        Assert.Equal(1, (await Store.ListTaskInstancesAsync(Workspace, new TaskFilter(), new PageRequest(0, 10))).Total);
        Assert.Equal([(RunState.Running, 1L)], (await Store.CountRunsAsync(Workspace, null, null)).Where(c => c.Value > 0).Select(c => (c.Key, c.Value)));
        Assert.Equal([(TaskState.Queued, 1L)], (await Store.CountTasksAsync(Workspace, null, null)).Where(c => c.Value > 0).Select(c => (c.Key, c.Value)));
        await StartAsync(NewRun(idempotency: Idempotency("t", "other"))); // the token no longer points at a run that is not there
    }

    [Fact]
    public async Task Numbers_of_deleted_runs_and_tasks_are_not_used_again()
    {
        var run = await StartAsync(NewRun(taskCount: 40));
        await EndAsync(run, RunState.Stopped);
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, run.Run, null));
        await CrashAndReopenAsync();
        var next = await StartAsync();
        Assert.Equal((run.Run.Value + 1, run.FirstTaskId + 40), (next.Run.Value, next.FirstTaskId));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_stays()
    {
        var run = await StartAsync();
        Assert.Equal(DeleteRunResult.NotEnded, await Store.DeleteRunAsync(Workspace, run.Run, Nonce("n")));
        await EndAsync(run, RunState.Stopping);
        Assert.Equal(DeleteRunResult.NotEnded, await Store.DeleteRunAsync(Workspace, run.Run, Nonce("n")));
        Assert.NotNull(await Store.FindRunAsync(Workspace, run.Run));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task What_is_not_there_or_elsewhere_is_not_found()
    {
        var run = await StartAsync();
        await EndAsync(run, RunState.Succeeded);
        Assert.Equal(DeleteRunResult.NotFound, await Store.DeleteRunAsync(OtherWorkspace, run.Run, Nonce("n")));
        Assert.Equal(DeleteRunResult.NotFound, await Store.DeleteRunAsync(Workspace, new RunId(99), Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, run.Run, null));
        Assert.Equal(DeleteRunResult.NotFound, await Store.DeleteRunAsync(Workspace, run.Run, null));
    }

    [Fact]
    public async Task A_nonce_deletes_one_run()
    {
        var runs = new[] { await StartAsync(), await StartAsync() };
        await EndAsync(runs[0], RunState.Succeeded);
        await EndAsync(runs[1], RunState.Succeeded);
        Assert.Equal(DeleteRunResult.Deleted, await Store.DeleteRunAsync(Workspace, runs[0].Run, Nonce("n")));
        Assert.Equal(DeleteRunResult.NonceUsed, await Store.DeleteRunAsync(Workspace, runs[1].Run, Nonce("n")));
        Assert.NotNull(await Store.FindRunAsync(Workspace, runs[1].Run));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Lists_and_counters_hold_after_many_were_deleted_among_starts(int seed)
    {
        await AddWorkspacesAsync();
        var random = new Random(seed);
        var history = await RandomHistory.WriteAsync(Store, random);
        var deleted = history.Runs.Where(r => r.State.IsFinal() && random.Next(10) > 0).ToList();
        var deletions = deleted.Select(r => Store.DeleteRunAsync(r.Workspace, r.Id, null)).ToList();
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StartAsync()));
        Assert.All(await Task.WhenAll(deletions), result => Assert.Equal(DeleteRunResult.Deleted, result));

        var expected = history.Runs.Except(deleted).Where(r => r.Workspace == Workspace).ToList();
        var counts = await Store.CountRunsAsync(Workspace, null, null);
        Assert.Equal(expected.Count(r => r.State == RunState.Running) + started.Length, counts[RunState.Running]);
        Assert.Equal(expected.Count(r => r.State == RunState.Succeeded), counts[RunState.Succeeded]);
        var page = await Store.ListRunsAsync(Workspace, new RunFilter { To = At.AddYears(-1) }, new PageRequest(0, 10));
        Assert.Equal(0, page.Total);
        var all = await Store.ListRunsAsync(Workspace, new RunFilter(), new PageRequest(0, 1000));
        Assert.Equal([.. started.Select(r => r.Run.Value).OrderDescending(), .. expected.Select(r => r.Id.Value)], all.Rows.Select(r => r.Id.Value));
        Assert.Equal(all.Rows.Count, all.Total);
        var tasks = history.Tasks.Where(t => expected.Contains(t.Run)).Select(t => t.Task.Id.Value);
        var listed = (await Store.ListTaskInstancesAsync(Workspace, new TaskFilter(), new PageRequest(started.Length, 1000))).Rows.Select(t => t.Task.Id.Value);
        Assert.Equal(tasks.Take(1000), listed);
    }
}
