using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class TakeOverTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task Each_take_over_raises_the_epoch()
    {
        var run = await StartAsync();
        var epoch = run.Epoch;
        for (var i = 0; i < 5; i++)
        {
            var owned = (await Store.TakeOverRunAsync(run.Run))!;
            Assert.True(owned.Epoch.Value > epoch.Value);
            epoch = owned.Epoch;
        }
    }

    [Fact]
    public async Task Take_overs_at_once_give_different_epochs_and_the_highest_owns()
    {
        var run = await StartAsync();
        var owners = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.TakeOverRunAsync(run.Run)));
        Assert.Equal(20, owners.Select(o => o!.Epoch).Distinct().Count());
        foreach (var owner in owners.OrderBy(o => o!.Epoch.Value).SkipLast(1))
        {
            Assert.False(await Store.IsOwnerAsync(run.Run, owner!.Epoch));
            Assert.False(await Store.SaveRunAsync(run.Run, owner.Epoch, Decide(RunState.Stopping)));
        }

        var newest = owners.MaxBy(o => o!.Epoch.Value)!.Epoch;
        Assert.True(await Store.IsOwnerAsync(run.Run, newest));
        Assert.True(await Store.SaveRunAsync(run.Run, newest, Decide(RunState.Stopping)));
    }

    [Fact]
    public async Task A_take_over_of_one_run_leaves_the_others_to_their_owners()
    {
        var one = await StartAsync();
        var other = await StartAsync();
        await Store.TakeOverRunAsync(one.Run);
        await SaveAsync(other, new TaskChange.Submitted(1, At));
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_null() => Assert.Null(await Store.TakeOverRunAsync(new RunId(77)));

    [Fact]
    public async Task An_ended_run_is_read_without_being_taken_over()
    {
        var run = await StartAsync();
        await SaveAsync(run, new TaskChange.Ended(0, 0, TaskState.Killed, null, "", 0, 0, At));
        await EndAsync(run, RunState.Stopped);
        var first = (await Store.TakeOverRunAsync(run.Run))!;
        var second = (await Store.TakeOverRunAsync(run.Run))!;
        Assert.Equal(run.Epoch, first.Epoch);
        Assert.Equal(run.Epoch, second.Epoch);
        Assert.Equal(RunState.Stopped, second.Row.State);
        Assert.Equal(TaskState.Killed, Assert.Single(second.Tasks).State);
    }

    [Fact]
    public async Task The_new_owner_reads_the_run_and_all_its_tasks_and_none_of_another_run()
    {
        await StartAsync(NewRun(changes: [.. Enumerable.Range(0, TaskCount).Select(i => new TaskChange.Submitted(i, At))]));
        var run = await StartAsync();
        await StartAsync(NewRun(changes: [.. Enumerable.Range(0, TaskCount).Select(i => new TaskChange.Submitted(i, At))]));
        await SaveAsync(
            run,
            new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(0, 1, TaskState.Succeeded, 0, "", 0, 0, At),
            new TaskChange.NoopStarted(1, At),
            new TaskChange.Submitted(3, At), new TaskChange.AttemptStarted(3, 1, At), new TaskChange.AttemptFailed(3, 1, 1, "", 1, 2, At.AddHours(1), At));
        var owned = (await Store.TakeOverRunAsync(run.Run))!;
        Assert.Equal(await Store.FindRunAsync(Workspace, run.Run), owned.Row);
        Assert.Equal(
            [
                new TaskSnapshot(0, TaskState.Succeeded, 1, 0, 0, null) { StartedAt = At, EndedAt = At },
                new TaskSnapshot(1, TaskState.Running, 0, 0, 0, null) { StartedAt = At },
                new TaskSnapshot(3, TaskState.RetryWaiting, 1, 1, 2, At.AddHours(1)) { StartedAt = At },
            ],
            owned.Tasks.OrderBy(t => t.Index));
    }
}
