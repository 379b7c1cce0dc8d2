using System.Globalization;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Attempts;

/// <summary>
/// The line that the service itself adds to a log once nothing of the attempt runs any more, so that the log explains itself. It begins with
/// <see cref="Mark"/>. The log of an attempt that just succeeded, and left nothing running, gets none: it is what the task wrote, and nothing else.
/// </summary>
internal static class ClosingLine
{
    public const string Mark = "[porpoise] ";

    /// <summary>Null: there is nothing to add.</summary>
    public static string? Of(Attempt attempt, Ending ending, DateTimeOffset? startedAt)
    {
        var took = startedAt is { } begun && ending.At >= begun ? $" after {Describe(ending.At - begun)}" : "";
        return ending.Outcome switch
        {
            AttemptOutcome.Exited { Code: 0, OutputsFault: "" } => attempt.IsAdopted || attempt.LeftProcesses > 0 ? $"{Mark}succeeded{took}{Restarted(attempt)}{Left(attempt)}" : null,
            AttemptOutcome.Exited { Code: 0 } exited => $"{Mark}failed{took}: {exited.OutputsFault}{Left(attempt)}",
            AttemptOutcome.Exited exited => $"{Mark}failed{took}: {ExitCode.Describe(exited.Code)}{Restarted(attempt)}{Left(attempt)}",
            AttemptOutcome.Killed => $"{Mark}ended{(startedAt is null && attempt.EndedProcesses == 0 ? " before it started" : took)}: {(attempt.EndReason.Length > 0 ? attempt.EndReason : "somebody asked for it")}{Ended(attempt)}",
            AttemptOutcome.Lost lost => $"{Mark}lost{took}: {lost.Reason}",
            _ => null,
        };
    }

    private static string Restarted(Attempt attempt) => attempt.IsAdopted ? "; the service was restarted meanwhile" : "";

    private static string Ended(Attempt attempt) => Ended(attempt.EndedProcesses);

    private static string Left(Attempt attempt) => attempt.LeftProcesses == 0 ? "" : Ended(attempt.LeftProcesses) + " that it left running";

    private static string Ended(int count) => count switch
    {
        0 => "",
        1 => "; ended 1 process",
        _ => string.Create(CultureInfo.InvariantCulture, $"; ended {count} processes"),
    };

    private static string Describe(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min {time.Seconds} s"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s"),
    };
}
