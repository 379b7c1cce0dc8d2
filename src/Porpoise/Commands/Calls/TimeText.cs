using System.CommandLine.Parsing;
using System.Globalization;

namespace Porpoise.Commands.Calls;

/// <summary>Times as people write them: spans such as 90d, 12h, 30m, 45s, and what clocks show.</summary>
internal static class TimeText
{
    private const int CountMax = 1_000_000;

    private static readonly string[] ReadingFormats = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>A day, or a day with a time.</summary>
    public static DateTime? ReadReading(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateTime.TryParseExact(text, ReadingFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var reading))
        {
            return reading;
        }

        result.AddError($"'{text}' is no date; one looks like 2026-11-01 or 2026-11-01 06:00:00.");
        return null;
    }

    public static TimeSpan? Read(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (TryRead(text) is { } time)
        {
            return time;
        }

        result.AddError($"'{text}' is no time; one looks like 90d, 12h, 30m or 45s.");
        return null;
    }

    private static TimeSpan? TryRead(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > CountMax)
        {
            return null;
        }

        return text[^1] switch
        {
            'd' => TimeSpan.FromDays(count),
            'h' => TimeSpan.FromHours(count),
            'm' => TimeSpan.FromMinutes(count),
            's' => TimeSpan.FromSeconds(count),
            _ => null,
        };
    }
}
