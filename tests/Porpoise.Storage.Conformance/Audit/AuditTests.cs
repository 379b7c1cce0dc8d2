using Porpoise.Storage.Audit;
using Porpoise.Storage.Paging;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Audit;

public abstract class AuditTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly AuditFilter Any = new();

    private static readonly AuditRow Row = new(
        0, At, "7AE1-5", "acs:ram::1:user/ann", "LTAI1", "10.0.0.7", "emr-serverless-spark:StartProcessInstance", "/dolphinscheduler/projects/1/每天", "w-1", AuditOutcome.Done, "", "");

    [Fact]
    public async Task Rows_come_back_newest_first_with_ids_that_grow()
    {
        await Audit.AppendAuditAsync([]);
        Assert.Empty(await Audit.ListAuditAsync(Any, null, 10));
        await Audit.AppendAuditAsync([Row with { Id = 99 }, Row with { Outcome = AuditOutcome.Denied, Code = "NoPermission", Detail = "explicit – 拒绝" }]);
        await Audit.AppendAuditAsync([Row with { At = At.AddHours(-1), Who = "", Workspace = "" }]); // a clock may be set back
        await CrashAndReopenAsync();
        var rows = await Audit.ListAuditAsync(Any, null, 10);
        Assert.Equal(
            [Row with { At = At.AddHours(-1), Who = "", Workspace = "" }, Row with { Outcome = AuditOutcome.Denied, Code = "NoPermission", Detail = "explicit – 拒绝" }, Row],
            rows.Select(r => r with { Id = 0 }));
        Assert.True(rows[0].Id > rows[1].Id && rows[1].Id > rows[2].Id);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gaps()
    {
        await AppendAsync(25);
        var all = await Audit.ListAuditAsync(Any, null, 100);
        Assert.Equal(25, all.Count);
        var paged = new List<AuditRow>();
        long? before = null;
        while (await Audit.ListAuditAsync(Any, before, 4) is { Count: > 0 } page)
        {
            Assert.True(page.Count == 4 || paged.Count == 24);
            paged.AddRange(page);
            before = page[^1].Id;
        }

        Assert.Equal(all, paged);
        Assert.Empty(await Audit.ListAuditAsync(Any, all[^1].Id, 4));
        Assert.Equal(all, await Audit.ListAuditAsync(Any, long.MaxValue, 100));
        Assert.Empty(await Audit.ListAuditAsync(Any, null, 0));
    }

    [Theory]
    [InlineData("who", "USER/ann", "0 1 2")]
    [InlineData("who", "ltai2", "3")]
    [InlineData("who", "a_n", "")]
    [InlineData("who", "%", "")]
    [InlineData("who", "' or 1=1 --", "")]
    [InlineData("action", "s:StartRun", "0 3")]
    [InlineData("action", "S:startrun", "0 3")]
    [InlineData("action", "s:Start", "")]
    [InlineData("action", "s:Start*", "0 1 3")]
    [InlineData("action", "*", "0 1 2 3 4")]
    [InlineData("action", "*Run", "")]
    [InlineData("action", "s:Start%", "")]
    [InlineData("workspace", "w-1", "0 2")]
    [InlineData("workspace", "W-1", "")]
    [InlineData("workspace", "", "3 4")]
    [InlineData("address", "10.0.0.7", "0 1 2 3")]
    [InlineData("outcome", "Denied", "1")]
    [InlineData("outcome", "Failed", "")]
    [InlineData("from", "2", "2 3 4")]
    [InlineData("to", "2", "0 1")]
    public async Task Filters_take_what_fits(string field, string value, string expected)
    {
        await Audit.AppendAuditAsync(
        [
            Row with { Action = "s:StartRun" },
            Row with { At = At.AddMinutes(1), Action = "s:StartFlow", Workspace = "w-2", Outcome = AuditOutcome.Denied },
            Row with { At = At.AddMinutes(2), Action = "s:ListRuns" },
            Row with { At = At.AddMinutes(3), Action = "s:StartRun", Who = "acs:ram::1:root", Credential = "LTAI2", Workspace = "" },
            Row with { At = At.AddMinutes(4), Action = "", Who = "", Credential = "", Workspace = "", From = "10.0.0.70", Outcome = AuditOutcome.NotAuthenticated },
        ]);
        var filter = field switch
        {
            "who" => new AuditFilter(Who: value),
            "action" => new AuditFilter(Action: value),
            "workspace" => new AuditFilter(Workspace: value),
            "address" => new AuditFilter(Address: value),
            "outcome" => new AuditFilter(Outcome: Enum.Parse<AuditOutcome>(value)),
            "from" => new AuditFilter(From: At.AddMinutes(value[0] - '0')),
            _ => new AuditFilter(To: At.AddMinutes(value[0] - '0')),
        };
        Assert.Equal(expected, string.Join(' ', (await Audit.ListAuditAsync(filter, null, 10)).Select(r => (r.At - At).TotalMinutes).Order()));
    }

    [Fact]
    public async Task A_text_longer_than_any_is_looked_for_in_vain()
    {
        await Audit.AppendAuditAsync([Row]);
        foreach (var text in new[] { new string('x', 1_000_000), new string('%', 1_000_000), new string('每', 1_000_000) })
        {
            Assert.Empty(await Audit.ListAuditAsync(new AuditFilter(Who: text), null, 10));
            Assert.Empty(await Audit.ListAuditAsync(new AuditFilter(Action: text), null, 10));
            Assert.Equal(0, (await Access.ListPoliciesAsync(text, new PageRequest(0, 10))).Total);
        }
    }

    [Fact]
    public async Task Lists_agree_with_looking_at_every_row()
    {
        const int Count = 5_000;
        var random = new Random(4);
        var rows = Enumerable.Range(0, Count).Select(i => Row with
        {
            // The clock goes on, jumps and is set back.
            At = At.AddSeconds((i / 1_500 % 2 == 0 ? i : 2 * Count - i) + random.Next(30)),
            Who = $"acs:ram::1:user/u{random.Next(40)}",
            Action = $"s:A{random.Next(30)}",
            Workspace = random.Next(3) == 0 ? "" : $"w-{random.Next(5)}",
            Outcome = i is > 2_000 and < 2_100 ? (AuditOutcome)random.Next(5) : AuditOutcome.Done,
        }).ToList();
        foreach (var batch in rows.Chunk(700))
        {
            await Audit.AppendAuditAsync(batch);
        }

        var stored = await Audit.ListAuditAsync(Any, null, Count);
        Assert.Equal(rows.AsEnumerable().Reverse(), stored.Select(r => r with { Id = 0 }));
        for (var i = 0; i < 200; i++)
        {
            DateTimeOffset? Time() => random.Next(2) == 0 ? null : At.AddSeconds(random.Next(2 * Count));
            var filter = new AuditFilter(
                Who: random.Next(3) > 0 ? null : $"/u{random.Next(40)}",
                Action: random.Next(3) switch { 0 => $"s:A{random.Next(30)}", 1 => $"s:A{random.Next(4)}*", _ => null },
                Workspace: random.Next(4) > 0 ? null : $"w-{random.Next(5)}",
                Outcome: random.Next(3) > 0 ? null : (AuditOutcome)random.Next(5),
                From: Time(),
                To: Time());
            long? before = random.Next(2) == 0 ? null : stored[random.Next(Count)].Id;
            var max = random.Next(1, 60);
            Assert.Equal(stored.Where(r => (before is null || r.Id < before) && Fits(r, filter)).Take(max), await Audit.ListAuditAsync(filter, before, max));
        }
    }

    [Fact]
    public async Task Pruning_removes_what_is_old_and_only_so_much_at_a_time()
    {
        await AppendAsync(2_500);
        await Audit.AppendAuditAsync([Row with { At = At.AddMinutes(-9) }]); // old, though it came last
        var before = At.AddMinutes(2_000);
        Assert.Equal(0, await Audit.PruneAuditAsync(before, 0));
        Assert.Equal(7, await Audit.PruneAuditAsync(before, 7));
        Assert.Equal(At.AddMinutes(7), (await Audit.ListAuditAsync(Any with { To = At.AddMinutes(8), From = At }, null, 10))[0].At);
        Assert.Equal(1_993, await Audit.PruneAuditAsync(before, 1_993));
        Assert.Equal(1, await Audit.PruneAuditAsync(before, 10_000));
        Assert.Equal(0, await Audit.PruneAuditAsync(before, 10_000));
        var left = await Audit.ListAuditAsync(Any, null, 10_000);
        Assert.Equal(Enumerable.Range(2_000, 500).Reverse().Select(i => At.AddMinutes(i)), left.Select(r => r.At));
        await CrashAndReopenAsync();
        Assert.Equal(500, await Audit.PruneAuditAsync(DateTimeOffset.MaxValue, 10_000));
        await Audit.AppendAuditAsync([Row]);
        Assert.True(Assert.Single(await Audit.ListAuditAsync(Any, null, 10)).Id > left[0].Id); // an id that somebody wrote down never means another row
    }

    /// <summary>A row a minute.</summary>
    private async Task AppendAsync(int count) => await Audit.AppendAuditAsync([.. Enumerable.Range(0, count).Select(i => Row with { At = At.AddMinutes(i) })]);

    private static bool Fits(AuditRow row, AuditFilter filter) =>
        (filter.Who is null || row.Who.Contains(filter.Who, StringComparison.OrdinalIgnoreCase))
        && (filter.Action is null || (filter.Action.EndsWith('*') ? row.Action.StartsWith(filter.Action[..^1], StringComparison.Ordinal) : row.Action == filter.Action))
        && (filter.Workspace is null || row.Workspace == filter.Workspace)
        && (filter.Outcome is null || row.Outcome == filter.Outcome)
        && (filter.From is null || row.At >= filter.From)
        && (filter.To is null || row.At < filter.To);
}
