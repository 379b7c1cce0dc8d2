using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Lists of task instances in SQL, by id from the newest. States and times alone are answered from <see cref="Blocks"/>; the tasks of one run are
/// few; anything else looks at the tasks of the newest runs that fit, at most <see cref="IRunLists.SearchWindow"/> rows.
/// </summary>
internal static class TaskListSql
{
    // "cross join" and "not indexed": from the tasks to their runs, by id.
    private static readonly Blocks TaskBlocks = new(
        (int)TaskState.Killed,
        """
        select block, queued * ?4 + running * ?5 + retry_waiting * ?6 + succeeded * ?7 + failed * ?8 + killed * ?9 as n, first_at >= ?2 and last_at <= ?3
        from task_block
        where workspace_id = ?1 and last_at >= ?2 and first_at <= ?3 and n > 0
        order by block desc
        """,
        """
        select total(queued), total(running), total(retry_waiting), total(succeeded), total(failed), total(killed)
        from task_block
        where workspace_id = ?1 and first_at >= ?2 and last_at <= ?3
        """,
        """
        select t.state, count(*)
        from task t
        cross join run r not indexed on r.id = t.run_id
        where t.id between ?1 and ?2 and r.workspace_id = ?3 and (?4 >> t.state) & 1 and t.submitted_at between ?5 and ?6
        group by t.state
        """,
        """
        select t.id
        from task t
        cross join run r not indexed on r.id = t.run_id
        where t.id between ?1 and ?2 and r.workspace_id = ?3 and (?4 >> t.state) & 1 and t.submitted_at between ?5 and ?6
        order by t.id desc
        limit ?7 offset ?8
        """);

    public static IReadOnlyDictionary<TaskState, long> Count(Session s, WorkspaceId workspace, DateTimeOffset? from, DateTimeOffset? to)
    {
        using var snapshot = s.BeginSnapshot();
        var counts = TaskBlocks.Count(s, new BlockFilter(workspace, null, from, to));
        return Enumerable.Range(1, counts.Length - 1).ToDictionary(static state => (TaskState)state, state => counts[state]);
    }

    public static Page<TaskInstanceRow> List(Session s, WorkspaceId workspace, TaskFilter filter, PageRequest page)
    {
        using var snapshot = s.BeginSnapshot();
        var counted = new BlockFilter(workspace, filter.States?.Select(static state => (int)state), filter.From, filter.To);
        var ids = filter is { Run: null, RunSearch: null, Search: null, StartedBy: null }
            ? TaskBlocks.ReadPage(s, counted, page)
            : new TaskSearch(s, counted, filter, page).Find();
        var runs = new Dictionary<RunId, RunRow>();
        return new Page<TaskInstanceRow>([.. ids.Rows.Select(id => ReadInstance(s, workspace, new TaskId(id), runs))], ids.Total);
    }

    /// <summary>The runs between the first and the last that can have tasks of these states and times; null: none can.</summary>
    public static IdRange? BoundRuns(Session s, BlockFilter counted)
    {
        if (!counted.HasTimes && counted.States == BlockFilter.AllStates)
        {
            return IdRange.All;
        }

        return TaskBlocks.Read(s, counted) is [var newest, ..] and [.., var oldest]
            ? new IdRange(
                s.Use("select run_id from task where id >= ?1 order by id limit 1").Bind(oldest.FirstId).Number(),
                s.Use("select run_id from task where id <= ?1 order by id desc limit 1").Bind(newest.LastId).Number())
            : null;
    }

    public static IReadOnlyList<AttemptRow> ListAttempts(Session s, TaskId task)
    {
        var attempts = new List<AttemptRow>();
        var row = s.Use("select number, started_at, ended_at, exit_code, message from attempt where task_id = ?1 order by number").Bind((long)task.Value);
        while (row.Step())
        {
            attempts.Add(new AttemptRow(row.Int(0), row.Time(1), row.TimeOrNull(2), row.IntOrNull(3), row.IsNull(4) ? null : row.Text(4)));
        }

        return attempts;
    }

    private static TaskInstanceRow ReadInstance(Session s, WorkspaceId workspace, TaskId id, Dictionary<RunId, RunRow> runs)
    {
        var task = RunSql.FindTask(s, workspace, id)!;
        if (!runs.TryGetValue(task.Run, out var run))
        {
            runs.Add(task.Run, run = RunSql.Find(s, task.Run)!);
        }

        return new TaskInstanceRow(task, run);
    }
}
