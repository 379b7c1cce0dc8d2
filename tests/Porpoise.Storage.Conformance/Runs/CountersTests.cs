using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class CountersTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly WorkspaceId[] Workspaces = [Workspace, OtherWorkspace];

    [Fact]
    public async Task A_workspace_without_runs_counts_nothing()
    {
        Assert.DoesNotContain(await Store.CountRunsAsync(Workspace, null, null), c => c.Value != 0);
        Assert.DoesNotContain(await Store.CountRunsAsync(Workspace, At, null), c => c.Value != 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_counters_equal_a_recount_after_a_random_sequence(int seed)
    {
        var random = new Random(seed);
        var runs = new List<(WorkspaceId Workspace, DateTimeOffset At, StartRunResult.Started Run)>();
        for (var round = 0; round < 12; round++)
        {
            // A round is many writes at once, among them refused ones and several about one run.
            var starts = Enumerable.Range(0, random.Next(1, 12)).Select(_ => (Workspace: Workspaces[random.Next(2)], At: At.AddMinutes(random.Next(100)))).ToList();
            var started = Task.WhenAll(starts.Select(s => StartAsync(NewRun(s.Workspace, s.At))));
            var moves = runs.Where(_ => random.Next(3) == 0).Select(r => MoveAsync(r.Run, random)).ToList();
            await Task.WhenAll(moves);
            runs.AddRange(starts.Zip(await started, (s, run) => (s.Workspace, s.At, run)));
            await CompareAsync(runs);
        }

        await CrashAndReopenAsync();
        await CompareAsync(runs);
    }

    [Fact]
    public async Task Both_bounds_belong_to_the_range()
    {
        await StartAsync(NewRun(at: At));
        Assert.Equal(1, (await Store.CountRunsAsync(Workspace, At, At)).GetValueOrDefault(RunState.Running));
        Assert.Equal(0, (await Store.CountRunsAsync(Workspace, At.AddMicroseconds(1), null)).GetValueOrDefault(RunState.Running));
        Assert.Equal(0, (await Store.CountRunsAsync(Workspace, null, At.AddMicroseconds(-1))).GetValueOrDefault(RunState.Running));
        Assert.Equal(1, (await Store.CountRunsAsync(Workspace, At, null)).GetValueOrDefault(RunState.Running));
        Assert.Equal(1, (await Store.CountRunsAsync(Workspace, null, At)).GetValueOrDefault(RunState.Running));
    }

    [Fact]
    public async Task A_refused_move_counts_nothing()
    {
        var run = await StartAsync();
        Assert.False(await Store.SaveRunAsync(run.Run, new OwnerEpoch(99), Decide(RunState.Succeeded)));
        var wrong = Decide(RunState.Succeeded);
        wrong.Changes.Add(new TaskChange.Ended(0, 5, Core.Tasks.TaskState.Succeeded, 0, "", 0, 0, At));
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, wrong));
        Assert.IsType<StartRunResult.Started>(await Store.StartRunAsync(NewRun(nonce: Nonce("n"))));
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("n"))));
        var counts = await Store.CountRunsAsync(Workspace, null, null);
        Assert.Equal((2, 0), (counts[RunState.Running], counts.GetValueOrDefault(RunState.Succeeded)));
    }

    private async Task MoveAsync(StartRunResult.Started run, Random random)
    {
        var target = new[] { RunState.Stopping, RunState.Succeeded, RunState.Failed, RunState.Stopped }[random.Next(4)];
        if ((await Store.FindRunAsync(Workspace, run.Run) ?? await Store.FindRunAsync(OtherWorkspace, run.Run)) is not { EndedAt: null })
        {
            return;
        }

        var stopping = Store.SaveRunAsync(run.Run, run.Epoch, Decide(RunState.Stopping));
        var refused = Store.SaveRunAsync(run.Run, new OwnerEpoch(run.Epoch.Value + 1), Decide(RunState.Failed));
        var moved = Store.SaveRunAsync(run.Run, run.Epoch, Decide(target));
        var answers = await Task.WhenAll(stopping, refused, moved);
        Assert.Equal([true, false, true], answers);
    }

    private async Task CompareAsync(List<(WorkspaceId Workspace, DateTimeOffset At, StartRunResult.Started Run)> runs)
    {
        foreach (var workspace in Workspaces)
        {
            var rows = new List<RunRow>();
            foreach (var run in runs.Where(r => r.Workspace == workspace))
            {
                rows.Add((await Store.FindRunAsync(workspace, run.Run.Run))!);
            }

            foreach (var (from, to) in new (DateTimeOffset?, DateTimeOffset?)[] { (null, null), (At.AddMinutes(20), At.AddMinutes(70)), (At.AddMinutes(50), null), (null, At.AddMinutes(50)) })
            {
                var counts = await Store.CountRunsAsync(workspace, from, to);
                foreach (var state in Enum.GetValues<RunState>())
                {
                    var recount = rows.Count(r => r.State == state && (from is null || r.StartedAt >= from) && (to is null || r.StartedAt <= to));
                    Assert.Equal(recount, counts.GetValueOrDefault(state));
                }
            }
        }
    }
}
