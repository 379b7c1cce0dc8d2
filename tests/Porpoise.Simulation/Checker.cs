using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Queues;

namespace Porpoise.Simulation;

/// <summary>A law was broken.</summary>
public sealed class ViolationException(string message) : Exception(message);

/// <summary>
/// Watches everything that can be seen from outside and holds it against what was promised. It reads the rows with a connection of its own, and
/// knows the true definitions, not what the product believes they are.
/// </summary>
public sealed class Checker : IDisposable
{
    private readonly SimScheduler _scheduler;
    private readonly SqliteConnection _db;
    private readonly LimitChecker _limits;
    private readonly Dictionary<string, RunId> _acknowledged = [];
    private readonly Dictionary<RunId, (WorkflowDefinition Definition, TaskGraph Graph)> _definitions = [];
    private readonly Dictionary<RunId, DateTimeOffset> _stopping = [];
    private readonly Dictionary<TaskId, (DateTimeOffset At, int Restarts)> _taskStops = [];
    private readonly Dictionary<RunId, int> _restarts = [];
    private readonly Dictionary<RunId, OwnerEpoch> _epochs = [];
    private readonly HashSet<AttemptKey> _started = [];
    private readonly HashSet<AttemptKey> _alive = [];
    private readonly StringBuilder _trace = new();

    /// <param name="scheduler">The time.</param>
    /// <param name="path">The store's file.</param>
    /// <param name="definitions">The true ones: the workflow with code <c>n</c> is number <c>n - 1</c>.</param>
    public Checker(SimScheduler scheduler, string path, IReadOnlyList<WorkflowDefinition> definitions)
    {
        _scheduler = scheduler;
        _db = Open(path);
        _limits = new LimitChecker(scheduler, definitions, Query, Fail);
    }

    /// <summary>The first broken law; null so far.</summary>
    public string? Violation { get; private set; }

    /// <summary>What happened, in order: two runs of one seed must agree in every letter.</summary>
    public string Trace => _trace.ToString();

    public int AtLimit => _limits.AtLimit;

    public IReadOnlyCollection<RunId> Acknowledged => _acknowledged.Values;

    /// <summary>A client was told that its run is durable.</summary>
    public void OnAcknowledged(string token, RunId run, WorkflowDefinition definition)
    {
        Note($"ack {token} {run}");
        if (_acknowledged.TryGetValue(token, out var before) && before != run)
        {
            Fail($"The token {token} gave run {before} first and run {run} now.");
        }

        _acknowledged[token] = run;
        _definitions[run] = (definition, TaskGraph.Of(definition));
        _epochs.TryAdd(run, new OwnerEpoch(1));
        if (ReadState(run) is null)
        {
            Fail($"Run {run} was acknowledged, but there is no such row.");
        }
    }

    /// <summary>A client was told that its request to stop is durable.</summary>
    public void OnStopAcknowledged(RunId run)
    {
        Note($"stop {run}");
        switch (ReadState(run))
        {
            case RunState.Running:
                Fail($"The stop of run {run} was acknowledged, but its row says that it is running.");
                break;
            case RunState.Stopping or RunState.Stopped:
                _stopping.TryAdd(run, _scheduler.Clock.GetUtcNow());
                break;
            default:
                break;
        }
    }

    /// <summary>A client was told that its request to stop the task is durable, or not needed.</summary>
    public void OnTaskStopAcknowledged(RunId run, int index)
    {
        var (first, _) = ReadBlock(run);
        Note($"stop task {first + index}");
        using var command = Query("select state in (1, 2, 3), stop_requested from task where id = $1", first + index);
        using var row = command.ExecuteReader();
        if (row.Read() && row.GetInt32(1) == 1)
        {
            _taskStops.TryAdd(new TaskId(first + index), (_scheduler.Clock.GetUtcNow(), ReadRestarts(run)));
        }
    }

