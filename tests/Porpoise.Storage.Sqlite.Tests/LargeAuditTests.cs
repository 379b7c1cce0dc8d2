using Porpoise.Storage.Audit;
using Porpoise.Storage.Conformance;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>How far a list goes through an audit log that is longer than it may look at.</summary>
[Trait("lane", "slow")]
public sealed class LargeAuditTests : IDisposable
{
    private const int Batch = 1_000;
    private const int Batches = (IAuditStore.LookedAtMax / Batch) + 100;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_list_looks_at_so_many_rows_and_older_ones_are_found_by_their_times()
    {
        await using var store = TestStores.Open(_folder.Database);
        for (var i = 0; i < Batches; i++)
        {
            var at = Samples.At.AddMinutes(i);
            await store.AppendAuditAsync([.. Enumerable.Range(0, Batch).Select(_ => new AuditRow(0, at, "r", i == 0 ? "user/old" : "user/ann", "k", "a", "s:X", "/", "w", AuditOutcome.Done, "", ""))]);
        }

        Assert.Empty(await store.ListAuditAsync(new AuditFilter(Who: "old"), null, 10));
        Assert.Equal(10, (await store.ListAuditAsync(new AuditFilter(Who: "old", To: Samples.At.AddMinutes(500)), null, 10)).Count);
        Assert.Equal(10, (await store.ListAuditAsync(new AuditFilter(Who: "old"), Batch * 500, 10)).Count);
        Assert.Equal(IAuditStore.ListMax, (await store.ListAuditAsync(new AuditFilter(), null, int.MaxValue)).Count);
    }
}
