using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Porpoise.Formats.Workflows;

/// <summary>Times as people write them: <c>1h30m</c>, or a number of seconds.</summary>
internal static partial class DurationText
{
    private static readonly (string Unit, long Seconds)[] Units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

    public static bool TryRead(string text, out TimeSpan time)
    {
        time = default;
        if (Form().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var seconds = Amount(match.Groups["n"]);
        foreach (var (unit, length) in Units)
        {
            seconds += Amount(match.Groups[unit]) * length;
        }

        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    public static string Write(TimeSpan time)
    {
        var rest = (long)time.TotalSeconds;
        var text = new StringBuilder();
        foreach (var (unit, length) in Units)
        {
            if (rest >= length)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / length}{unit}");
                rest %= length;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static long Amount(Group digits) => digits.Success ? long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    /// <summary>At most eight digits each, so that no sum is too large.</summary>
    [GeneratedRegex("^((?<n>[0-9]{1,8})|(?=[0-9])((?<d>[0-9]{1,8})d)?((?<h>[0-9]{1,8})h)?((?<m>[0-9]{1,8})m)?((?<s>[0-9]{1,8})s)?)\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