    /// <summary>How often the run was begun anew.</summary>
    public int ReadRestarts(RunId run)
    {
        using var command = Query("select restarts from run where id = $1", run.Value);
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>A client was told that the run begins anew; it had ended, and nobody else asks this run for anything.</summary>
    public void OnRerunAcknowledged(RunId run, int restartsBefore)
    {
        Note($"rerun {run}");
        if (ReadRestarts(run) <= restartsBefore)
        {
            Fail($"Run {run} was to begin anew, and that was acknowledged, but its row knows nothing of it.");
        }
    }

    /// <summary>A client was told that a task which had failed counts as succeeded; its run had ended.</summary>
    public void OnForceAcknowledged(RunId run, int index)
    {
        var (first, _) = ReadBlock(run);
        Note($"force {first + index}");
        using var command = Query("select state from task where id = $1", first + index);
        if (command.ExecuteScalar() is long state && (TaskState)state is not TaskState.Succeeded)
        {
            Fail($"Task {first + index} was forced to succeed, but it is {(TaskState)state}.");
        }
    }

    /// <summary>A task of an ended run that did not succeed; null: there is none.</summary>
    public int? FindFailed(RunId run) => ReadTasks(run).Find(t => t.State is TaskState.Failed or TaskState.Killed)?.Index;

    public bool HasSucceeded(RunId run) => ReadState(run) == RunState.Succeeded;

    public void OnTakenOver(RunId run, OwnerEpoch epoch) => _epochs[run] = epoch;

    public OwnerEpoch NewestEpoch(RunId run, OwnerEpoch otherwise) => _epochs.GetValueOrDefault(run, otherwise);

    /// <summary>A write of the run's owner was taken.</summary>
    /// <param name="run">Whose.</param>
    /// <param name="epoch">Of the one who wrote.</param>
    /// <param name="tookOver">The write itself took the run over, because it had ended.</param>
    public void OnSaved(RunId run, OwnerEpoch epoch, bool tookOver)
    {
        Note($"save {run}@{epoch}");
        if (_epochs.TryGetValue(run, out var newest) && epoch.Value < newest.Value)
        {
            Fail($"Run {run}: a write with the old epoch {epoch} was taken; the newest is {newest}.");
        }

        if (tookOver)
        {
            _epochs[run] = new OwnerEpoch(epoch.Value + 1);
        }

        if (_definitions.ContainsKey(run))
        {
            CheckRun(run);
        }
    }

    public void OnGroupChanged(WorkerGroupSettings settings)
    {
        Note($"worker group {settings.Name} {settings.Slots}");
        _limits.OnGroupChanged(settings);
    }

    public void OnQueueChanged(QueueSettings settings)
    {
        Note($"queue {settings.Name} {settings.TasksMax}");
        _limits.OnQueueChanged(settings);
    }

    public int CountTimeOuts() => _limits.CountTimeOuts();

    /// <param name="key">Which attempt.</param>
    /// <param name="isUnknown">Started by a zombie: its successor may not know of it yet, and count without it.</param>
    public void OnProcessStarted(AttemptKey key, bool isUnknown)
    {
        Note($"start {key}");
        if (!_started.Add(key))
        {
            Fail($"Attempt {key} was started twice.");
        }

        _alive.Add(key);
        using var command = Query("select ended_at from attempt where task_id = $1 and number = $2", key.Task.Value, key.Number);
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            Fail($"Attempt {key} runs, but its start was never written.");
        }
        else if (!row.IsDBNull(0))
        {
            Fail($"Attempt {key} runs though it was ended before.");
        }

        if (_taskStops.TryGetValue(key.Task, out var stop))
        {
            CheckTaskStop(key, stop.At, stop.Restarts);
        }

        if (Violation is null)
        {
            _limits.OnProcessStarted(key, isUnknown);
        }
    }

    public void OnProcessEnded(AttemptKey key, int? exitCode)
    {
        Note($"exit {key} {exitCode}");
        _alive.Remove(key);
        _limits.OnProcessEnded(key);
    }

    public bool HasEnded(RunId run) => ReadState(run)?.IsFinal() == true;

    /// <summary>After the last event: everything acknowledged has come to a right end.</summary>
    public void CheckEnd()
    {
        foreach (var run in _acknowledged.Values)
        {
            if (ReadState(run) is not { } state)
            {
                Fail($"Run {run} was acknowledged and is lost.");
            }
            else if (!state.IsFinal())
            {
                Fail($"Run {run} never ends: it is {state}. {Describe(run)}");
            }
            else
            {
                CheckRun(run);
                CheckRetryWaits(run);
                CheckDelays(run);
                CheckOrder(run);
                _limits.CheckEnd(run);
            }
        }

        if (_alive.Count > 0)
        {
            Fail($"Every run has ended, but these attempts still run: {string.Join(", ", _alive)}.");
        }
    }

    public void Fail(string violation) => Violation ??= $"{_scheduler.Clock.GetUtcNow() - SimClock.Beginning:c} {violation}";

