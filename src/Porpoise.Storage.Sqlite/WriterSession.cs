using Microsoft.Data.Sqlite;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Sqlite;

/// <summary>The one connection that writes, with the sequences it hands ids out of and the counters that the current batch moves.</summary>
internal sealed class WriterSession(SqliteConnection connection) : Session(connection)
{
    private int _nextRunId;
    private int _nextTaskId;

    public Counters Counters { get; } = new();

    /// <summary>
    /// Versions that were deleted since the store was opened, or nearly were: only of these a start must find out whether they are still there. Whoever
    /// looked one up before that is of the same process, and there is one writer.
    /// </summary>
    public HashSet<(WorkflowCode Workflow, int Version)> DeletedVersions { get; } = [];

    /// <summary>
    /// Finds where the sequences stand. They live in memory because there is one writer; a write that is rolled back leaves a gap, never a
    /// number used twice.
    /// </summary>
    public void ReadSequences()
    {
        var last = Use(
            """
            select max(s.run_bound, coalesce(r.id + 1, 1)), max(s.task_bound, coalesce(r.first_task_id + r.task_count, 1))
            from store s
            left join (select id, first_task_id, task_count from run order by id desc limit 1) r
            """);
        (_nextRunId, _nextTaskId) = last.Step() ? (last.Int(0), last.Int(1)) : (1, 1);
        last.End();
    }

    public int TakeRunId() => checked(_nextRunId++);

    public int TakeTaskIds(int count)
    {
        var first = _nextTaskId;
        _nextTaskId = checked(_nextTaskId + count);
        return first;
    }

    /// <summary>Keeps the sequences above the ids of a run that is deleted: a number that is used again would meet its old logs and claims.</summary>
    public void KeepSequences() =>
        Use("update store set run_bound = ?1, task_bound = ?2").Bind((long)_nextRunId).Bind((long)_nextTaskId).Execute();
}
