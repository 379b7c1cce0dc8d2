using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Client.Runs;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary>A run and its tasks, as the command line shows them.</summary>
internal sealed record RunWithTasks(Run Run, IReadOnlyList<TaskInstance> Tasks);

/// <summary>Runs and tasks in words for people.</summary>
internal static class RunText
{
    private static readonly HashSet<string> Failed = new(StringComparer.Ordinal) { "FAILURE", "KILL" };

    public static void Show(Output output, RunWithTasks shown)
    {
        var run = shown.Run;
        output.Fields(
            ("run", run.Id), ("name", run.Name), ("state", run.State), ("workflow", string.Create(CultureInfo.InvariantCulture, $"{run.ProcessDefinitionCode} version {run.ProcessDefinitionVersion}")),
            ("environment", run.IsProd ? "production" : "development"), ("queue", run.Queue), ("started", run.StartedAt), ("ended", run.EndedAt), ("date", run.ScheduleTime is { } date ? $"{date} {run.TimeZone}" : null), ("by", run.ExecutorName),
            ("parameters", (run.StartParams ?? new Dictionary<string, string>()).Select(p => $"{p.Key}={p.Value}")));
        output.Text("");
        output.Table(
            shown.Tasks, new("TASK", t => t.Name), new("TYPE", t => t.TaskType), new("STATE", t => t.State), new("ATTEMPT", t => t.Attempt), new("TOOK", Took), new("EXIT", t => t.ExitCode), new("MESSAGE", t => FirstLine(t.Message)));
    }

    public static bool HasFailed(string taskState) => Failed.Contains(taskState);

    /// <summary>Short, to be read while it runs.</summary>
    public static string Of(TaskEvent task) => task.State switch
    {
        "RUNNING_EXECUTION" => task.Attempt > 1 ? $"running (attempt {task.Attempt})" : "running",
        "SUBMITTED_SUCCESS" => "waiting for a slot",
        "DELAY_EXECUTION" => $"failed, waiting for its retry: {FirstLine(task.Message)}",
        var state when HasFailed(state) => $"{state}: {FirstLine(task.Message)}",
        var state => state,
    };

    /// <summary>A message goes on with the end of the log.</summary>
    public static string FirstLine(string message) => message.Split('\n')[0];

    private static string? Took(TaskInstance task) =>
        task is { StartedAt: { } start, EndedAt: { } end } ? string.Create(CultureInfo.InvariantCulture, $"{(end - start).TotalSeconds:0.0} s") : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunWithTasks))]
internal sealed partial class RunCommandJson : JsonSerializerContext;
