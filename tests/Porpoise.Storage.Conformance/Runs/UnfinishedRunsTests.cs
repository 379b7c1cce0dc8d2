using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class UnfinishedRunsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly RunId Beginning = new(0);

    [Fact]
    public async Task An_empty_store_has_none() => Assert.Empty(await Store.ListUnfinishedRunsAsync(Beginning, 10));

    [Fact]
    public async Task Only_active_tasks_are_listed_and_completely()
    {
        var run = await StartAsync(NewRun(taskCount: 6));
        await SaveAsync(
            run,
            new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, At),
            new TaskChange.Submitted(1, At), new TaskChange.AttemptStarted(1, 1, At),
            new TaskChange.Submitted(2, At),
            new TaskChange.Submitted(3, At), new TaskChange.AttemptStarted(3, 1, At), new TaskChange.AttemptFailed(3, 1, 1, "", 1, 2, At.AddHours(1), At),
            new TaskChange.Submitted(4, At), new TaskChange.AttemptStarted(4, 1, At), new TaskChange.Ended(4, 1, TaskState.Failed, 1, "", 1, 0, At));
        var listed = Assert.Single(await Store.ListUnfinishedRunsAsync(Beginning, 10));
        Assert.Equal((run.Run, run.FirstTaskId, RunState.Running, Priority.High), (listed.Run, listed.FirstTaskId, listed.State, listed.Priority));
        Assert.Equal(
            [
                new TaskSnapshot(1, TaskState.Running, 1, 0, 0, null),
                new TaskSnapshot(2, TaskState.Queued, 0, 0, 0, null),
                new TaskSnapshot(3, TaskState.RetryWaiting, 1, 1, 2, At.AddHours(1)),
            ],
            listed.ActiveTasks);
    }

    [Fact]
    public async Task A_run_that_is_stopping_is_listed_and_one_that_ended_is_not()
    {
        var stopping = await StartAsync();
        Assert.True(await Store.SaveRunAsync(stopping.Run, stopping.Epoch, Decide(RunState.Stopping)));
        foreach (var state in new[] { RunState.Succeeded, RunState.Failed, RunState.Stopped })
        {
            await EndAsync(await StartAsync(), state);
        }

        var listed = Assert.Single(await Store.ListUnfinishedRunsAsync(Beginning, 10));
        Assert.Equal((stopping.Run, RunState.Stopping), (listed.Run, listed.State));
    }

    [Fact]
    public async Task Pages_follow_each_other_by_id_without_gap_or_overlap()
    {
        var all = new List<RunId>();
        for (var i = 0; i < 25; i++)
        {
            var run = await StartAsync(NewRun(changes: [new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At)]));
            if (i % 5 == 2)
            {
                await EndAsync(run, RunState.Stopped);
            }
            else
            {
                all.Add(run.Run);
            }
        }

        var (seen, after) = (new List<RunId>(), Beginning);
        while (await Store.ListUnfinishedRunsAsync(after, 7) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 7);
            Assert.All(page, r => Assert.Equal(2, r.ActiveTasks.Count));
            seen.AddRange(page.Select(r => r.Run));
            after = page[^1].Run;
        }

        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task Runs_of_all_workspaces_are_listed()
    {
        var one = await StartAsync();
        var other = await StartAsync(NewRun(workspace: OtherWorkspace));
        Assert.Equal([one.Run, other.Run], (await Store.ListUnfinishedRunsAsync(Beginning, 10)).Select(r => r.Run));
    }

    [Fact]
    public async Task A_listing_leaves_the_runs_to_their_owners()
    {
        var run = await StartAsync();
        await Store.ListUnfinishedRunsAsync(Beginning, 10);
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At));
    }
}
