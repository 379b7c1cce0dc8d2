using System.Text.Json.Serialization;

namespace Porpoise.Client.Runs;

/// <summary>A run. <paramref name="State"/> is a word of DolphinScheduler's, such as RUNNING_EXECUTION or SUCCESS.</summary>
/// <param name="ProcessDefinitionCode">Its workflow.</param>
/// <param name="ExecutorName">Who started it.</param>
/// <param name="ScheduleTime">What its time parameters stand for, if its starter named that; in <paramref name="TimeZone"/>.</param>
public sealed record Run(
    int Id, string Name, string State, long ProcessDefinitionCode, int ProcessDefinitionVersion, string ExecutorName, string Queue, bool IsProd, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    IReadOnlyDictionary<string, string>? StartParams = null, string? ScheduleTime = null, string? TimeZone = null)
{
    [JsonIgnore]
    public bool HasEnded => EndedAt is not null;

    [JsonIgnore]
    public bool HasSucceeded => State == RunStates.Success;
}

/// <summary>The words for how a run is.</summary>
public static class RunStates
{
    public const string Success = "SUCCESS";
    public const string Failure = "FAILURE";
    public const string Stopped = "STOP";

    /// <summary>Every one that a run can have.</summary>
    public static readonly IReadOnlyList<string> All = ["RUNNING_EXECUTION", "READY_STOP", Success, Failure, Stopped];
}

/// <summary>A task instance of a run.</summary>
/// <param name="Attempt">Number of the newest attempt; 0: none was started.</param>
/// <param name="Message">Why it failed, or waits.</param>
public sealed record TaskInstance(
    int Id, string Name, string TaskType, string State, int Attempt, int? ExitCode, string Message, DateTimeOffset SubmittedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? RetryAt = null);

/// <summary>The task instances of a run, and how the run itself is.</summary>
public sealed record RunTasks(string ProcessInstanceState, IReadOnlyList<TaskInstance> TaskList);

/// <summary>A window of a log.</summary>
/// <param name="LineNum">Lines in it; 0: no more yet.</param>
public sealed record LogWindow(int LineNum, string Message);

/// <summary>What to start. What is null is left to the workflow and the server.</summary>
/// <param name="IsProduction">The published version on a production queue; else the current one on a development queue.</param>
public sealed record StartRequest(long Workflow, bool IsProduction = true)
{
    public int? Version { get; init; }

    public string? Queue { get; init; }

    /// <summary>HIGHEST to LOWEST.</summary>
    public string? Priority { get; init; }

    /// <summary>END or CONTINUE.</summary>
    public string? FailureStrategy { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>What the run's time parameters stand for, as the clocks show it in the zone of the workflow's schedule (without one: UTC). Null: when it is started.</summary>
    public DateTime? ScheduleTime { get; init; }

    public string? Comments { get; init; }

    /// <summary>Starts with the same token within 24 hours are one run; null: one is made up, so that a repeated call is no second run.</summary>
    public string? ClientToken { get; init; }
}

/// <summary>Which runs are wanted; what is null does not count.</summary>
/// <param name="State">A state, or several with commas.</param>
public sealed record RunFilter(long? Workflow = null, string? Search = null, string? State = null, string? StartedBy = null);

/// <summary>How runs are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(Page<Run>), TypeInfoPropertyName = "RunPage")]
[JsonSerializable(typeof(RunTasks))]
[JsonSerializable(typeof(TaskInstance))]
[JsonSerializable(typeof(LogWindow))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(TaskEvent))]
[JsonSerializable(typeof(LogEvent))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>), TypeInfoPropertyName = "Parameters")]
public sealed partial class RunJson : JsonSerializerContext;
