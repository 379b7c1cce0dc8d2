using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Lists of runs in SQL, by id from the newest. Three ways, by what the filter asks for: states and times alone are answered from
/// <see cref="Blocks"/>; a few workflows from <see cref="WorkflowArms"/>; anything that only the row itself can tell by looking at the newest
/// <see cref="IRunLists.SearchWindow"/> rows that fit the rest.
/// </summary>
internal static class RunListSql
{
    /// <summary>A text that more definitions have in their names is looked for in the names of the newest runs instead.</summary>
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
        var workflows = filter.Workflow is { } only ? [only] : new List<WorkflowCode>();
        var search = filter.Search;
        if (search is not null && FindNamed(s, workspace, filter.Workflow, search) is { Count: > 0 } named)
        {
            workflows = named;
            search = null;
        }

        var rest = new RowFilter(filter.StartedBy, SearchPattern.Containing(search));
        if (workflows.Count > 0)
        {
            var arms = new WorkflowArms(s, counted, workflows, counted.HasTimes ? RunBlocks.Read(s, counted with { States = BlockFilter.AllStates }) : null);
            return rest.IsNone ? arms.ReadPage(page) : Slice(arms.Search(rest, IRunLists.SearchWindow), page);
        }

        return rest.IsNone ? RunBlocks.ReadPage(s, counted, page) : Slice(SearchBlocks(s, counted, rest), page);
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

    private static List<int> SearchBlocks(Session s, BlockFilter filter, RowFilter rest)
    {
        var ids = new List<int>();
        var seen = 0L;
        foreach (var block in RunBlocks.Read(s, filter))
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
                where id between ?1 and ?2 and workspace_id = ?3 and (?4 >> state) & 1 and started_at between ?5 and ?6
                    and (?7 is null or started_by = ?7) and (?8 is null or name like ?8 escape '\')
                order by id desc
                """)
                .Bind(block.FirstId).Bind(block.LastId).Bind(filter.Workspace.Value).Bind(filter.States).Bind(filter.From).Bind(filter.To)
                .BindOrNull(rest.StartedBy).BindOrNull(rest.Name);
            while (row.Step())
            {
                ids.Add(row.Int(0));
            }
        }

        return ids;
    }

    private static Page<int> Slice(List<int> ids, PageRequest page) => new([.. ids.Skip((int)Math.Min(page.Offset, ids.Count)).Take(page.Limit)], ids.Count);
}

/// <summary>What only a run's row can tell.</summary>
/// <param name="Name">A pattern; null: any.</param>
internal readonly record struct RowFilter(string? StartedBy, string? Name)
{
    public bool IsNone => StartedBy is null && Name is null;
}
