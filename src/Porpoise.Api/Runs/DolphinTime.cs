using System.Globalization;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Runs;

/// <summary>Times as DolphinScheduler writes them; always in UTC here.</summary>
internal static class DolphinTime
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static string? Write(DateTimeOffset? time) => time is { } t ? Write(t) : null;

    /// <summary>The time of a parameter; null when absent.</summary>
    public static DateTimeOffset? Read(Parameters parameters, string name)
    {
        if (parameters.Text(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Parameters.Invalid(name, $"a time like 2026-01-31 08:30:00 ({Format}, UTC)");
    }

    /// <summary>The end of a span: it reaches to the end of its second, because callers know times only by the second.</summary>
    public static DateTimeOffset? ReadEnd(Parameters parameters, string name) =>
        Read(parameters, name) is { } time ? time + TimeSpan.FromMicroseconds(999_999) : null;
}