    public void Dispose() => _db.Dispose();

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private void CheckRun(RunId run)
    {
        var (definition, graph) = _definitions[run];
        var tasks = ReadTasks(run);
        var byIndex = tasks.ToDictionary(t => t.Index);
        var state = ReadState(run)!.Value;
        foreach (var task in tasks)
        {
            var name = $"Run {run}, task {task.Index}";
            var node = definition.Tasks[task.Index];
            if (node.IsDisabled)
            {
                Fail($"{name} is {task.State}, but its node is disabled.");
            }

            foreach (var from in EnabledBefore(definition, node.Code))
            {
                if (!byIndex.TryGetValue(from, out var predecessor) || predecessor.State != TaskState.Succeeded)
                {
                    Fail($"{name} is {task.State} before its predecessor {from} has succeeded.");
                }
            }

            if (task.Failures > node.RetryMax + 1)
            {
                Fail($"{name} failed {task.Failures} times, but may be retried only {node.RetryMax} times.");
            }

            var open = ReadOpenAttempts(task.Id);
            var expected = task.State == TaskState.Running && !graph.IsNoop(task.Index) ? [task.Attempt] : Array.Empty<int>();
            if (!open.SequenceEqual(expected))
            {
                Fail($"{name} is {task.State} with attempt {task.Attempt}, but these attempts are open: {string.Join(", ", open)}.");
            }

            if (state.IsFinal() && task.State is TaskState.Queued or TaskState.Running or TaskState.RetryWaiting && state.IsFinal())
            {
                Fail($"{name} is {task.State} though the run has ended.");
            }
        }

        if (state == RunState.Succeeded && (tasks.Count != definition.Tasks.Count(t => !t.IsDisabled) || tasks.Any(t => t.State != TaskState.Succeeded)))
        {
            Fail($"Run {run} succeeded, but not all of its tasks did.");
        }

        if (state == RunState.Failed && !tasks.Any(t => t.IsForced || t.State is TaskState.Failed or TaskState.Killed) && !_limits.IsOverdue(run))
        {
            Fail($"Run {run} failed, but none of its tasks did.");
        }

        _limits.CheckNotTooEarly(run);
        CheckStop(run, state);
    }

    /// <summary>The nodes that a node has to wait for, through those that are disabled.</summary>
    private static IEnumerable<int> EnabledBefore(WorkflowDefinition definition, TaskCode code) => definition.Edges.Where(e => e.To == code).SelectMany(edge =>
    {
        var index = Enumerable.Range(0, definition.Tasks.Count).First(i => definition.Tasks[i].Code == edge.From);
        return definition.Tasks[index].IsDisabled ? EnabledBefore(definition, edge.From) : [index];
    }).Distinct();

