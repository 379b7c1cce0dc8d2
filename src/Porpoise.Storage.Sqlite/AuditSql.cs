using Porpoise.Storage.Audit;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// The audit log in SQL. Rows come in by id, and nothing else is kept in order for them but <c>audit_block</c>, which lets a list pass over
/// the ids whose times or outcomes cannot fit; in what is left it looks at every row, from the newest.
/// </summary>
internal static class AuditSql
{
    private const int BlockBits = 10;

    public static void Append(WriterSession s, IReadOnlyList<AuditRow> rows)
    {
        foreach (var block in rows.Select(row => (Block: Insert(s, row) >> BlockBits, Row: row)).ToList().GroupBy(static r => r.Block, static r => r.Row))
        {
            s.Use(
                """
                insert into audit_block (block, first_at, last_at, outcomes)
                values (?1, ?2, ?3, ?4)
                on conflict (block) do update
                set first_at = min(first_at, ?2), last_at = max(last_at, ?3), outcomes = outcomes | ?4
                """)
                .Bind(block.Key).Bind(block.Min(static r => r.At)).Bind(block.Max(static r => r.At)).Bind(block.Aggregate(0L, static (bits, r) => bits | (1L << (int)r.Outcome)))
                .Execute();
        }
    }

    /// <summary>Looks at a few blocks from the newest before an id. What it finds is of one moment; the next bite may be of a later one, but no row changes.</summary>
    public static AuditBite Look(Session s, AuditFilter filter, long beforeId, int max)
    {
        using var snapshot = s.BeginSnapshot();
        var found = new List<AuditRow>();
        var blocks = FindBlocks(s, filter, beforeId);
        foreach (var block in blocks)
        {
            LookAt(s, filter, block << BlockBits, Math.Min(beforeId, (block + 1) << BlockBits), max, found);
            if (found.Count >= max)
            {
                break;
            }
        }

        return new AuditBite(found, blocks.Count << BlockBits, blocks.Count < AuditBite.BlocksMax ? null : blocks[^1] << BlockBits);
    }

    public static int Prune(WriterSession s, DateTimeOffset before, int max)
    {
        var gone = 0;
        while (gone < max && FindOldBlock(s, before) is { } block)
        {
            var (first, last) = (block << BlockBits, ((block + 1) << BlockBits) - 1);
            gone += s.Use("delete from audit where id in (select id from audit where id between ?1 and ?2 and at < ?3 order by id limit ?4)")
                .Bind(first).Bind(last).Bind(before).Bind((long)(max - gone)).Execute();
            if (!s.Use("select 1 from audit where id between ?1 and ?2 limit 1").Bind(first).Bind(last).Any())
            {
                s.Use("delete from audit_block where block = ?1").Bind(block).Execute();
            }
            else if (gone < max)
            {
                s.Use("update audit_block set first_at = ?2 where block = ?1").Bind(block).Bind(before).Execute();
            }
        }

        return gone;
    }

    private static long Insert(WriterSession s, AuditRow row) => s.Use(
        """
        insert into audit (at, request_id, who, credential, address, action, target, workspace, outcome, code, detail)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        returning id
        """)
        .Bind(row.At).Bind(row.RequestId).Bind(row.Who).Bind(row.Credential).Bind(row.From).Bind(row.Action).Bind(row.On).Bind(row.Workspace)
        .Bind((long)row.Outcome).Bind(row.Code).Bind(row.Detail).Number();

    private static List<long> FindBlocks(Session s, AuditFilter filter, long beforeId) => s.Use(
        """
        select block
        from audit_block
        where block <= ?1 and (?2 is null or last_at >= ?2) and (?3 is null or first_at < ?3) and (?4 is null or (outcomes >> ?4) & 1)
        order by block desc
        limit ?5
        """)
        .Bind((beforeId - 1) >> BlockBits).Bind(filter.From).Bind(filter.To).Bind((long?)filter.Outcome).Bind((long)AuditBite.BlocksMax).All(static row => row.Long(0));

    private static void LookAt(Session s, AuditFilter filter, long first, long end, int max, List<AuditRow> found)
    {
        var row = s.Use(
            """
            select id, at, request_id, who, credential, address, action, target, workspace, outcome, code, detail
            from audit
            where id >= ?1 and id < ?2 and (?3 is null or at >= ?3) and (?4 is null or at < ?4) and (?5 is null or outcome = ?5)
                and (?6 is null or who like ?6 escape '\' or credential like ?6 escape '\') and (?7 is null or action like ?7 escape '\')
                and (?8 is null or workspace = ?8) and (?9 is null or address = ?9)
            order by id desc
            limit ?10
            """)
            .Bind(first).Bind(end).Bind(filter.From).Bind(filter.To).Bind((long?)filter.Outcome).BindOrNull(SearchPattern.Containing(filter.Who))
            .BindOrNull(SearchPattern.Matching(filter.Action)).BindOrNull(filter.Workspace).BindOrNull(filter.Address).Bind((long)(max - found.Count));
        while (row.Step())
        {
            found.Add(new AuditRow(
                row.Long(0), row.Time(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8), (AuditOutcome)row.Int(9), row.Text(10), row.Text(11)));
        }
    }

    private static long? FindOldBlock(Session s, DateTimeOffset before)
    {
        var row = s.Use("select block from audit_block where first_at < ?1 order by block limit 1").Bind(before);
        long? block = row.Step() ? row.Long(0) : null;
        row.End();
        return block;
    }
}

/// <summary>A part of a walk through the audit log.</summary>
/// <param name="LookedAt">Rows at most.</param>
/// <param name="GoOnBefore">The id before which the walk goes on; null: nothing is left.</param>
internal sealed record AuditBite(IReadOnlyList<AuditRow> Found, int LookedAt, long? GoOnBefore)
{
    /// <summary>So many rows are read in a moment; a longer read would keep checkpoints from finishing.</summary>
    public const int BlocksMax = 64;
}
