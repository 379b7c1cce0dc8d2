using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Lists of runs in SQL, by id from the newest. Three ways, by what the filter asks for: states and times alone are answered from
/// <see cref="Blocks"/>; a few workflows from <see cref="WorkflowArms"/>; anything that only the row itself can tell by looking at the newest
/// <see cref="IRunLists.SearchWindow"/> rows that fit the rest. A text is both: what a few workflows are called, and part of a run's own name.
/// </summary>
internal static class RunListSql
{
    /// <summary>A text that more definitions have in their names is looked for in the names of the newest runs only.</summary>
    private const int SearchedWorkflowsMax = 16;

    // "not indexed" leaves only the way by id; the planner would rather take the index that begins with the workspace, and read all of it.
    private static readonly Blocks RunBlocks = new(
        (int)RunState.Stopped,
        """
        select block, running * ?4 + stopping * ?5 + succeeded * ?6 + failed * ?7 + stopped * ?8 as n, first_at >= ?2 and last_at <= ?3
        from run_block
        where workspace_id = ?1 and last_at >= ?2 and first_at <= ?3 and n > 0
        order by block desc
        """,
        """
        select total(running), total(stopping), total(succeeded), total(failed), total(stopped)
        from run_block
        where workspace_id = ?1 and first_at >= ?2 and last_at <= ?3
        """,
        """
        select state, count(*)
        from run not indexed
        where id between ?1 and ?2 and workspace_id = ?3 and (?4 >> state) & 1 and started_at between ?5 and ?6
        group by state
        """,
        """
        select id
        from run not indexed
        where id between ?1 and ?2 and workspace_id = ?3 and (?4 >> state) & 1 and started_at between ?5 and ?6
        order by id desc
        limit ?7 offset ?8
        """);

    public static IReadOnlyDictionary<RunState, long> Count(Session s, WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to)
    {
        using var snapshot = s.BeginSnapshot();
        var counts = RunBlocks.Count(s, new BlockFilter(workspace, null, from, to));
        return Enumerable.Range(1, counts.Length - 1).ToDictionary(static state => (RunState)state, state => counts[state]);
    }

    public static Page<RunRow> List(Session s, WorkspaceId workspace, RunFilter filter, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var ids = ListIds(s, workspace, filter, page);
        return new Page<RunRow>([.. ids.Rows.Select(id => RunSql.Find(s, new RunId(id))!)], ids.Total);
    }

    public static Page<int> ListIds(Session s, WorkspaceId workspace, RunFilter filter, PageRequest page)
    {
        var counted = new BlockFilter(workspace, filter.States?.Select(static state => (int)state), filter.From, filter.To);
        var rest = new RowFilter(filter.StartedBy, SearchPattern.Containing(filter.Search));
        if (filter.Search is { } text && FindNamed(s, workspace, filter.Workflow, text) is { Count: > 0 } named)
        {
            // Runs of other workflows can have the text in their names as well: those were called so before, or are deleted by now.
            List<int> others = filter.Workflow is null ? [.. SearchBlocks(s, counted, rest, named, IdRange.All).SelectMany(static block => block.Ids)] : [];
            var arms = Arms(s, counted, named);
            return rest.StartedBy is null ? ReadMerged(arms, others, page)
                : Slice([.. others.Concat(arms.Search(rest with { Name = null }, IRunLists.SearchWindow)).OrderDescending()], page);
        }

        if (filter.Workflow is { } only)
        {
            var arms = Arms(s, counted, [only]);
            return rest.IsNone ? arms.ReadPage(page) : Slice(arms.Search(rest, IRunLists.SearchWindow), page);
        }

        return rest.IsNone ? RunBlocks.ReadPage(s, counted, page) : Slice([.. SearchBlocks(s, counted, rest, [], IdRange.All).SelectMany(static block => block.Ids)], page);
    }

    /// <summary>Ids of the runs of a text and a caller, newest first, read only as far as the caller goes.</summary>
    public static IEnumerable<int> ReadNewest(Session s, WorkspaceId workspace, string? search, string? startedBy, IdRange within)
    {
        var all = new BlockFilter(workspace, null, null, null);
        var rest = new RowFilter(startedBy, SearchPattern.Containing(search));
        if (search is null || FindNamed(s, workspace, null, search) is not { Count: > 0 } named)
        {
            return SearchBlocks(s, all, rest, [], within).SelectMany(static block => block.Ids);
        }

        var arms = Arms(s, all, named);
        var others = SearchBlocks(s, all, rest, named, within);
        return Merge(startedBy is null ? arms.ReadAll(within) : arms.SearchAll(rest with { Name = null }, IRunLists.SearchWindow, within), others);
    }

    private static WorkflowArms Arms(Session s, BlockFilter filter, List<WorkflowCode> workflows) =>
        new(s, filter, workflows, filter.HasTimes ? RunBlocks.Read(s, filter with { States = BlockFilter.AllStates }) : null);

