using Porpoise.Core.Environments;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Storage.Sqlite;

/// <summary>Runs, tasks and attempts in SQL.</summary>
internal static class RunSql
{
    private const string RunColumns =
        """
        id, workspace_id, workflow_code, version, name, state, failure_strategy, priority, is_production, queue, started_by, remarks,
        first_task_id, task_count, started_at, queue_is_chosen, start_params, library_pins, worker_group, environment_code, schedule_time, time_zone, ended_at
        """;

    private const string FindRunText = $"select {RunColumns}, restarts, restart_scope, restarted_at from run where id = ?1";

    private const string InsertRunText =
        $"insert into run (owner_epoch, {RunColumns}) values (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, null)";

    private const string TaskRowsText =
        """
        select t.id, t.run_id, t.idx, r.workflow_code, r.version, t.state, t.attempt, t.failures, t.losses, t.exit_code, t.message,
               t.submitted_at, t.started_at, t.ended_at, t.due_at, t.outputs, t.stop_requested, t.forced
        from run r
        join task t on t.id between r.first_task_id and r.first_task_id + r.task_count - 1
        """;

    private const string ListTasksText = $"{TaskRowsText} where r.id = ?1 order by t.id limit ?2";

    private const string FindTaskText =
        """
        select t.id, t.run_id, t.idx, r.workflow_code, r.version, t.state, t.attempt, t.failures, t.losses, t.exit_code, t.message,
               t.submitted_at, t.started_at, t.ended_at, t.due_at, t.outputs, t.stop_requested, t.forced
        from task t
        join run r on r.id = t.run_id
        where t.id = ?1 and r.workspace_id = ?2
        """;

    private static readonly TaskState[] ActiveStates = [TaskState.Running, TaskState.Queued, TaskState.RetryWaiting];

