using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Looks for task instances run by run, from the newest. A task row has no name: which nodes of a version have a name that fits is looked up
/// once for each version that comes up.
/// </summary>
internal sealed class TaskSearch(Session s, BlockFilter counted, TaskFilter filter, PageRequest page)
{
    private readonly Dictionary<(WorkflowCode Workflow, int Version), HashSet<int>> _named = [];
    private readonly List<int> _ids = [];
    private readonly string? _name = SearchPattern.Containing(filter.Search);
    private long _total;
    private int _seen;

    /// <summary>The total counts what was found.</summary>
    public Page<int> Find()
    {
        if (filter.Run is { } only)
        {
            if (Fits(only))
            {
                LookAt(only.Value);
            }

            return new Page<int>(_ids, _total);
        }

        var runs = RunListSql.ListIds(
            s, counted.Workspace, new RunFilter { Search = filter.RunSearch, StartedBy = filter.StartedBy }, new PageRequest(0, IRunLists.SearchWindow)).Rows;
        for (var i = 0; i < runs.Count && _seen < IRunLists.SearchWindow; i++)
        {
            LookAt(runs[i]);
        }

        return new Page<int>(_ids, _total);
    }

    private bool Fits(RunId run)
    {
        var row = s.Use(
            """
            select 1
            from run
            where id = ?1 and workspace_id = ?2 and (?3 is null or started_by = ?3) and (?4 is null or name like ?4 escape '\')
            """)
            .Bind((long)run.Value).Bind(counted.Workspace.Value).BindOrNull(filter.StartedBy).BindOrNull(SearchPattern.Containing(filter.RunSearch));
        var fits = row.Step();
        row.End();
        return fits;
    }

    private void LookAt(int run)
    {
        _seen++;
        var row = s.Use("select workflow_code, version, first_task_id, task_count from run where id = ?1").Bind((long)run);
        row.Step();
        var (workflow, version, first, count) = (new WorkflowCode(row.Long(0)), row.Int(1), row.Int(2), row.Int(3));
        row.End();
        var named = _name is null ? null : NamedIn(workflow, version, _name);
        if (named is { Count: 0 })
        {
            return;
        }

        var task = s.Use("select id, idx, state, submitted_at from task where id between ?1 and ?2 order by id desc").Bind((long)first).Bind(first + count - 1L);
        while (task.Step())
        {
            _seen++;
            var at = task.Long(3);
            if (counted.Has(task.Int(2)) && at >= counted.From && at <= counted.To && named?.Contains(task.Int(1)) != false && _total++ >= page.Offset && _ids.Count < page.Limit)
            {
                _ids.Add(task.Int(0));
            }
        }
    }

    private HashSet<int> NamedIn(WorkflowCode workflow, int version, string name)
    {
        if (!_named.TryGetValue((workflow, version), out var found))
        {
            _named.Add((workflow, version), found = []);
            var row = s.Use(@"select idx from workflow_task where code = ?1 and version = ?2 and name like ?3 escape '\'").Bind(workflow.Value).Bind((long)version).Bind(name);
            while (row.Step())
            {
                found.Add(row.Int(0));
            }
        }

        return found;
    }
}
