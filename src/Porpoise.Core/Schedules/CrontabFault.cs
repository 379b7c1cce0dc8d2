using System.Globalization;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Schedules;

/// <summary>Says what keeps a text from being a Quartz expression. Quartz judges each field by itself, in an expression whose other fields are sound.</summary>
internal static class CrontabFault
{
    private static readonly (string Name, string Takes)[] Fields =
    [
        ("seconds", "0 to 59"),
        ("minutes", "0 to 59"),
        ("hours", "0 to 23"),
        ("days of the month", "1 to 31, ?, L and W"),
        ("months", "1 to 12 or JAN to DEC"),
        ("days of the week", "1 (Sunday) to 7 (Saturday) or SUN to SAT, ?, L and #"),
        ("years", "1970 to 100 years from now"),
    ];

    private static readonly string[] Sound = ["0", "0", "0", "*", "*", "?", "*"];

    /// <summary>One sentence for each field that is wrong.</summary>
    public static string Explain(string crontab)
    {
        var fields = crontab.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is not (6 or 7))
        {
            var names = string.Join(", ", Fields.Take(6).Select(f => f.Name));
            var unix = fields.Length == 5 ? " A Unix crontab has five; put the seconds in front, and count the days of the week from 1 for Sunday." : "";
            return string.Create(CultureInfo.InvariantCulture, $"It has {fields.Length} field{(fields.Length == 1 ? "" : "s")} and needs six, or seven with years: {names}.{unix}");
        }

        var faults = fields
            .Select((field, i) => IsSound(field, i) ? null : $"'{TextRules.Start(field)}' cannot be the {Fields[i].Name}: they take {Fields[i].Takes}, or *, and lists (,), ranges (-) and steps (/).")
            .OfType<string>().ToList();
        return faults.Count > 0 ? string.Join(' ', faults) : "Its fields do not go together.";
    }

    private static bool IsSound(string field, int index)
    {
        try
        {
            FireTimes.Parse(string.Join(' ', Sound.Select((sound, i) => i == index ? field : sound)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
