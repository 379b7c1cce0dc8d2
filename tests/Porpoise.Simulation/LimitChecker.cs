using Microsoft.Data.Sqlite;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Queues;

namespace Porpoise.Simulation;

/// <summary>
/// Whether the limits are kept: by the processes that run, of each run, each queue and each worker group no more at once than may, and nothing longer than it may
/// (however often the server dies, it comes back soon).
/// </summary>
internal sealed class LimitChecker(SimScheduler scheduler, IReadOnlyList<WorkflowDefinition> definitions, Func<string, int[], SqliteCommand> query, Action<string> fail)
{
    /// <summary>A slot that was given may be used that much later; who has it by then does not lose it to a lower limit.</summary>
    private static readonly TimeSpan ClaimMax = TimeSpan.FromSeconds(5);

    /// <summary>From the end of a time limit to the end of what exceeds it: a server that is dead, a driver that is read again, a process that is killed.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(10);

    /// <summary>Of queues and worker groups, by what they are called in messages.</summary>
    private readonly Dictionary<string, List<(DateTimeOffset Since, int TasksMax)>> _limits = [];
    private readonly Dictionary<AttemptKey, (int Run, string Queue, string Group)> _alive = [];
    private readonly HashSet<AttemptKey> _unknown = [];

    /// <summary>Starts after which a run or a queue had as many attempts as it may.</summary>
    public int AtLimit { get; private set; }

    public void OnQueueChanged(QueueSettings settings) => Note($"Queue {settings.Name}", settings.TasksMax);

    public void OnGroupChanged(WorkerGroupSettings settings) => Note($"Worker group {settings.Name}", settings.Slots);

    public void OnProcessStarted(AttemptKey key, bool isUnknown)
    {
        if (isUnknown)
        {
            _unknown.Add(key);
            return;
        }

        var task = ReadTask(key.Task);
        _alive.Add(key, (task.Run, task.Queue, task.Group));
        Check($"Run {task.Run}", _alive.Values.Count(a => a.Run == task.Run), task.Definition.ParallelismMax);
        var startedAt = ReadTimes(key).StartedAt;
        Check(task.Queue, _alive.Values.Count(a => a.Queue == task.Queue), LimitOf(task.Queue, startedAt));
        Check(task.Group, _alive.Values.Count(a => a.Group == task.Group), LimitOf(task.Group, startedAt));
    }

    public void OnProcessEnded(AttemptKey key) => _alive.Remove(key);

    /// <summary>True when the run's time is up.</summary>
    public bool IsOverdue(RunId run)
    {
        var (definition, started, _, _, _) = ReadRun(run.Value);
        return definition.TimeLimit is { Fails: true } limit && scheduler.Clock.GetUtcNow() >= started + limit.After;
    }

    /// <summary>Nobody is ended for the run's limit before it is over. (When a run ended is when its last process did, and that may be earlier.)</summary>
    public void CheckNotTooEarly(RunId run)
    {
        var (definition, started, _, first, count) = ReadRun(run.Value);
        using var early = query("select count(*) from task where id between $1 and $2 and message like 'the run timed out%' and forced = 0", [first, first + count - 1]);
        if ((long)early.ExecuteScalar()! > 0 && scheduler.Clock.GetUtcNow() < started + definition.TimeLimit!.After)
        {
            fail($"Run {run} is ended for its limit of {definition.TimeLimit.After} after {scheduler.Clock.GetUtcNow() - started}.");
        }
    }

    /// <summary>The run has ended.</summary>
    public void CheckEnd(RunId run)
    {
        var (definition, started, ended, first, count) = ReadRun(run.Value);
        if (definition.TimeLimit is { Fails: true } limit && ended > started + limit.After + EndMax)
        {
            fail($"Run {run} took {ended - started}; its limit is {limit.After}.");
        }

        using var command = query("select task_id, number from attempt where task_id between $1 and $2", [first, first + count - 1]);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var key = new AttemptKey(new TaskId(row.GetInt32(0)), row.GetInt32(1));
            var times = ReadTimes(key);
            if (definition.TimeLimit is { Fails: true } runLimit && times.StartedAt >= started + runLimit.After)
            {
                fail($"Attempt {key} was started {times.StartedAt - started} after its run, whose limit is {runLimit.After}.");
            }

            if (definition.Tasks[key.Task.Value - first].TimeLimit is { Fails: true } max && !_unknown.Contains(key) && times.EndedAt > times.StartedAt + max.After + EndMax)
            {
                fail($"Attempt {key} took {times.EndedAt - times.StartedAt}; its limit is {max.After}.");
            }
        }
    }

    public int CountTimeOuts()
    {
        using var command = query("select count(*) from attempt where message like '%timed out%'", []);
        return (int)(long)command.ExecuteScalar()!;
    }

    private void Note(string what, int tasksMax)
    {
        if (!_limits.TryGetValue(what, out var history))
        {
            _limits.Add(what, history = []);
        }

        history.Add((scheduler.Clock.GetUtcNow(), tasksMax));
    }

    private void Check(string what, int count, int max)
    {
        if (max > 0 && count > max)
        {
            fail($"{what} has {count} attempts at once; it may have {max}.");
        }

        AtLimit += count == max ? 1 : 0;
    }

    /// <summary>The widest limit since the slot may have been given.</summary>
    private int LimitOf(string what, DateTimeOffset startedAt)
    {
        var history = _limits[what];
        var first = history.FindLastIndex(h => h.Since <= startedAt - ClaimMax);
        var since = history.Skip(Math.Max(first, 0)).Select(h => h.TasksMax).ToList();
        return since.Contains(0) ? 0 : since.Max();
    }

    private (int Run, string Queue, string Group, WorkflowDefinition Definition) ReadTask(TaskId task)
    {
        using var command = query(
            "select r.id, r.queue, r.is_production = 1 and r.queue_is_chosen = 0, r.workflow_code, t.idx, r.worker_group from task t join run r on r.id = t.run_id where t.id = $1", [task.Value]);
        using var row = command.ExecuteReader();
        row.Read();
        var definition = definitions[row.GetInt32(3) - 1];
        var node = definition.Tasks[row.GetInt32(4)];
        return (
            row.GetInt32(0),
            $"Queue {(row.GetInt32(2) == 1 && node.Queue.Length > 0 ? node.Queue : row.GetString(1))}",
            $"Worker group {(node.WorkerGroup.Length > 0 ? node.WorkerGroup : row.GetString(5))}",
            definition);
    }

    private (DateTimeOffset StartedAt, DateTimeOffset? EndedAt) ReadTimes(AttemptKey key)
    {
        using var command = query("select started_at, ended_at from attempt where task_id = $1 and number = $2", [key.Task.Value, key.Number]);
        using var row = command.ExecuteReader();
        row.Read();
        return (Time(row.GetInt64(0)), row.IsDBNull(1) ? null : Time(row.GetInt64(1)));
    }

    private (WorkflowDefinition Definition, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int FirstTask, int TaskCount) ReadRun(int run)
    {
        using var command = query("select workflow_code, coalesce(restarted_at, started_at), ended_at, first_task_id, task_count from run where id = $1", [run]);
        using var row = command.ExecuteReader();
        row.Read();
        return (definitions[row.GetInt32(0) - 1], Time(row.GetInt64(1)), row.IsDBNull(2) ? null : Time(row.GetInt64(2)), row.GetInt32(3), row.GetInt32(4));
    }

    private static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
}
