using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Sqlite;

/// <summary>What a list that is ordered by id is narrowed to by its blocks' counters alone.</summary>
/// <param name="States">Bit n stands for the state with number n.</param>
/// <param name="From">First time, as stored.</param>
/// <param name="To">Last time, as stored.</param>
internal readonly record struct BlockFilter(WorkspaceId Workspace, long States, long From, long To)
{
    /// <summary>But 0, which is not counted.</summary>
    public const long AllStates = ~1L;

    public BlockFilter(WorkspaceId workspace, IEnumerable<int>? states, DateTimeOffset? from, DateTimeOffset? to)
        : this(
            workspace,
            states?.Aggregate(0L, static (mask, state) => mask | (1L << state)) ?? AllStates,
            from is { } first ? StoredTime.ToNumber(first) : long.MinValue,
            to is { } last ? StoredTime.ToNumber(last) : long.MaxValue)
    {
    }

    public bool HasTimes => From != long.MinValue || To != long.MaxValue;

    public bool Has(int state) => ((States >> state) & 1) == 1;

    /// <summary>1 for a wanted state, so that SQL can add up the counters of those.</summary>
    public long Weight(int state) => (States >> state) & 1;
}

/// <summary>256 ids in which rows may fit a filter.</summary>
/// <param name="Number">The ids divided by <see cref="Blocks.Size"/>.</param>
/// <param name="Count">Rows in the wanted states.</param>
/// <param name="IsWhole">True: all of them are within the times, so the count is the answer; false: only a look at the rows tells.</param>
internal readonly record struct Block(long Number, long Count, bool IsWhole)
{
    public long FirstId => Number * Blocks.Size;

    public long LastId => FirstId + Blocks.Size - 1;
}

/// <summary>
/// Finds pages, totals and counts of a table whose rows are counted in blocks of ids: whole blocks are passed over by their counters, and rows are
/// read only of the blocks where the page lies and of those at the edges of a range of time. So the last page costs what the first does.
/// </summary>
/// <param name="states">States that the table knows: 1 to this.</param>
/// <param name="blocksText">Blocks of workspace ?1 with times between ?2 and ?3, newest first; ?4 … weigh the states.</param>
/// <param name="sumText">The counters of all blocks of workspace ?1 that lie wholly between ?2 and ?3, by state.</param>
/// <param name="countText">Rows by state with ids ?1 to ?2 of workspace ?3 in the states ?4 and times ?5 to ?6.</param>
/// <param name="idsText">Ids of the same rows, newest first, at most ?7 after passing over ?8.</param>
internal sealed class Blocks(int states, string blocksText, string sumText, string countText, string idsText)
{
    /// <summary>Ids in a block. The store's rows are counted by it: to change it is a migration.</summary>
    public const int Size = 256;

    /// <summary>Those with rows in the wanted states which began, or may have begun, within the times. Newest first.</summary>
    public List<Block> Read(Session s, BlockFilter filter)
    {
        var row = s.Use(blocksText).Bind(filter.Workspace.Value).Bind(filter.From).Bind(filter.To);
        for (var state = 1; state <= states; state++)
        {
            row.Bind(filter.Weight(state));
        }

        var blocks = new List<Block>();
        while (row.Step())
        {
            blocks.Add(new Block(row.Long(0), row.Long(1), row.Int(2) == 1));
        }

        return blocks;
    }

    /// <summary>The ids on the page, newest first, and how many rows fit in all.</summary>
    public Page<int> ReadPage(Session s, BlockFilter filter, PageRequest page)
    {
        var ids = new List<int>();
        var before = 0L;
        foreach (var block in Read(s, filter))
        {
            var count = block.IsWhole ? block.Count : CountIn(s, filter, block, counts: null);
            if (before + count > page.Offset && ids.Count < page.Limit)
            {
                ReadIds(s, filter, block, page.Limit - ids.Count, Math.Max(0, page.Offset - before), ids);
            }

            before += count;
        }

        return new Page<int>(ids, before);
    }

    /// <summary>How many rows are in each state; a state's number is its place.</summary>
    public long[] Count(Session s, BlockFilter filter)
    {
        var counts = new long[states + 1];
        var sums = s.Use(sumText).Bind(filter.Workspace.Value).Bind(filter.From).Bind(filter.To);
        sums.Step();
        for (var state = 1; state <= states; state++)
        {
            counts[state] = sums.Long(state - 1);
        }

        sums.End();
        if (filter.HasTimes)
        {
            foreach (var block in Read(s, filter))
            {
                if (!block.IsWhole)
                {
                    CountIn(s, filter, block, counts);
                }
            }
        }

        return counts;
    }

    public void ReadIds(Session s, BlockFilter filter, Block block, int limit, long offset, List<int> ids)
    {
        var row = BindRange(s.Use(idsText), filter, block).Bind((long)limit).Bind(offset);
        while (row.Step())
        {
            ids.Add(row.Int(0));
        }
    }

    private long CountIn(Session s, BlockFilter filter, Block block, long[]? counts)
    {
        var total = 0L;
        var row = BindRange(s.Use(countText), filter, block);
        while (row.Step())
        {
            total += row.Long(1);
            if (counts is not null)
            {
                counts[row.Int(0)] += row.Long(1);
            }
        }

        return total;
    }

    private static Statement BindRange(Statement statement, BlockFilter filter, Block block) =>
        statement.Bind(block.FirstId).Bind(block.LastId).Bind(filter.Workspace.Value).Bind(filter.States).Bind(filter.From).Bind(filter.To);
}
