using System.Globalization;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Time limits on the wire. The cloud counts seconds, and ends what takes longer. DolphinScheduler counts minutes and has a strategy; so that nothing is
/// lost when its clients send back what they read, the exact seconds stand beside the minutes.
/// </summary>
internal static class TimeLimitText
{
    public const string Warn = "WARN";
    public const string Fail = "FAILED";
    public const string WarnAndFail = "WARNFAILED";

    /// <summary>The largest number that is read on the wire; how long a limit may be is another rule, so that one that is too long is said beside all else that is wrong.</summary>
    public const int NumberMax = int.MaxValue;

    /// <summary>What to send instead of a number that cannot be read.</summary>
    public static string Takes(bool inSeconds) => string.Create(
        CultureInfo.InvariantCulture, $"a whole number from 0 to {(inSeconds ? WorkflowLimits.TimeLimitMax.TotalSeconds : WorkflowLimits.TimeLimitMax.TotalMinutes)}");

    /// <summary>Null: none.</summary>
    public static TimeLimit? OfCloud(long? seconds) => seconds is > 0 ? new TimeLimit(TimeSpan.FromSeconds(seconds.Value), TimeLimitAction.Fail) : null;

    /// <param name="minutes">Null or 0: none.</param>
    /// <param name="seconds">Counts only where it says the same as the minutes, more exactly.</param>
    /// <param name="strategy">One of the words above; null: <see cref="Warn"/>.</param>
    public static TimeLimit? OfDolphin(long? minutes, long? seconds, string? strategy)
    {
        if (minutes is not > 0)
        {
            return null;
        }

        var exact = TimeSpan.FromSeconds(seconds ?? 0);
        var after = MinutesOf(exact) == minutes ? exact : TimeSpan.FromMinutes(minutes.Value);
        return new TimeLimit(after, strategy switch { Fail => TimeLimitAction.Fail, WarnAndFail => TimeLimitAction.WarnAndFail, _ => TimeLimitAction.Warn });
    }

    /// <summary>Rounded up; 0: none.</summary>
    public static int MinutesOf(TimeLimit? limit) => limit is null ? 0 : (int)MinutesOf(limit.After);

    /// <summary>0: none.</summary>
    public static long SecondsOf(TimeLimit? limit) => (long)(limit?.After.TotalSeconds ?? 0);

    /// <summary>Empty: no limit.</summary>
    public static string StrategyOf(TimeLimit? limit) => limit?.Action switch
    {
        null => "",
        TimeLimitAction.Warn => Warn,
        TimeLimitAction.Fail => Fail,
        _ => WarnAndFail,
    };

    private static long MinutesOf(TimeSpan after) => (long)Math.Ceiling(after.TotalMinutes);
}
