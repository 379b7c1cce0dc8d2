using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Runs;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>A run's tasks, and the run's own state, as DolphinScheduler answers them.</summary>
internal sealed record DolphinTasks(string ProcessInstanceState, IReadOnlyList<DolphinTask> TaskList);

/// <summary>
/// A task instance as DolphinScheduler answers it, with what this service knows beyond it. Its taskParams are not repeated here: the
/// definition has them, and a script may be large. Members without a setter are the same for every task here.
/// </summary>
internal sealed record DolphinTask
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string TaskType { get; init; }

    public required long TaskCode { get; init; }

    public required int TaskDefinitionVersion { get; init; }

    public required int ProcessInstanceId { get; init; }

    public required string ProcessInstanceName { get; init; }

    public required string ProcessDefinitionName { get; init; }

    public required string State { get; init; }

    public required string SubmitTime { get; init; }

    public required string? StartTime { get; init; }

    public required string? EndTime { get; init; }

    public required string Duration { get; init; }

    public required int RetryTimes { get; init; }

    public required int MaxRetryTimes { get; init; }

    /// <summary>Minutes.</summary>
    public required int RetryInterval { get; init; }

    /// <summary>Null until an attempt has started.</summary>
    public required string? Host { get; init; }

    public required string TaskInstancePriority { get; init; }

    public required string ProcessInstancePriority { get; init; }

    public required string ExecutorName { get; init; }

    public required bool TaskComplete { get; init; }

    public required bool FirstRun { get; init; }

    public string FirstSubmitTime => SubmitTime;

    public string Flag => "YES";

    public string AlertFlag => "NO";

    public int ExecutorId => Security.DolphinUser.RootId;

    /// <summary>Of the node, or of the run.</summary>
    public required string WorkerGroup { get; init; }

    public required long EnvironmentCode { get; init; }

    public string? EnvironmentConfig => null;

    public string ExecutePath => "";

    public string LogPath => "";

    public string AppLink => "";

    /// <summary>JSON text of what it gave to the tasks after it. Null in a list that has too much of it already.</summary>
    public required string? VarPool { get; init; }

    public int Pid => 0;

    /// <summary>Minutes from when the task is ready.</summary>
    public required int DelayTime { get; init; }

    public int DryRun => 0;

    public int TestFlag => 0;

    public int TaskGroupId => 0;

    public int TaskGroupPriority => 0;

    public int CpuQuota => -1;

    public int MemoryMax => -1;

    public string TaskExecuteType => "BATCH";

    public string IsCache => "NO";

    public bool SubProcess => false;

    public bool DependTask => false;

    public bool ConditionsTask => false;

    public bool SwitchTask => false;

    public bool BlockingTask => false;

    /// <summary>Number of the newest attempt; 0 if there was none.</summary>
    public required int Attempt { get; init; }

    public required int? ExitCode { get; init; }

    public required string Message { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the next attempt may start, while the task waits for its delay or a retry.</summary>
    public required DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why it does not run yet, in a sentence; null: it runs, or has ended.</summary>
    public required string? WaitingFor { get; init; }

    public static DolphinTask Of(TaskRow task, RunRow run, WorkflowDefinition definition, RunView view)
    {
        var node = definition.Tasks[task.Index];
        return new DolphinTask
        {
            Id = task.Id.Value,
            Name = node.Name,
            TaskType = node.Type,
            TaskCode = node.Code.Value,
            TaskDefinitionVersion = task.Version,
            ProcessInstanceId = task.Run.Value,
            ProcessInstanceName = run.Name,
            ProcessDefinitionName = definition.Name,
            State = States.Of(task),
            SubmitTime = DolphinTime.Write(task.SubmittedAt),
            StartTime = DolphinTime.Write(task.StartedAt),
            EndTime = DolphinTime.Write(task.EndedAt),
            Duration = States.Duration(task.StartedAt is { } started ? (task.EndedAt ?? view.Now) - started : TimeSpan.Zero),
            RetryTimes = Math.Max(0, task.Attempt - 1),
            MaxRetryTimes = node.RetryMax,
            WorkerGroup = RunTerms.Of(run).GroupOf(node),
            DelayTime = (int)Math.Ceiling(node.Delay.TotalMinutes),
            RetryInterval = (int)node.RetryInterval.TotalMinutes,
            Host = task.StartedAt is null ? null : view.Host,
            EnvironmentCode = (node.Environment.IsNone ? run.Environment : node.Environment).Wire,
            TaskInstancePriority = States.Of(node.Priority),
            ProcessInstancePriority = States.Of(run.Priority),
            ExecutorName = run.StartedBy,
            TaskComplete = task.EndedAt is not null,
            FirstRun = task.Attempt <= 1,
            Attempt = task.Attempt,
            ExitCode = task.ExitCode,
            Message = task.Message,
            SubmittedAt = task.SubmittedAt,
            StartedAt = task.StartedAt,
            EndedAt = task.EndedAt,
            RetryAt = task.Due,
            VarPool = GivenValues.WriteVarPool(task, node),
            WaitingFor = TaskWait.Of(task, run, definition, view.Slots)?.WaitingFor,
        };
    }
}

/// <summary>The attempts of a task instance; an address of our own.</summary>
internal sealed record TaskAttempts(int TaskInstanceId, string State, IReadOnlyList<TaskAttempt> Attempts);

/// <summary>One attempt.</summary>
/// <param name="ExitCode">Null: it has not ended, or nobody can say how.</param>
internal sealed record TaskAttempt(int Attempt, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string Duration, int? ExitCode, string Message);

/// <summary>Bars of a Gantt chart, as DolphinScheduler answers them.</summary>
/// <param name="Height">Number of nodes.</param>
/// <param name="Tasks">The task instances that there are.</param>
/// <param name="TaskNames">Of all nodes, those that come first in front.</param>
internal sealed record DolphinGantt(int Height, IReadOnlyList<DolphinGanttTask> Tasks, IReadOnlyList<string> TaskNames);

/// <summary>One bar; the dates are milliseconds since 1970.</summary>
internal sealed record DolphinGanttTask(string TaskName, long[] StartDate, long[] EndDate, string IsoStart, string IsoEnd, string Status, string? ExecutionDate, string Duration);

/// <summary>A window of a log.</summary>
/// <param name="LineNum">Lines in <paramref name="Message"/>; 0 when there are no more yet.</param>
internal sealed record DolphinLog(int LineNum, [property: JsonConverter(typeof(LongText))] string Message);
