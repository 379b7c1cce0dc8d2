using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// Looks for task instances run by run, from the newest. A task row has no name: which nodes of a version have a name that fits is looked up
/// once for each version that comes up, and of a run only the rows of those are looked at.
/// </summary>
internal sealed class TaskSearch(Session s, BlockFilter counted, TaskFilter filter, PageRequest page)
{
    /// <summary>Runs that are looked at together.</summary>
    private const int Portion = 100;

    private readonly Dictionary<(WorkflowCode Workflow, int Version), List<(int First, int Last)>> _named = [];
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
                LookAt([only.Value]);
            }

            return new Page<int>(_ids, _total);
        }

        if (TaskListSql.BoundRuns(s, counted) is { } within)
        {
            foreach (var runs in RunListSql.ReadNewest(s, counted.Workspace, filter.RunSearch, filter.StartedBy, within).Chunk(Portion).TakeWhile(_ => _seen < IRunLists.SearchWindow))
            {
                LookAt(runs);
            }
        }

        return new Page<int>(_ids, _total);
    }

    private bool Fits(RunId run)
    {
        var row = s.Use(
            """
            select 1
            from run r
            where r.id = ?1 and r.workspace_id = ?2 and (?3 is null or r.started_by = ?3 collate nocase) and (?4 is null or r.name like ?4 escape '\'
                or exists (select 1 from workflow w where w.code = r.workflow_code and w.workspace_id = ?2 and w.name like ?4 escape '\'))
            """)
            .Bind((long)run.Value).Bind(counted.Workspace.Value).BindOrNull(filter.StartedBy).BindOrNull(SearchPattern.Containing(filter.RunSearch));
        var fits = row.Step();
        row.End();
        return fits;
    }

    /// <summary>One statement for many runs, because the step from here into SQLite and back costs more than a row.</summary>
    private void LookAt(int[] runs)
    {
        var row = s.Use(
            """
            select r.workflow_code, r.version, r.first_task_id, r.task_count,
                case when ?5 then (
                    select count(*)
                    from task t
                    where t.id between r.first_task_id and r.first_task_id + r.task_count - 1 and (?2 >> t.state) & 1 and t.submitted_at between ?3 and ?4)
                end
            from json_each(?1) as wanted
            cross join run r on r.id = wanted.value
            """)
            .Bind($"[{string.Join(',', runs)}]").Bind(counted.States).Bind(counted.From).Bind(counted.To).Bind(_name is null ? 1L : 0L);
        while (_seen < IRunLists.SearchWindow && row.Step())
        {
            var (workflow, version, first, count) = (new WorkflowCode(row.Long(0)), row.Int(1), row.Long(2), row.Int(3));
            _seen++;
            if (_name is null)
            {
                _seen += count;
                Add(first, first + count - 1, row.Long(4));
            }
            else if (NamedIn(workflow, version, _name) is { Count: > 0 } named)
            {
                _seen += count;
                named.ForEach(nodes => Add(first + nodes.First, first + nodes.Last, Count(first + nodes.First, first + nodes.Last)));
            }
        }

        row.End();
    }

    private long Count(long first, long last) =>
        Bind("select count(*) from task where id between ?1 and ?2 and (?3 >> state) & 1 and submitted_at between ?4 and ?5", first, last).Number();

    /// <summary>Adds a range of ids, in which so many fit, to the total, and reads those of them that are on the page.</summary>
    private void Add(long first, long last, long count)
    {
        if (count > 0 && _total + count > page.Offset && _ids.Count < page.Limit)
        {
            var rows = Bind("select id from task where id between ?1 and ?2 and (?3 >> state) & 1 and submitted_at between ?4 and ?5 order by id desc limit ?6 offset ?7", first, last)
                .Bind((long)(page.Limit - _ids.Count)).Bind(Math.Max(0, page.Offset - _total));
            _ids.AddRange(rows.All(static row => row.Int(0)));
        }

        _total += count;
    }

    private Statement Bind(string text, long first, long last) => s.Use(text).Bind(first).Bind(last).Bind(counted.States).Bind(counted.From).Bind(counted.To);

    /// <summary>The nodes whose name fits, as ranges of their places, the last first.</summary>
    private List<(int First, int Last)> NamedIn(WorkflowCode workflow, int version, string name)
    {
        if (_named.TryGetValue((workflow, version), out var found))
        {
            return found;
        }

        _named.Add((workflow, version), found = []);
        var row = s.Use(@"select idx from workflow_task where code = ?1 and version = ?2 and name like ?3 escape '\' order by idx desc").Bind(workflow.Value).Bind((long)version).Bind(name);
        while (row.Step())
        {
            var node = row.Int(0);
            if (found is [.., var (first, last)] && first == node + 1)
            {
                found[^1] = (node, last);
            }
            else
            {
                found.Add((node, node));
            }
        }

        return found;
    }
}
