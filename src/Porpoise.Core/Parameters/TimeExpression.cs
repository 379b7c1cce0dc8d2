using System.Globalization;
using System.Text;

namespace Porpoise.Core.Parameters;

/// <summary>
/// What stands in <c>$[…]</c>, in DolphinScheduler's words: a date pattern of Java's, with days added (<c>yyyyMMdd-1</c>, <c>HHmmss-1/24</c>), or one of the functions around such a pattern.
/// What is none of them is not an error: it stays as it is written, because <c>$[1+2]</c> means something to a shell.
/// </summary>
internal static class TimeExpression
{
    /// <summary>The longest text that is looked at.</summary>
    public const int LengthMax = 200;

    private const string Timestamp = "timestamp";
    private const string TimestampFormat = "yyyyMMddHHmmss";
    private const long MinutesOfDay = 24 * 60;

    /// <summary>Null: it is no time expression.</summary>
    /// <param name="text">What stands between the brackets.</param>
    /// <param name="reading">What the clocks of the zone show.</param>
    /// <param name="zone">Counts for <c>timestamp(…)</c>.</param>
    public static string? Evaluate(string text, DateTime reading, TimeZoneInfo zone)
    {
        var expression = text.Trim();
        if (expression.Length is 0 or > LengthMax)
        {
            return null;
        }

        if (Inside(expression, Timestamp) is not { } inner)
        {
            return Calculate(expression, reading);
        }

        return Calculate(inner.Trim(), reading) is { } written && DateTime.TryParseExact(written, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? ((time.Ticks - DateTime.UnixEpoch.Ticks - zone.GetUtcOffset(time).Ticks) / TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture)
            : null;
    }

    private static string? Calculate(string expression, DateTime reading)
    {
        if (expression.EndsWith(')') && expression.IndexOf('(', StringComparison.Ordinal) is var open and > 0 && Function(expression[..open]) is { } function)
        {
            var arguments = expression[(open + 1)..^1].Split(',');
            var count = arguments.Length == 1 ? 0 : IntegerExpression.Evaluate(arguments[^1]);
            return arguments.Length <= 2 && (arguments.Length == 2) == function.TakesCount && count is { } n && function.Move(reading, n) is { } moved ? Write(arguments[0].Trim(), moved) : null;
        }

        // The last plus counts, and the last minus if there is none: what is before it may have hyphens of its own, as yyyy-MM-dd has.
        var sign = expression.LastIndexOf('+');
        sign = sign >= 0 ? sign : expression.LastIndexOf('-');
        if (sign < 0 || sign + 1 == expression.Length || !char.IsAsciiDigit(expression[sign + 1]))
        {
            return Write(expression, reading);
        }

        return Minutes(expression[(sign + 1)..]) is { } minutes && AddMinutes(reading, expression[sign] == '+' ? minutes : -minutes) is { } time ? Write(expression[..sign].TrimEnd(), time) : null;
    }

    /// <summary>So many days, or a fraction of one, in whole minutes: 1/24 is an hour.</summary>
    private static long? Minutes(string days)
    {
        var slash = days.IndexOf('/', StringComparison.Ordinal);
        var (numerator, rest) = slash < 0 ? (days, "") : (days[..slash], days[slash..]);
        return IntegerExpression.Evaluate(string.Create(CultureInfo.InvariantCulture, $"{MinutesOfDay}*({numerator}){rest}"));
    }

    private static (bool TakesCount, Func<DateTime, long, DateTime?> Move)? Function(string name) => name switch
    {
        "add_months" => (true, AddMonths),
        "month_begin" => (true, (t, n) => AddDays(FirstOfMonth(t), n)),
        "month_end" => (true, (t, n) => AddDays(LastOfMonth(t), n)),
        "week_begin" => (true, (t, n) => AddDays(Monday(t), n)),
        "week_end" => (true, (t, n) => AddDays(Monday(t).AddDays(6), n)),
        "this_day" => (false, (t, _) => t),
        "last_day" => (false, (t, _) => t.AddDays(-1)),
        "month_first_day" => (true, (t, n) => AddMonths(FirstOfMonth(t), n)),
        "month_last_day" => (true, (t, n) => AddMonths(FirstOfMonth(t), n) is { } first ? LastOfMonth(first) : null),
        "week_first_day" => (true, (t, n) => AddDays(Monday(t), Times7(n))),
        "week_last_day" => (true, (t, n) => AddDays(Monday(t).AddDays(6), Times7(n))),
        _ => null,
    };

    private static string? Inside(string expression, string function) =>
        expression.StartsWith(function + "(", StringComparison.Ordinal) && expression.EndsWith(')') ? expression[(function.Length + 1)..^1] : null;

    private static long Times7(long weeks) => Math.Clamp(weeks, int.MinValue, int.MaxValue) * 7;

    private static DateTime FirstOfMonth(DateTime time) => time.AddDays(1 - time.Day);

    private static DateTime LastOfMonth(DateTime time) => time.AddDays(DateTime.DaysInMonth(time.Year, time.Month) - time.Day);

    /// <summary>Weeks begin on Monday.</summary>
    private static DateTime Monday(DateTime time) => time.AddDays(-(((int)time.DayOfWeek + 6) % 7));

    private static DateTime? AddMonths(DateTime time, long months)
    {
        var count = (((long)time.Year - 1) * 12) + time.Month - 1 + Math.Clamp(months, int.MinValue, int.MaxValue);
        return count is >= 0 and < 9_999 * 12 ? time.AddMonths((int)months) : null;
    }

    private static DateTime? AddDays(DateTime time, long days) => AddMinutes(time, Math.Clamp(days, int.MinValue, int.MaxValue) * MinutesOfDay);

    /// <summary>Null: there is no such time.</summary>
    private static DateTime? AddMinutes(DateTime time, long minutes)
    {
        var ticks = (Int128)time.Ticks + ((Int128)minutes * TimeSpan.TicksPerMinute);
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks) : null;
    }