    /// <summary>A page of both together, newest first. Of the arms only as much is read as the others can push a page aside.</summary>
    private static Page<int> ReadMerged(WorkflowArms arms, List<int> others, PageRequest page)
    {
        var first = Math.Max(0, page.Offset - others.Count);
        var part = arms.ReadPage(new PageRequest(first, page.Limit + others.Count));
        var (at, other) = (0, first == 0 || part.Rows.Count == 0 ? 0 : others.Count(id => id > part.Rows[0]));
        var ids = new List<int>();
        for (var rank = first + other; rank < page.Offset + page.Limit && (at < part.Rows.Count || other < others.Count); rank++)
        {
            var isOther = at == part.Rows.Count || (other < others.Count && others[other] > part.Rows[at]);
            var id = isOther ? others[other++] : part.Rows[at++];
            if (rank >= page.Offset)
            {
                ids.Add(id);
            }
        }

        return new Page<int>(first > 0 && part.Rows.Count == 0 ? [] : ids, part.Total + others.Count);
    }

    /// <summary>Both together, newest first; no block is looked into before the ids above it are used up.</summary>
    private static IEnumerable<int> Merge(IEnumerable<int> ids, IEnumerable<(long FirstId, List<int> Ids)> blocks)
    {
        using var walk = ids.GetEnumerator();
        var isThere = walk.MoveNext();
        foreach (var (firstId, others) in blocks)
        {
            for (var at = 0; at < others.Count || (isThere && walk.Current >= firstId);)
            {
                if (at == others.Count || (isThere && walk.Current > others[at]))
                {
                    yield return walk.Current;
                    isThere = walk.MoveNext();
                }
                else
                {
                    yield return others[at++];
                }
            }
        }

        for (; isThere; isThere = walk.MoveNext())
        {
            yield return walk.Current;
        }
    }

    /// <summary>The definitions whose name contains the text; empty: none, or too many to be followed one by one.</summary>
    private static List<WorkflowCode> FindNamed(Session s, WorkspaceId workspace, WorkflowCode? only, string search)
    {
        var codes = new List<WorkflowCode>();
        var row = s.Use(@"select code from workflow where workspace_id = ?1 and name like ?2 escape '\' and (?3 is null or code = ?3) limit ?4")
            .Bind(workspace.Value).Bind(SearchPattern.Containing(search)!).Bind(only?.Value).Bind(SearchedWorkflowsMax + 1L);
        while (row.Step())
        {
            codes.Add(new WorkflowCode(row.Long(0)));
        }

        return codes.Count > SearchedWorkflowsMax ? [] : codes;
    }

    /// <summary>Ids, newest first, a block at a time, as far as the caller goes; of each block with its first id.</summary>
    /// <param name="s">Where to read.</param>
    /// <param name="filter">States and times.</param>
    /// <param name="rest">What only the rows can tell.</param>
    /// <param name="except">Workflows whose runs are passed over.</param>
    /// <param name="within">The ids that are looked at.</param>
    private static IEnumerable<(long FirstId, List<int> Ids)> SearchBlocks(Session s, BlockFilter filter, RowFilter rest, List<WorkflowCode> except, IdRange within)
    {
        var passed = $"[{string.Join(',', except.Select(static code => code.Value))}]";
        var seen = 0L;
        foreach (var block in RunBlocks.Read(s, filter).Where(block => block.FirstId <= within.Last && block.LastId >= within.First))
        {
            if (seen >= IRunLists.SearchWindow)
            {
                break;
            }

            seen += block.Count;
            var row = s.Use(
                """
                select id
                from run not indexed
                where id between ?1 and ?2 and workspace_id = ?3 and workflow_code not in (select value from json_each(?9))
                    and (?8 is null or name like ?8 escape '\')
                    and (?4 >> state) & 1 and (?7 is null or started_by = ?7 collate nocase) and started_at between ?5 and ?6
                order by id desc
                """)
                .Bind(Math.Max(block.FirstId, within.First)).Bind(Math.Min(block.LastId, within.Last)).Bind(filter.Workspace.Value).Bind(filter.States).Bind(filter.From).Bind(filter.To)
                .BindOrNull(rest.StartedBy).BindOrNull(rest.Name).Bind(passed);
            yield return (block.FirstId, row.All(static row => row.Int(0)));
        }
    }

    private static Page<int> Slice(List<int> ids, PageRequest page) => new([.. ids.Skip((int)Math.Min(page.Offset, ids.Count)).Take(page.Limit)], ids.Count);
}

/// <summary>Both bounds belong to it.</summary>
internal readonly record struct IdRange(long First, long Last)
{
    public static readonly IdRange All = new(0, long.MaxValue);
}

/// <summary>What only a run's row can tell.</summary>
/// <param name="Name">A pattern; null: any.</param>
internal readonly record struct RowFilter(string? StartedBy, string? Name)
{
    public bool IsNone => StartedBy is null && Name is null;
}
