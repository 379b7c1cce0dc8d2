using System.Diagnostics;
using System.Globalization;
using System.Text;
using Porpoise.Api.Operations;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>DolphinScheduler's words for our states.</summary>
internal static class States
{
    /// <summary>A success that was forced.</summary>
    public const string ForcedSuccess = "FORCED_SUCCESS";

    /// <summary>In the order in which counts are listed.</summary>
    public static readonly IReadOnlyList<RunState> AllRunStates = Enum.GetValues<RunState>();

    /// <summary>In the order in which counts are listed; a task that waits for its predecessors has no instance yet.</summary>
    public static readonly IReadOnlyList<TaskState> AllTaskStates = [.. Enum.GetValues<TaskState>().Where(s => s != TaskState.Waiting)];

    /// <summary>Every word that DolphinScheduler 2.0 to 3.3 has for a run or a task. Most never occur here, and their lists are empty.</summary>
    private static readonly string[] Words =
    [
        "SUBMITTED_SUCCESS", "RUNNING_EXECUTION", "READY_PAUSE", "PAUSE", "READY_STOP", "STOP", "FAILURE", "SUCCESS", "NEED_FAULT_TOLERANCE", "KILL",
        "WAITING_THREAD", "WAITING_DEPEND", "DELAY_EXECUTION", "FORCED_SUCCESS", "SERIAL_WAIT", "READY_BLOCK", "BLOCK", "WAIT_TO_RUN", "DISPATCH", "FAILOVER",
    ];

    public static string Of(RunState state) => state switch
    {
        RunState.Running => "RUNNING_EXECUTION",
        RunState.Stopping => "READY_STOP",
        RunState.Succeeded => "SUCCESS",
        RunState.Failed => "FAILURE",
        RunState.Stopped => "STOP",
        _ => throw new UnreachableException(),
    };

    public static string Of(TaskRow task) => task.IsForced ? ForcedSuccess : Of(task.State);

    /// <summary>A task that waits for its retry shows as delayed: it runs again at a known time. (DolphinScheduler shows the failed row until then.)</summary>
    public static string Of(TaskState state) => state switch
    {
        TaskState.Waiting => "WAITING_DEPEND",
        TaskState.Queued => "SUBMITTED_SUCCESS",
        TaskState.Running => "RUNNING_EXECUTION",
        TaskState.RetryWaiting => "DELAY_EXECUTION",
        TaskState.Succeeded => "SUCCESS",
        TaskState.Failed => "FAILURE",
        TaskState.Killed => "KILL",
        _ => throw new UnreachableException(),
    };

    public static string Of(Priority priority) => priority switch
    {
        Priority.Highest => "HIGHEST",
        Priority.High => "HIGH",
        Priority.Medium => "MEDIUM",
        Priority.Low => "LOW",
        _ => "LOWEST",
    };

    /// <summary>The states that the parameter stateType asks for: a word, or several with commas. Null: all; empty: none that ever occurs here.</summary>
    public static IReadOnlyList<RunState>? ReadRunStates(Parameters parameters) =>
        ReadWords(parameters) is { } words ? [.. AllRunStates.Where(s => words.Contains(Of(s)))] : null;

    /// <inheritdoc cref="ReadRunStates"/>
    public static IReadOnlyList<TaskState>? ReadTaskStates(Parameters parameters) =>
        ReadWords(parameters) is { } words ? [.. AllTaskStates.Where(s => words.Contains(Of(s)) || (s == TaskState.Succeeded && words.Contains(ForcedSuccess)))] : null;

    /// <summary>E.g. <c>1d 2h 3m 4s</c>; what is zero at the front is left out.</summary>
    public static string Duration(TimeSpan duration)
    {
        var text = new StringBuilder();
        foreach (var (value, unit) in (ReadOnlySpan<(int, char)>)[(duration.Days, 'd'), (duration.Hours, 'h'), (duration.Minutes, 'm'), (duration.Seconds, 's')])
        {
            if (value > 0 || text.Length > 0 || unit == 's')
            {
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? " " : "")}{value}{unit}");
            }
        }

        return text.ToString();
    }

    private static HashSet<string>? ReadWords(Parameters parameters)
    {
        if (parameters.Text("stateType") is not { } text)
        {
            return null;
        }

        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return words.IsSubsetOf(Words) ? words : throw Parameters.Invalid("stateType", "one of " + string.Join(", ", Words));
    }
}