    /// <summary>Null: the pattern has no letter that means a part of a time, or one that means nothing here.</summary>
    private static string? Write(string pattern, DateTime time)
    {
        var text = new StringBuilder();
        var hasPart = false;
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c == '\'')
            {
                var end = pattern.IndexOf('\'', i + 1);
                if (end < 0)
                {
                    return null;
                }

                text.Append(end == i + 1 ? "'" : pattern[(i + 1)..end]);
                i = end + 1;
                continue;
            }

            var count = 1;
            while (i + count < pattern.Length && pattern[i + count] == c)
            {
                count++;
            }

            if (!char.IsAsciiLetter(c))
            {
                text.Append(c, count);
            }
            else if (Part(c, count, time) is { } part)
            {
                text.Append(part);
                hasPart = true;
            }
            else
            {
                return null;
            }

            i += count;
        }

        return hasPart ? text.ToString() : null;
    }

    private static string? Part(char letter, int count, DateTime time) => letter switch
    {
        'y' => Number(count == 2 ? time.Year % 100 : time.Year, count),
        'M' => count switch
        {
            <= 2 => Number(time.Month, count),
            3 => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(time.Month),
            _ => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(time.Month),
        },
        'd' => Number(time.Day, count),
        'D' => Number(time.DayOfYear, count),
        'E' => count <= 3 ? CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName(time.DayOfWeek) : CultureInfo.InvariantCulture.DateTimeFormat.GetDayName(time.DayOfWeek),
        'u' => Number((((int)time.DayOfWeek + 6) % 7) + 1, count),
        'a' => time.Hour < 12 ? "AM" : "PM",
        'H' => Number(time.Hour, count),
        'h' => Number(((time.Hour + 11) % 12) + 1, count),
        'm' => Number(time.Minute, count),
        's' => Number(time.Second, count),
        'S' => Number(time.Millisecond, count),
        _ => null,
    };

    private static string Number(int value, int digits) => value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
