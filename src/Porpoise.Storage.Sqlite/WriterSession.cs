using Microsoft.Data.Sqlite;
using Porpoise.Core.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>The one connection that writes, with the sequences it hands ids out of and the counters that the current batch moves.</summary>
internal sealed class WriterSession(SqliteConnection connection) : Session(connection)
{
    private readonly Dictionary<(string Workspace, RunState State), long> _batchCounts = [];
    private readonly List<(string Workspace, RunState State, int By)> _itemCounts = [];
    private int _nextRunId;
    private int _nextTaskId;
    private int _nextWorkflowId;

    /// <summary>
    /// Finds where the sequences stand. They live in memory because there is one writer; a write that is rolled back leaves a gap, never a
    /// number used twice.
    /// </summary>
    public void ReadSequences()
    {
        var last = Use("select id, first_task_id + task_count from run order by id desc limit 1");
        (_nextRunId, _nextTaskId) = last.Step() ? (last.Int(0) + 1, last.Int(1)) : (1, 1);
        last.End();
        var workflow = Use("select coalesce(max(id), 0) + 1 from workflow");
        workflow.Step();
        _nextWorkflowId = workflow.Int(0);
        workflow.End();
    }

    public int TakeRunId() => checked(_nextRunId++);

    public int TakeTaskIds(int count)
    {
        var first = _nextTaskId;
        _nextTaskId = checked(_nextTaskId + count);
        return first;
    }

    public int TakeWorkflowId() => checked(_nextWorkflowId++);

    public void Count(string workspace, RunState state, int by) => _itemCounts.Add((workspace, state, by));

    public void KeepItemCounts()
    {
        foreach (var (workspace, state, by) in _itemCounts)
        {
            _batchCounts[(workspace, state)] = _batchCounts.GetValueOrDefault((workspace, state)) + by;
        }

        _itemCounts.Clear();
    }

    public void DropItemCounts() => _itemCounts.Clear();

    /// <summary>A thousand runs that start in one commit move one counter row, once.</summary>
    public void WriteCounts()
    {
        foreach (var ((workspace, state), by) in _batchCounts)
        {
            if (by != 0)
            {
                Use(
                    """
                    insert into run_count (workspace_id, state, n)
                    values (?1, ?2, max(?3, 0))
                    on conflict do update set n = n + ?3
                    """).Bind(workspace).Bind((long)state).Bind((long)by).Execute();
            }
        }

        _batchCounts.Clear();
    }

    public void DropCounts()
    {
        _itemCounts.Clear();
        _batchCounts.Clear();
    }
}