    public static (StartRunResult Result, bool Keep) Start(WriterSession s, NewRun run)
    {
        if (!IdentitySql.UseNonce(s, run.Nonce))
        {
            return (new StartRunResult.NonceUsed(), false);
        }

        if (run.Idempotency is { } key && FindRepeated(s, run.Workspace, key) is { } repeated)
        {
            return (repeated, repeated is StartRunResult.Repeated); // kept: the nonce of the repeated call is used up too
        }

        if (s.DeletedVersions.Contains((run.Workflow, run.Version)) && WorkflowSql.FindVersion(s, run.Workflow, run.Version) is null)
        {
            return (new StartRunResult.VersionGone(), false);
        }

        var id = s.TakeRunId();
        var firstTask = s.TakeTaskIds(run.TaskCount);
        s.Use(InsertRunText)
            .Bind((long)id).Bind(run.Workspace.Value).Bind(run.Workflow.Value).Bind((long)run.Version).Bind(run.Name).Bind((long)RunState.Running)
            .Bind((long)run.FailureStrategy).Bind((long)run.Priority).Bind(run.IsProduction ? 1L : 0).Bind(run.Queue).Bind(run.StartedBy).Bind(run.Remarks)
            .Bind((long)firstTask).Bind((long)run.TaskCount).Bind(run.StartedAt).Bind(run.QueueIsChosen ? 1L : 0).Bind(run.StartParams).Bind(run.LibraryPins).Bind(run.WorkerGroup)
            .Bind(run.Environment.Value).Bind(run.ScheduleTime).Bind(run.TimeZone)
            .Execute();
        s.Counters.Move(run.Workspace.Value, id, run.Workflow, run.Version, RunState.Running, 1, run.StartedAt);
        if (!WriteTasks(s, run.Workspace.Value, id, firstTask, run.Decision.Changes))
        {
            throw new InvalidOperationException("The first decision of a run says something that cannot be written."); // and nothing of it is
        }

        if (run.Idempotency is { } used)
        {
            s.Use("insert or replace into idempotency (principal, workspace_id, operation, token, parameters_hash, run_id, used_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                .Bind(used.Principal).Bind(run.Workspace.Value).Bind(used.Operation).Bind(used.Token).Bind(used.ParametersHash).Bind((long)id).Bind(run.StartedAt)
                .Execute();
        }

        return (new StartRunResult.Started(new RunId(id), firstTask, new OwnerEpoch(1)), true);
    }

    public static bool IsOwner(Session s, RunId run, OwnerEpoch epoch)
    {
        var row = s.Use("select 1 from run where id = ?1 and owner_epoch = ?2").Bind((long)run.Value).Bind(epoch.Value);
        var isOwner = row.Step();
        row.End();
        return isOwner;
    }

    public static bool Save(WriterSession s, RunId run, OwnerEpoch epoch, Decision decision)
    {
        var owner = s.Use("select first_task_id, workspace_id, state, workflow_code, version from run where id = ?1 and owner_epoch = ?2 and (ended_at is null or ?3)")
            .Bind((long)run.Value).Bind(epoch.Value).Bind(decision.IsAfterEnd ? 1L : 0);
        if (!owner.Step())
        {
            return false;
        }

        var (firstTask, workspace, before, workflow, version) = (owner.Int(0), owner.Text(1), (RunState)owner.Int(2), new WorkflowCode(owner.Long(3)), owner.Int(4));
        owner.End();
        if (decision.IsAfterEnd)
        {
            // Nobody is known to own a run that has ended: of several who read it, the first to write has it.
            s.Use("update run set owner_epoch = owner_epoch + 1 where id = ?1").Bind((long)run.Value).Execute();
        }

        if (decision.Restart is { } restart)
        {
            s.Use("update run set restarts = restarts + 1, restart_scope = ?2, restarted_at = ?3 where id = ?1")
                .Bind((long)run.Value).Bind((long)restart.Scope).Bind(restart.At).Execute();
        }

        if (decision.State is { } state)
        {
            s.Use("update run set state = ?2, ended_at = ?3 where id = ?1")
                .Bind((long)run.Value).Bind((long)state).Bind(state.IsFinal() ? decision.StateAt : (DateTimeOffset?)null).Execute();
            s.Counters.Move(workspace, run.Value, workflow, version, before, -1);
            s.Counters.Move(workspace, run.Value, workflow, version, state, 1);
        }

        return WriteTasks(s, workspace, run.Value, firstTask, decision.Changes);
    }

    public static OwnedRun? TakeOver(WriterSession s, RunId run)
    {
        s.Use("update run set owner_epoch = owner_epoch + 1 where id = ?1 and ended_at is null").Bind((long)run.Value).Execute();
        if (Find(s, run) is not { } row)
        {
            return null;
        }

        var epoch = s.Use("select owner_epoch from run where id = ?1").Bind((long)run.Value);
        epoch.Step();
        var raised = new OwnerEpoch(epoch.Long(0));
        epoch.End();
        var tasks = new List<TaskSnapshot>();
        var task = s.Use("select idx, state, attempt, failures, losses, due_at, started_at, ended_at, outputs, stop_requested from task where id between ?1 and ?2")
            .Bind((long)row.FirstTaskId).Bind(row.FirstTaskId + row.TaskCount - 1L);
        while (task.Step())
        {
            tasks.Add(ReadSnapshot(task, 0) with
            {
                StartedAt = task.TimeOrNull(6),
                EndedAt = task.TimeOrNull(7),
                Outputs = TaskOutputs.Read(task.TextOrNull(8)),
                IsStopRequested = task.Int(9) == 1,
            });
        }

        return new OwnedRun(row, raised, tasks);
    }

    public static IReadOnlyList<UnfinishedRun> ListUnfinished(Session s, RunId after, int max)
    {
        var runs = new List<UnfinishedRun>();
        var tasks = new List<TaskSnapshot>();
        var row = s.Use(
            """
            select r.id, r.first_task_id, r.state, r.priority, t.idx, t.state, t.attempt, t.failures, t.losses, t.due_at,
                   r.workspace_id, r.workflow_code, r.version, r.is_production, r.queue, r.queue_is_chosen, coalesce(r.restarted_at, r.started_at), r.worker_group
            from (select * from run where ended_at is null and id > ?1 order by id limit ?2) r
            join task t on t.id between r.first_task_id and r.first_task_id + r.task_count - 1
            where t.state in (1, 2, 3)
            order by r.id, t.id
            """).Bind((long)after.Value).Bind((long)max);
        while (row.Step())
        {
            var id = new RunId(row.Int(0));
            if (runs.Count == 0 || runs[^1].Run != id)
            {
                tasks = [];
                runs.Add(new UnfinishedRun(id, row.Int(1), (RunState)row.Int(2), (Priority)row.Int(3), tasks)
                {
                    Workspace = new WorkspaceId(row.Text(10)),
                    Workflow = new WorkflowCode(row.Long(11)),
                    Version = row.Int(12),
                    IsProduction = row.Int(13) == 1,
                    Queue = row.Text(14),
                    QueueIsChosen = row.Int(15) == 1,
                    BegunAt = row.Time(16),
                    WorkerGroup = row.Text(17),
                });
            }

            tasks.Add(ReadSnapshot(row, 4));
        }

        return runs;
    }

    public static RunRow? Find(Session s, RunId run)
    {
        var row = s.Use(FindRunText).Bind((long)run.Value);
        if (!row.Step())
        {
            return null;
        }

        var found = ReadRun(row);
        row.End();
        return found;
    }

    public static IReadOnlyList<TaskRow> ListTasks(Session s, RunId run, int max)
    {
        var tasks = new List<TaskRow>();
        var row = s.Use(ListTasksText).Bind((long)run.Value).Bind((long)max);
        while (row.Step())
        {
            tasks.Add(ReadTask(row));
        }

        return tasks;
    }

    public static TaskRow? FindTask(Session s, WorkspaceId workspace, TaskId task)
    {
        var row = s.Use(FindTaskText).Bind((long)task.Value).Bind(workspace.Value);
        if (!row.Step())
        {
            return null;
        }

        var found = ReadTask(row);
        row.End();
        return found;
    }

    /// <summary>What the key was used for; null: it is new.</summary>
    public static StartRunResult? FindRepeated(Session s, WorkspaceId workspace, IdempotencyKey key)
    {
        var row = s.Use("select parameters_hash, run_id from idempotency where principal = ?1 and workspace_id = ?2 and operation = ?3 and token = ?4 and used_at >= ?5")
            .Bind(key.Principal).Bind(workspace.Value).Bind(key.Operation).Bind(key.Token).Bind(key.ForgetBefore);
        if (!row.Step())
        {
            return null;
        }

        StartRunResult result = row.Text(0) == key.ParametersHash ? new StartRunResult.Repeated(new RunId(row.Int(1))) : new StartRunResult.TokenMismatch();
        row.End();
        return result;
    }

    /// <summary>False: an attempt that is to end is not the open one. A number used twice breaks the primary key.</summary>
    private static bool WriteTasks(WriterSession s, string workspace, int run, int firstTask, List<TaskChange> changes)
    {
        foreach (var change in changes)
        {
            if (!WriteTask(s, workspace, run, firstTask + change.Index, change))
            {
                return false;
            }
        }

        return true;
    }

    private static bool WriteTask(WriterSession s, string workspace, int run, long id, TaskChange change)
    {
        switch (change)
        {
            case TaskChange.Submitted submitted:
                var first = submitted.Due is null ? TaskState.Queued : TaskState.RetryWaiting;
                return s.Use(
                        """
                        insert into task (id, run_id, idx, state, submitted_at, due_at) values (?1, ?2, ?3, ?4, ?5, ?6)
                        on conflict (id) do update set state = ?4, submitted_at = ?5, due_at = ?6 where state = 0
                        """)
                        .Bind(id).Bind((long)run).Bind((long)change.Index).Bind((long)first).Bind(submitted.At).Bind(submitted.Due).Execute() == 1
                    && Came(s, workspace, id, first, submitted.At);
            case TaskChange.NoopStarted started:
                if (s.Use("update task set state = 2, started_at = ?2, due_at = null where id = ?1 and state = 3").Bind(id).Bind(started.At).Execute() == 1)
                {
                    return Moved(s, workspace, id, TaskState.RetryWaiting, TaskState.Running); // after its delay
                }

                return s.Use(
                        """
                        insert into task (id, run_id, idx, state, submitted_at, started_at) values (?1, ?2, ?3, 2, ?4, ?4)
                        on conflict (id) do update set state = 2, submitted_at = ?4, started_at = ?4 where state = 0
                        """)
                        .Bind(id).Bind((long)run).Bind((long)change.Index).Bind(started.At).Execute() == 1
                    && Came(s, workspace, id, TaskState.Running, started.At);
            case TaskChange.AttemptStarted started:
                return s.Use("insert or ignore into attempt (task_id, number, started_at) values (?1, ?2, ?3)")
                        .Bind(id).Bind((long)started.Attempt).Bind(started.At).Execute() == 1
                    && s.Use("update task set state = 2, attempt = ?2, started_at = ?3, exit_code = null, message = '' where id = ?1 and state = 1")
                        .Bind(id).Bind((long)started.Attempt).Bind(started.At).Execute() == 1
                    && Moved(s, workspace, id, TaskState.Queued, TaskState.Running);
            case TaskChange.AttemptFailed failed:
                var next = failed.Due is null ? TaskState.Queued : TaskState.RetryWaiting;
                return EndAttempt(s, id, failed.Attempt, failed.ExitCode, failed.Message, failed.At)
                    && s.Use("update task set state = ?2, failures = ?3, losses = ?4, exit_code = ?5, message = ?6, due_at = ?7 where id = ?1 and state = 2")
                        .Bind(id).Bind((long)next).Bind((long)failed.Failures).Bind((long)failed.Losses).Bind((long?)failed.ExitCode).Bind(failed.Message).Bind(failed.Due)
                        .Execute() == 1
                    && Moved(s, workspace, id, TaskState.Running, next);
            case TaskChange.Requeued:
                return s.Use("update task set state = 1, due_at = null where id = ?1 and state = 3").Bind(id).Execute() == 1
                    && Moved(s, workspace, id, TaskState.RetryWaiting, TaskState.Queued);
            case TaskChange.StopRequested:
                return s.Use("update task set stop_requested = 1 where id = ?1 and state in (1, 2, 3)").Bind(id).Execute() == 1;
            case TaskChange.SuccessForced forced:
                return s.Use("update task set state = 4, forced = 1 where id = ?1 and state = ?2").Bind(id).Bind((long)forced.Before).Execute() == 1
                    && Moved(s, workspace, id, forced.Before, TaskState.Succeeded);
            case TaskChange.Reset reset:
                return s.Use(
                        """
                        update task
                        set state = 0, stop_requested = 0, forced = 0, failures = 0, losses = 0, exit_code = null, message = '', outputs = null, started_at = null, ended_at = null
                        where id = ?1 and state = ?2
                        """)
                        .Bind(id).Bind((long)reset.Before).Execute() == 1
                    && Left(s, workspace, id, reset.Before);
            case TaskChange.Ended ended:
                return (ended.Attempt == 0 || EndAttempt(s, id, ended.Attempt, ended.ExitCode, ended.Message, ended.At))
                    && EndTask(s, workspace, id, ended);
            default:
                throw new System.Diagnostics.UnreachableException($"No SQL for {change.GetType().Name}.");
        }
    }

    /// <summary>The counters need the state that the task leaves, which is nearly always the first of these.</summary>
    private static bool EndTask(WriterSession s, string workspace, long id, TaskChange.Ended ended)
    {
        foreach (var before in ActiveStates)
        {
            if (s.Use("update task set state = ?2, exit_code = ?3, message = ?4, failures = ?5, losses = ?6, ended_at = ?7, due_at = null, outputs = ?9 where id = ?1 and state = ?8")
                .Bind(id).Bind((long)ended.State).Bind((long?)ended.ExitCode).Bind(ended.Message).Bind((long)ended.Failures).Bind((long)ended.Losses).Bind(ended.At)
                .Bind((long)before).BindOrNull(TaskOutputs.Write(ended.Outputs)).Execute() == 1)
            {
                return Moved(s, workspace, id, before, ended.State);
            }
        }

        return false;
    }

    private static bool Moved(WriterSession s, string workspace, long task, TaskState before, TaskState after)
    {
        s.Counters.Move(workspace, task, after, 1);
        return Left(s, workspace, task, before);
    }

    private static bool Left(WriterSession s, string workspace, long task, TaskState before)
    {
        s.Counters.Move(workspace, task, before, -1);
        return true;
    }

    private static bool Came(WriterSession s, string workspace, long task, TaskState first, DateTimeOffset at)
    {
        s.Counters.Move(workspace, task, first, 1, at);
        return true;
    }

    private static bool EndAttempt(WriterSession s, long task, int number, int? exitCode, string message, DateTimeOffset at) =>
        s.Use("update attempt set ended_at = ?3, exit_code = ?4, message = ?5 where task_id = ?1 and number = ?2 and ended_at is null")
            .Bind(task).Bind((long)number).Bind(at).Bind((long?)exitCode).Bind(message).Execute() == 1;

    private static RunRow ReadRun(Statement row) => new(
        new RunId(row.Int(0)), new WorkspaceId(row.Text(1)), new WorkflowCode(row.Long(2)), row.Int(3), row.Text(4), (RunState)row.Int(5),
        (FailureStrategy)row.Int(6), (Priority)row.Int(7), row.Int(8) == 1, row.Text(9), row.Text(10), row.Text(11), row.Int(12), row.Int(13), row.Time(14), row.TimeOrNull(22))
    {
        QueueIsChosen = row.Int(15) == 1,
        StartParams = row.Text(16),
        LibraryPins = row.Text(17),
        WorkerGroup = row.Text(18),
        Environment = new EnvironmentCode(row.Long(19)),
        ScheduleTime = row.TimeOrNull(20),
        TimeZone = row.Text(21),
        Restarts = row.Int(23),
        Restart = row.TimeOrNull(25) is { } at ? new RunRestart((RerunScope)row.Int(24), at) : null,
    };

    private static TaskSnapshot ReadSnapshot(Statement row, int column) => new(
        row.Int(column), (TaskState)row.Int(column + 1), row.Int(column + 2), row.Int(column + 3), row.Int(column + 4), row.TimeOrNull(column + 5));

    private static TaskRow ReadTask(Statement row) => new(
        new TaskId(row.Int(0)), new RunId(row.Int(1)), row.Int(2), new WorkflowCode(row.Long(3)), row.Int(4), (TaskState)row.Int(5), row.Int(6), row.Int(7), row.Int(8),
        row.IntOrNull(9), row.Text(10), row.Time(11), row.TimeOrNull(12), row.TimeOrNull(13), row.TimeOrNull(14))
    {
        Outputs = row.TextOrNull(15),
        IsStopRequested = row.Int(16) == 1,
        IsForced = row.Int(17) == 1,
    };
}
