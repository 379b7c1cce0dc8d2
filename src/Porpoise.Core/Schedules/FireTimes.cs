using System.Text.RegularExpressions;
using Quartz;

namespace Porpoise.Core.Schedules;

/// <summary>
/// When a schedule fires. A time that the clocks leave out when they go forward fires at the moment of the change, once; a fixed time that comes twice when
/// they go back fires the first time only, while expressions that fire all through the hour go on through both.
/// </summary>
public static partial class FireTimes
{
    /// <summary>Times given in one answer.</summary>
    public const int CountMax = 1_000;

    /// <summary>Before the first moment that Quartz knows.</summary>
    private static readonly DateTimeOffset Beginning = DateTimeOffset.UnixEpoch - TimeSpan.FromSeconds(1);

    /// <summary>The next fire times strictly after <paramref name="after"/> inside the schedule's window, in UTC; both ends of the window belong to it. Fewer when the window ends.</summary>
    /// <exception cref="FormatException">The schedule's expression is not one.</exception>
    /// <exception cref="TimeZoneNotFoundException">This machine does not know the schedule's zone.</exception>
    public static IReadOnlyList<DateTimeOffset> Next(Schedule schedule, DateTimeOffset after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        var expression = Parse(schedule.Crontab).WithTimeZone(ScheduleParser.FindZone(schedule.TimeZone) ?? throw new TimeZoneNotFoundException($"This machine does not know the time zone {schedule.TimeZone}."));
        var times = new List<DateTimeOffset>(count);
        var at = Max(after, Beginning);
        if (schedule.From is { } from && from > at)
        {
            at = from - TimeSpan.FromTicks(1);
        }

        while (times.Count < count && expression.GetNextValidTimeAfter(at) is { } next && !(next > schedule.Until))
        {
            times.Add(next.ToUniversalTime());
            at = next;
        }

        return times;
    }

    /// <summary>Null: it never fires in its window.</summary>
    internal static DateTimeOffset? First(Schedule schedule) => Next(schedule, Beginning, 1) is [var first] ? first : null;

    /// <exception cref="FormatException">It is not a Quartz expression.</exception>
    internal static CronExpression Parse(string crontab) =>
        crontab.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Take(FieldsBeforeYears).Any(f => MarkOfQuartz().IsMatch(f))
            ? throw new FormatException("98 and 99 are in no field's range.")
            : CronExpression.Parse(crontab);

    private const int FieldsBeforeYears = 6;

    /// <summary>Quartz writes "every" and "any" to itself as 99 and 98, and takes them from others too: a typing error would fire each second.</summary>
    [GeneratedRegex(@"(?<!\d)0*9[89](?!\d)")]
    private static partial Regex MarkOfQuartz();

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
