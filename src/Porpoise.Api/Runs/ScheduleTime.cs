using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Schedules;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>The moment that the time parameters of a run stand for, as a start names it and answers show it: as the clocks of the run's zone show it.</summary>
internal static class ScheduleTime
{
    public const string Name = "scheduleTime";

    private const int YearMin = 1900;
    private const int YearMax = 9000;

    private static readonly string[] Formats = [ScheduleParser.TimeFormat, "yyyy-MM-dd"];

    /// <summary>Null: the start names none. An object is the dates of a backfill, which DolphinScheduler's UI sends with every start; they count for backfills only.</summary>
    public static DateTimeOffset? Read(Parameters parameters, string zone)
    {
        if (parameters.Text(Name) is not { } text || IsBackfill(text))
        {
            return null;
        }

        if (text.Contains(','))
        {
            throw new RefusalException(ErrorCodes.NotHonoured, $"The parameter {Name} names several times, which asks for a backfill, and this version cannot run backfills yet: start a run for each of them.");
        }

        return DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var reading) && reading.Year is >= YearMin and <= YearMax
            ? ScheduleParser.MomentOf(reading, ZoneOf(zone))
            : throw Parameters.Invalid(Name, string.Create(CultureInfo.InvariantCulture, $"a time like 2026-01-31 08:30:00 or a day like 2026-01-31, of the years {YearMin} to {YearMax}, in the zone of the workflow's schedule ({zone})"));
    }

    /// <summary>Null: nobody named one.</summary>
    public static string? Write(RunRow run) => ScheduleParser.ReadingOf(run.ScheduleTime, run.TimeZone);

    private static TimeZoneInfo ZoneOf(string zone) =>
        ScheduleParser.FindZone(zone) ?? throw new RefusalException(ErrorCodes.BadSchedule, $"This machine does not know the time zone {zone} of the workflow's schedule.");

    private static bool IsBackfill(string text)
    {
        if (!text.StartsWith('{'))
        {
            return false;
        }

        try
        {
            using var document = JsonText.Parse(text);
            return true;
        }
        catch (JsonException e)
        {
            throw Parameters.Invalid(Name, "a time like 2026-01-31 08:30:00, or the JSON object of a backfill; " + e.Message);
        }
    }
}
