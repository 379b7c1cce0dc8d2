using Porpoise.Core.Runs;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Conformance;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Sqlite.Tests.Commits;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>A disk that is really full, and a clock that stands still, so that the store looks for space only when the test says so.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private const int WritesMax = 20_000;

    private static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(1);

    private readonly SmallDisk _disk = new();
    private readonly ManualClock _clock = new();
    private readonly List<RunId> _acknowledged = [];
    private int _recoveries;
    private SqliteStore? _store;

    private SqliteStore Store => _store!;

    private string Database => Path.Combine(_disk.Path, "porpoise.db");

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _disk.Dispose();
    }

    [Fact]
    public async Task A_write_on_a_full_disk_fails_with_a_message_that_says_so()
    {
        Open();
        var e = await FillAndWriteUntilRefusedAsync();
        Assert.Contains("disk", e.Message, StringComparison.Ordinal);
        Assert.Contains("is full", e.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing that was acknowledged is lost", e.Message, StringComparison.Ordinal);
        Assert.Equal(e.Message, Store.Health.ReadOnlyReason);
        Assert.False(Store.Health.IsHealthy);
    }

    [Fact]
    public async Task While_the_disk_is_full_writes_fail_at_once_and_reads_go_on()
    {
        Open();
        await FillAndWriteUntilRefusedAsync();
        var refused = Store.StartRunAsync(Samples.NewRun());
        Assert.True(refused.IsFaulted);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => refused);
        await AssertAllAcknowledgedAreThereAsync();
        Assert.Equal(_acknowledged.Count, (await Store.ListUnfinishedRunsAsync(new RunId(0), WritesMax)).Count);
    }

    [Fact]
    public async Task With_room_again_the_store_recovers_by_itself_and_nothing_acknowledged_is_lost()
    {
        Open();
        await FillAndWriteUntilRefusedAsync();
        var recovered = RecoveredAsync();
        _disk.MakeRoom();
        Assert.False(Store.Health.IsHealthy);
        _clock.Advance(ProbeWait);
        await recovered;
        Assert.True(Store.Health.IsHealthy);
        Assert.Equal(1, _recoveries);

        var next = Assert.IsType<StartRunResult.Started>(await Store.StartRunAsync(Samples.NewRun()));
        Assert.True(next.Run.Value > _acknowledged[^1].Value);
        _acknowledged.Add(next.Run);
        await AssertAllAcknowledgedAreThereAsync();

        var crashed = Store;
        _store = TestStores.Open(Database, _clock);
        await AssertAllAcknowledgedAreThereAsync();
        await crashed.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_that_stays_full_for_many_probes_is_noticed_when_it_has_room()
    {
        Open(new InlineLoop());
        await FillAndWriteUntilRefusedAsync();
        for (var i = 0; i < 10; i++)
        {
            _disk.FillUp();
            _clock.Advance(ProbeWait);
            await Record.ExceptionAsync(StartAsync);
        }

        _disk.MakeRoom();
        _clock.Advance(ProbeWait);
        Assert.True(Store.Health.IsHealthy);
        await StartAsync();
        await AssertAllAcknowledgedAreThereAsync();
    }

    /// <summary>The pages that a failed commit leaves behind in the WAL are not space for anybody's write.</summary>
    [Fact]
    public async Task A_probe_on_a_disk_that_is_still_full_does_not_announce_a_recovery()
    {
        Open(new InlineLoop());
        await FillAndWriteUntilRefusedAsync();
        _clock.Advance(ProbeWait);
        var write = await Record.ExceptionAsync(StartAsync);
        Assert.True(_recoveries == 0 || write is null, "The store announced that it takes writes again, and refused the first one.");
    }

    [Fact]
    public async Task A_batch_that_met_the_full_disk_fails_as_a_whole_and_leaves_no_trace()
    {
        Open();
        await FillAndWriteUntilRefusedAsync();
        var recovered = RecoveredAsync();
        _disk.MakeRoom();
        _clock.Advance(ProbeWait);
        await recovered;
        var count = await Store.CountRunsAsync(Samples.Workspace, null, null);
        Assert.Equal(_acknowledged.Count, count[RunState.Running]);
    }

    private void Open(ICommitLoop? loop = null)
    {
        if (_disk.Mount() is { } reason)
        {
            Assert.Skip(reason);
        }

        _store = TestStores.Open(Database, _clock, loop);
        _store.Recovered += () => Interlocked.Increment(ref _recoveries);
    }

    private async Task<StoreUnavailableException> FillAndWriteUntilRefusedAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await StartAsync();
        }

        _disk.FillUp();
        for (var i = 0; i < WritesMax; i++)
        {
            try
            {
                await StartAsync();
            }
            catch (StoreUnavailableException e)
            {
                return e;
            }
        }

        throw new InvalidOperationException("The disk never became full.");
    }

    private async Task StartAsync() => _acknowledged.Add(Assert.IsType<StartRunResult.Started>(await Store.StartRunAsync(Samples.NewRun())).Run);

    private async Task AssertAllAcknowledgedAreThereAsync()
    {
        foreach (var run in _acknowledged)
        {
            Assert.NotNull(await Store.FindRunAsync(Samples.Workspace, run));
        }
    }

    private Task RecoveredAsync()
    {
        var recovered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Store.Recovered += () => recovered.TrySetResult();
        return recovered.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
