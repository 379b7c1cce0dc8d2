using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Sqlite;

/// <summary>
/// The counter tables in SQL. A row is inserted with what cannot be negative (SQLite checks the row before it finds that there is one
/// already), and goes when nothing is left to count.
/// </summary>
internal static class CounterSql
{
    private const int RunStates = 5;
    private const int TaskStates = 6;

    public static void MoveRunBlock(Session s, string workspace, long block, BlockMove move)
    {
        if (IsEmpty(move))
        {
            return;
        }

        BindMoves(
            s.Use(
                """
                insert into run_block (workspace_id, block, first_at, last_at, running, stopping, succeeded, failed, stopped)
                values (?1, ?2, ?3, ?4, max(?5, 0), max(?6, 0), max(?7, 0), max(?8, 0), max(?9, 0))
                on conflict do update set
                    first_at = min(first_at, ?3), last_at = max(last_at, ?4),
                    running = running + ?5, stopping = stopping + ?6, succeeded = succeeded + ?7, failed = failed + ?8, stopped = stopped + ?9
                """).Bind(workspace).Bind(block).Bind(move.FirstAt).Bind(move.LastAt),
            move,
            RunStates);
        if (IsFewer(move))
        {
            s.Use("delete from run_block where workspace_id = ?1 and block = ?2 and running + stopping + succeeded + failed + stopped = 0")
                .Bind(workspace).Bind(block).Execute();
        }
    }

    public static void MoveTaskBlock(Session s, string workspace, long block, BlockMove move)
    {
        if (IsEmpty(move))
        {
            return;
        }

        BindMoves(
            s.Use(
                """
                insert into task_block (workspace_id, block, first_at, last_at, queued, running, retry_waiting, succeeded, failed, killed)
                values (?1, ?2, ?3, ?4, max(?5, 0), max(?6, 0), max(?7, 0), max(?8, 0), max(?9, 0), max(?10, 0))
                on conflict do update set
                    first_at = min(first_at, ?3), last_at = max(last_at, ?4),
                    queued = queued + ?5, running = running + ?6, retry_waiting = retry_waiting + ?7,
                    succeeded = succeeded + ?8, failed = failed + ?9, killed = killed + ?10
                """).Bind(workspace).Bind(block).Bind(move.FirstAt).Bind(move.LastAt),
            move,
            TaskStates);
        if (IsFewer(move))
        {
            s.Use("delete from task_block where workspace_id = ?1 and block = ?2 and queued + running + retry_waiting + succeeded + failed + killed = 0")
                .Bind(workspace).Bind(block).Execute();
        }
    }

    public static void MoveVersion(Session s, WorkflowCode workflow, int version, string workspace, BlockMove move)
    {
        if (IsEmpty(move))
        {
            return;
        }

        BindMoves(
            s.Use(
                """
                insert into version_count (workflow_code, version, workspace_id, running, stopping, succeeded, failed, stopped)
                values (?1, ?2, ?3, max(?4, 0), max(?5, 0), max(?6, 0), max(?7, 0), max(?8, 0))
                on conflict do update set
                    running = running + ?4, stopping = stopping + ?5, succeeded = succeeded + ?6, failed = failed + ?7, stopped = stopped + ?8
                """).Bind(workflow.Value).Bind((long)version).Bind(workspace),
            move,
            RunStates);
        if (IsFewer(move))
        {
            s.Use("delete from version_count where workflow_code = ?1 and version = ?2 and workspace_id = ?3 and running + stopping + succeeded + failed + stopped = 0")
                .Bind(workflow.Value).Bind((long)version).Bind(workspace).Execute();
        }
    }

    /// <summary>The workspace's runs of a workflow by state, of all its versions; place 0 is not used.</summary>
    public static long[] CountRuns(Session s, WorkspaceId workspace, WorkflowCode workflow)
    {
        var row = s.Use(
            """
            select total(running), total(stopping), total(succeeded), total(failed), total(stopped)
            from version_count
            where workflow_code = ?1 and workspace_id = ?2
            """).Bind(workflow.Value).Bind(workspace.Value);
        row.Step();
        long[] counts = [0, row.Long(0), row.Long(1), row.Long(2), row.Long(3), row.Long(4)];
        row.End();
        return counts;
    }

    /// <summary>How many runs, of all workspaces, are pinned to the version.</summary>
    public static long CountPinned(Session s, WorkflowCode workflow, int version)
    {
        var row = s.Use("select total(running + stopping + succeeded + failed + stopped) from version_count where workflow_code = ?1 and version = ?2")
            .Bind(workflow.Value).Bind((long)version);
        row.Step();
        var count = row.Long(0);
        row.End();
        return count;
    }

    /// <summary>Whether a run of the workflow, in any workspace, has not ended.</summary>
    public static bool IsUnderWay(Session s, WorkflowCode workflow)
    {
        var row = s.Use("select 1 from version_count where workflow_code = ?1 and running + stopping > 0").Bind(workflow.Value);
        var isUnderWay = row.Step();
        row.End();
        return isUnderWay;
    }

    private static void BindMoves(Statement statement, BlockMove move, int states)
    {
        for (var state = 1; state <= states; state++)
        {
            statement.Bind(move.ByState[state]);
        }

        statement.Execute();
    }

    /// <summary>A state that was entered and left in one batch leaves nothing to write.</summary>
    private static bool IsEmpty(BlockMove move) => !move.HasNew && !move.ByState.AsSpan().ContainsAnyExcept(0);

    private static bool IsFewer(BlockMove move) => move.ByState.Sum() < 0;
}
