using System.Globalization;
using Porpoise.Core.Runs;

namespace Porpoise.Core.Tests.Runs;

/// <summary>A decision as one line of text, for tables: first the changes, then the run's state, then the effects. Zeros and nulls are left out.</summary>
internal static class Script
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);

    public static string Write(Decision decision, IReadOnlyList<string> names) => string.Join(
        ", ",
        decision.Changes.Select(c => Write(c, names))
            .Concat(decision.State is { } state ? [$"Run {state}"] : [])
            .Concat(decision.Effects.Select(e => Write(e, names))));

    private static string Write(TaskChange change, IReadOnlyList<string> names)
    {
        var name = names[change.Index];
        return change switch
        {
            TaskChange.Submitted c => $"Submitted {name}" + Wait(c.Due),
            TaskChange.NoopStarted => $"NoopStarted {name}",
            TaskChange.AttemptStarted c => Text($"AttemptStarted {name}#{c.Attempt}"),
            TaskChange.AttemptFailed c => Text($"AttemptFailed {name}#{c.Attempt}") + Code(c.ExitCode) + Counts(c.Failures, c.Losses) + Wait(c.Due),
            TaskChange.Requeued => $"Requeued {name}",
            TaskChange.StopRequested => $"StopRequested {name}",
            TaskChange.SuccessForced c => $"SuccessForced {name} {c.Before}",
            TaskChange.Reset c => $"Reset {name} {c.Before}",
            TaskChange.Ended c => $"Ended {name}" + (c.Attempt == 0 ? "" : Text($"#{c.Attempt}")) + $" {c.State}" + Code(c.ExitCode) + Counts(c.Failures, c.Losses),
            _ => throw new NotSupportedException(change.ToString()),
        };
    }

    private static string Write(Effect effect, IReadOnlyList<string> names) => effect switch
    {
        Effect.Enqueue e => $"Enqueue {names[e.Index]}",
        Effect.Withdraw e => $"Withdraw {names[e.Index]}",
        Effect.StartAttempt e => Text($"StartAttempt {names[e.Index]}#{e.Attempt}"),
        Effect.ResumeAttempt e => Text($"ResumeAttempt {names[e.Index]}#{e.Attempt}"),
        Effect.EndAttempt e => Text($"EndAttempt {names[e.Index]}#{e.Attempt}"),
        Effect.FreeSlot e => $"FreeSlot {names[e.Index]}",
        Effect.CompleteNoop e => $"CompleteNoop {names[e.Index]}",
        Effect.WakeAt e => $"WakeAt {names[e.Index]}" + Wait(e.Due),
        Effect.WatchAttempt e => Text($"WatchAttempt {names[e.Index]}#{e.Attempt}") + Wait(e.Until),
        Effect.WatchRun e => "WatchRun" + Wait(e.Until),
        Effect.WarnOfAttempt e => Text($"WarnOfAttempt {names[e.Index]}#{e.Attempt}"),
        Effect.WarnOfRun => "WarnOfRun",
        Effect.AnnounceEnd e => $"AnnounceEnd {e.State}",
        _ => throw new NotSupportedException(effect.ToString()),
    };

    private static string Code(int? code) => code is { } c ? Text($" code={c}") : "";

    private static string Counts(int failures, int losses) => (failures == 0 ? "" : Text($" failures={failures}")) + (losses == 0 ? "" : Text($" losses={losses}"));

    private static string Wait(DateTimeOffset? due) => due is { } d ? Text($" +{(d - Now).TotalSeconds}s") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
