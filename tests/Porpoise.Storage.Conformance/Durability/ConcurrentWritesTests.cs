using Porpoise.Core.Runs;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Durability;

public abstract class ConcurrentWritesTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private const int Writes = 1000;

    [Fact]
    public async Task A_thousand_starts_at_once_all_complete_and_are_there()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, Writes).Select(_ => StartAsync()));
        Assert.Equal(Writes, started.Select(s => s.Run).Distinct().Count());
        await CrashAndReopenAsync();
        Assert.Equal(Writes, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
        foreach (var run in started.Where((_, i) => i % 100 == 0))
        {
            Assert.Equal(run.FirstTaskId, (await Store.FindRunAsync(Workspace, run.Run))!.FirstTaskId);
            Assert.Single(await Store.ListTasksAsync(run.Run, 10));
        }
    }

    [Fact]
    public async Task Refused_starts_do_not_fail_their_neighbours()
    {
        await StartAsync(NewRun(nonce: Nonce("used")));
        await StartAsync(NewRun(idempotency: Idempotency("used")));
        var results = await Task.WhenAll(Enumerable.Range(0, Writes).Select(i => Store.StartRunAsync((i % 3) switch
        {
            0 => NewRun(nonce: Nonce("used")),
            1 => NewRun(idempotency: Idempotency("used", "other")),
            _ => NewRun(nonce: Nonce($"n{i}")),
        })));
        Assert.All(results.Where((_, i) => i % 3 == 0), r => Assert.IsType<StartRunResult.NonceUsed>(r));
        Assert.All(results.Where((_, i) => i % 3 == 1), r => Assert.IsType<StartRunResult.TokenMismatch>(r));
        var ids = results.OfType<StartRunResult.Started>().Select(r => r.Run.Value).Order().ToList();
        Assert.Equal(Enumerable.Range(3, Writes / 3), ids);
        Assert.Equal(2 + ids.Count, (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
    }

    [Fact]
    public async Task A_write_that_breaks_a_rule_does_not_fail_its_neighbours()
    {
        // The same task twice in one decision cannot be stored.
        var tasks = Enumerable.Range(0, Writes).Select(i => (Breaks: i % 10 == 0, Task: Store.StartRunAsync(i % 10 == 0
            ? NewRun(changes: [new TaskChange.Submitted(0, At), new TaskChange.Submitted(0, At)], nonce: Nonce($"b{i}"))
            : NewRun()))).ToList();
        foreach (var (breaks, task) in tasks)
        {
            if (breaks)
            {
                Assert.IsNotType<StoreUnavailableException>(await Assert.ThrowsAnyAsync<Exception>(() => task));
            }
            else
            {
                Assert.IsType<StartRunResult.Started>(await task);
            }
        }

        Assert.True(Store.Health.IsHealthy);
        Assert.Equal(Writes - (Writes / 10), (await Store.CountRunsAsync(Workspace, null, null))[RunState.Running]);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task Reads_go_on_beside_the_writes_and_see_whole_transactions()
    {
        var writes = Task.WhenAll(Enumerable.Range(0, Writes).Select(_ => StartAsync(NewRun(changes: [new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At)]))));
        do
        {
            Assert.All(await Store.ListUnfinishedRunsAsync(new RunId(0), 2 * Writes), r => Assert.Equal(2, r.ActiveTasks.Count));
        }
        while (!writes.IsCompleted);

        await writes;
        Assert.Equal(Writes, (await Store.ListUnfinishedRunsAsync(new RunId(0), 2 * Writes)).Count);
    }
}
