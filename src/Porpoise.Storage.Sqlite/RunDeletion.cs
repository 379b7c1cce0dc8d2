using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>Deletes runs, with all that hangs on them.</summary>
internal static class RunDeletion
{
    public static DeleteRunResult Delete(WriterSession s, WorkspaceId workspace, RunId id, NonceRow? nonce)
    {
        if (!IdentitySql.UseNonce(s, nonce))
        {
            return DeleteRunResult.NonceUsed;
        }

        if (RunSql.Find(s, id) is not { } run || run.Workspace != workspace)
        {
            return DeleteRunResult.NotFound;
        }

        if (!run.State.IsFinal())
        {
            return DeleteRunResult.NotEnded;
        }

        var (first, last) = ((long)run.FirstTaskId, run.FirstTaskId + run.TaskCount - 1L);
        CountTasks(s, workspace, first, last);
        s.Counters.Move(workspace.Value, id.Value, run.Workflow, run.Version, run.State, -1);
        s.Use("delete from attempt where task_id between ?1 and ?2").Bind(first).Bind(last).Execute();
        s.Use("delete from task where id between ?1 and ?2").Bind(first).Bind(last).Execute();
        s.Use("delete from idempotency where run_id = ?1").Bind((long)id.Value).Execute();
        s.Use("delete from run where id = ?1").Bind((long)id.Value).Execute();
        s.KeepSequences();
        if (CounterSql.CountPinned(s, run.Workflow, run.Version) == 1)
        {
            DropOrphan(s, run.Workflow, run.Version); // this run was the last that needed it
        }

        return DeleteRunResult.Deleted;
    }

    private static void CountTasks(WriterSession s, WorkspaceId workspace, long first, long last)
    {
        var row = s.Use("select min(id), state, count(*) from task where id between ?1 and ?2 and state > 0 group by id / ?3, state").Bind(first).Bind(last).Bind((long)Blocks.Size);
        while (row.Step())
        {
            s.Counters.Move(workspace.Value, row.Long(0), (TaskState)row.Int(1), -row.Int(2));
        }
    }

    /// <summary>Versions of a deleted definition live as long as runs are pinned to them.</summary>
    private static void DropOrphan(WriterSession s, WorkflowCode workflow, int version)
    {
        var row = s.Use("select 1 from workflow where code = ?1").Bind(workflow.Value);
        var isDefined = row.Step();
        row.End();
        if (!isDefined)
        {
            WorkflowListSql.RemoveVersion(s, workflow, version);
        }
    }
}
