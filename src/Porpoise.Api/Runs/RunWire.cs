using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>A run as DolphinScheduler answers it, with the exact times beside the rounded ones.</summary>
internal sealed record DolphinRun(
    int Id,
    long ProcessDefinitionCode,
    int ProcessDefinitionVersion,
    string Name,
    string State,
    string CommandType,
    string FailureStrategy,
    string ProcessInstancePriority,
    string StartTime,
    string? EndTime,
    string Duration,
    int RunTimes,
    string ExecutorName,
    string WorkerGroup,
    long EnvironmentCode,
    int DryRun,
    string Queue,
    bool IsProd,
    Dictionary<string, string>? Remarks,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt)
{
    public static DolphinRun Of(RunRow run, DateTimeOffset now) => new(
        run.Id.Value, run.Workflow.Value, run.Version, run.Name, States.Of(run.State), "START_PROCESS", run.FailureStrategy == Core.Runs.FailureStrategy.End ? "END" : "CONTINUE",
        States.Of(run.Priority), DolphinTime.Write(run.StartedAt), DolphinTime.Write(run.EndedAt), States.Duration((run.EndedAt ?? now) - run.StartedAt), 1, run.StartedBy,
        "default", -1, 0, run.Queue, run.IsProduction, Runs.Remarks.Read(run.Remarks), run.StartedAt, run.EndedAt);
}

/// <summary>A run's tasks, and the run's own state, as DolphinScheduler answers them.</summary>
internal sealed record DolphinTasks(string ProcessInstanceState, IReadOnlyList<DolphinTask> TaskList);

/// <summary>A task instance as DolphinScheduler answers it, with what this service knows beyond it.</summary>
internal sealed record DolphinTask(
    int Id,
    string Name,
    string TaskType,
    long TaskCode,
    int TaskDefinitionVersion,
    int ProcessInstanceId,
    string State,
    string SubmitTime,
    string? StartTime,
    string? EndTime,
    string Duration,
    int RetryTimes,
    int MaxRetryTimes,
    string Host,
    string Flag,
    string TaskInstancePriority,
    string WorkerGroup,
    int Attempt,
    int? ExitCode,
    string Message,
    DateTimeOffset SubmittedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? RetryAt)
{
    public static DolphinTask Of(TaskRow task, TaskDefinition definition, DateTimeOffset now) => new(
        task.Id.Value, definition.Name, definition.Type, definition.Code.Value, task.Version, task.Run.Value, States.Of(task.State),
        DolphinTime.Write(task.SubmittedAt), DolphinTime.Write(task.StartedAt), DolphinTime.Write(task.EndedAt),
        States.Duration(task.StartedAt is { } started ? (task.EndedAt ?? now) - started : TimeSpan.Zero), Math.Max(0, task.Attempt - 1), definition.RetryMax,
        "localhost", "YES", States.Of(definition.Priority), "default", task.Attempt, task.ExitCode, task.Message, task.SubmittedAt, task.StartedAt, task.EndedAt, task.Due);
}

/// <summary>How many runs are in each state.</summary>
internal sealed record DolphinStateCounts(long TotalCount, IReadOnlyList<DolphinStateCount> TaskCountDtos);

internal sealed record DolphinStateCount(string TaskStateType, long Count);

/// <summary>A window of a log.</summary>
/// <param name="LineNum">Lines in <paramref name="Message"/>; 0 when there are no more yet.</param>
internal sealed record DolphinLog(int LineNum, string Message);

/// <summary>DolphinScheduler's words for our states.</summary>
internal static class States
{
    /// <summary>In the order in which counts are listed.</summary>
    public static readonly IReadOnlyList<RunState> AllRunStates = Enum.GetValues<RunState>();

    public static string Of(RunState state) => state switch
    {
        RunState.Running => "RUNNING_EXECUTION",
        RunState.Stopping => "READY_STOP",
        RunState.Succeeded => "SUCCESS",
        RunState.Failed => "FAILURE",
        RunState.Stopped => "STOP",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A task that waits for its retry shows as delayed: it runs again at a known time. (DolphinScheduler shows the failed row until then.)</summary>
    public static string Of(TaskState state) => state switch
    {
        TaskState.Queued => "SUBMITTED_SUCCESS",
        TaskState.Running => "RUNNING_EXECUTION",
        TaskState.RetryWaiting => "DELAY_EXECUTION",
        TaskState.Succeeded => "SUCCESS",
        TaskState.Failed => "FAILURE",
        TaskState.Killed => "KILL",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Of(Priority priority) => priority switch
    {
        Priority.Highest => "HIGHEST",
        Priority.High => "HIGH",
        Priority.Medium => "MEDIUM",
        Priority.Low => "LOW",
        _ => "LOWEST",
    };

    /// <summary>E.g. <c>1d 2h 3m 4s</c>; what is zero at the front is left out.</summary>
    public static string Duration(TimeSpan duration)
    {
        var text = new System.Text.StringBuilder();
        foreach (var (value, unit) in (ReadOnlySpan<(int, char)>)[(duration.Days, 'd'), (duration.Hours, 'h'), (duration.Minutes, 'm'), (duration.Seconds, 's')])
        {
            if (value > 0 || text.Length > 0 || unit == 's')
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(text.Length > 0 ? " " : "")}{value}{unit}");
            }
        }

        return text.ToString();
    }
}