    private void CheckTaskStop(AttemptKey key, DateTimeOffset at, int restarts)
    {
        using var command = Query("select a.started_at, r.restarts from attempt a join task t on t.id = a.task_id join run r on r.id = t.run_id where a.task_id = $1 and a.number = $2", key.Task.Value, key.Number);
        using var row = command.ExecuteReader();
        if (row.Read() && row.GetInt32(1) == restarts && row.GetInt64(0) > (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
        {
            Fail($"Attempt {key} was started after the stop of its task was acknowledged.");
        }
    }

    private void CheckStop(RunId run, RunState state)
    {
        if (ReadRestarts(run) is var restarts && restarts > _restarts.GetValueOrDefault(run))
        {
            _restarts[run] = restarts;
            _stopping.Remove(run); // what was stopped is over
        }

        if (!_stopping.TryGetValue(run, out var at))
        {
            if (state is RunState.Stopped)
            {
                _stopping.TryAdd(run, _scheduler.Clock.GetUtcNow()); // the stop was durable before its caller heard of it
            }

            return;
        }

        if (state is RunState.Running or RunState.Failed)
        {
            Fail($"Run {run} was to be stopped, but is {state}.");
        }

        var (first, count) = ReadBlock(run);
        using var command = Query("select max(started_at) from attempt where task_id between $1 and $2", first, first + count - 1);
        if (command.ExecuteScalar() is long started && started > (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)
        {
            Fail($"Run {run} started an attempt after its stop was acknowledged.");
        }
    }

    /// <summary>The first attempt since the task became ready starts no sooner than its delay says.</summary>
    private void CheckDelays(RunId run)
    {
        var (definition, _) = _definitions[run];
        var (first, count) = ReadBlock(run);
        using var command = Query(
            "select t.idx, min(a.started_at) - t.submitted_at from task t join attempt a on a.task_id = t.id and a.started_at >= t.submitted_at where t.id between $1 and $2 group by t.id", first, first + count - 1);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            if (row.GetInt64(1) < definition.Tasks[row.GetInt32(0)].Delay.TotalMicroseconds)
            {
                Fail($"Run {run}, task {row.GetInt32(0)} was started {row.GetInt64(1)} µs after it was ready; its delay is {definition.Tasks[row.GetInt32(0)].Delay}.");
            }
        }
    }

    /// <summary>An attempt after a failed one starts no sooner than its interval says; after a lost one, at once.</summary>
    private void CheckRetryWaits(RunId run)
    {
        var (definition, _) = _definitions[run];
        var (first, count) = ReadBlock(run);
        using var command = Query(
            """
            select b.task_id, b.number, b.started_at - a.ended_at
            from attempt a
            join attempt b on b.task_id = a.task_id and b.number = a.number + 1
            join task t on t.id = a.task_id
            join run r on r.id = t.run_id
            where a.task_id between $1 and $2 and a.started_at >= coalesce(r.restarted_at, 0) and (a.exit_code is not null or a.message like 'timed out%')
            """, first, first + count - 1);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var interval = definition.Tasks[row.GetInt32(0) - first].RetryInterval;
            if (row.GetInt64(2) < interval.TotalMicroseconds)
            {
                Fail($"Attempt {row.GetInt32(0)}.{row.GetInt32(1)} started {row.GetInt64(2)} µs after the failed one; the interval is {interval}.");
            }
        }
    }

    /// <summary>However late ends are heard of: nothing became ready before what it waited for had ended, and nothing ended after its run.</summary>
    private void CheckOrder(RunId run)
    {
        var (definition, _) = _definitions[run];
        var (first, count) = ReadBlock(run);
        var times = new Dictionary<int, (long Ready, long End)>();
        using var command = Query(
            "select t.idx, t.submitted_at, t.ended_at, r.ended_at from task t join run r on r.id = t.run_id where t.id between $1 and $2 and t.state > 0", first, first + count - 1);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            times.Add(row.GetInt32(0), (row.GetInt64(1), row.GetInt64(2)));
            if (row.GetInt64(2) > row.GetInt64(3))
            {
                Fail($"Run {run} ended {row.GetInt64(2) - row.GetInt64(3)} µs before its task {row.GetInt32(0)}.");
            }
        }

        foreach (var (index, (ready, _)) in times)
        {
            foreach (var from in EnabledBefore(definition, definition.Tasks[index].Code))
            {
                if (ready < times[from].End)
                {
                    Fail($"Run {run}, task {index} became ready {times[from].End - ready} µs before its predecessor {from} had ended.");
                }
            }
        }
    }

    private RunState? ReadState(RunId run)
    {
        using var command = Query("select state from run where id = $1", run.Value);
        return command.ExecuteScalar() is long state ? (RunState)state : null;
    }

    private (int First, int Count) ReadBlock(RunId run)
    {
        using var command = Query("select first_task_id, task_count from run where id = $1", run.Value);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt32(1));
    }

    private List<TaskLine> ReadTasks(RunId run)
    {
        var (first, count) = ReadBlock(run);
        using var command = Query("select id, idx, state, attempt, failures, forced from task where id between $1 and $2 and state > 0 order by id", first, first + count - 1);
        using var row = command.ExecuteReader();
        var tasks = new List<TaskLine>();
        while (row.Read())
        {
            tasks.Add(new TaskLine(row.GetInt32(0), row.GetInt32(1), (TaskState)row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5) == 1));
        }

        return tasks;
    }

    private List<int> ReadOpenAttempts(int task)
    {
        using var command = Query("select number from attempt where task_id = $1 and ended_at is null", task);
        using var row = command.ExecuteReader();
        var numbers = new List<int>();
        while (row.Read())
        {
            numbers.Add(row.GetInt32(0));
        }

        return numbers;
    }

    private string Describe(RunId run) => string.Join(", ", ReadTasks(run).Select(t => $"{t.Index}:{t.State}/{t.Attempt}"));

    private SqliteCommand Query(string sql, params int[] values)
    {
        var command = _db.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i]);
        }

        return command;
    }

    /// <summary>Adds to the trace.</summary>
    public void Note(FormattableString what) => _trace
        .Append((_scheduler.Clock.GetUtcNow() - SimClock.Beginning).Ticks.ToString(CultureInfo.InvariantCulture)).Append(' ')
        .Append(what.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private sealed record TaskLine(int Id, int Index, TaskState State, int Attempt, int Failures, bool IsForced);
}
