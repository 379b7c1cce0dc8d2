using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Schedules;

/// <summary>A schedule as clients write it; what is empty is absent.</summary>
/// <param name="Crontab">Quartz cron expression.</param>
/// <param name="TimezoneId">IANA name.</param>
/// <param name="StartTime">First moment of the window, in that zone.</param>
/// <param name="EndTime">Last moment of the window, in that zone.</param>
public sealed record ScheduleText(string? Crontab, string? TimezoneId, string? StartTime, string? EndTime)
{
    /// <summary>True: there is to be no schedule.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Crontab) && string.IsNullOrEmpty(TimezoneId) && string.IsNullOrEmpty(StartTime) && string.IsNullOrEmpty(EndTime);
}

/// <summary>Reads schedules.</summary>
public static partial class ScheduleParser
{
    /// <summary>Of a window's ends.</summary>
    public const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    public const int CrontabLengthMax = 250;

    /// <summary>The zone of a schedule that names none.</summary>
    public const string DefaultTimeZone = "UTC";

    /// <summary>Null when there is anything wrong, which is then in <paramref name="offences"/>; its places begin with <paramref name="place"/>.</summary>
    public static Schedule? Parse(ScheduleText text, string place, List<Offence> offences)
    {
        var before = offences.Count;
        var zoneId = string.IsNullOrEmpty(text.TimezoneId) ? DefaultTimeZone : text.TimezoneId;
        var zone = FindZone(zoneId);
        if (zone is null)
        {
            Add(offences, place + ".timezoneId", $"There is no time zone '{TextRules.Start(zoneId)}'; a zone is named like Europe/Berlin, Asia/Shanghai or UTC.");
        }

        var crontab = (text.Crontab ?? "").Trim();
        CheckCrontab(crontab, place + ".crontab", offences);
        var from = ReadTime(text.StartTime, place + ".startTime", offences);
        var until = ReadTime(text.EndTime, place + ".endTime", offences);
        if (from >= until)
        {
            Add(offences, place + ".endTime", "The end must come after the start.");
        }

        if (offences.Count > before)
        {
            return null;
        }

        var schedule = new Schedule(crontab, zoneId, At(from, zone!, isEnd: false), At(until, zone!, isEnd: true));
        if (FireTimes.First(schedule) is null)
        {
            Add(offences, place + ".crontab", schedule.From is null && schedule.Until is null ? "It never fires." : "It never fires between the start and the end.");
            return null;
        }

        return schedule;
    }

    /// <summary>A moment as an end of a window is written: the reading of the zone's clocks. Null: there is no end.</summary>
    public static string? ReadingOf(DateTimeOffset? moment, string zone) =>
        moment is { } time ? TimeZoneInfo.ConvertTime(time, FindZone(zone) ?? TimeZoneInfo.Utc).ToString(TimeFormat, CultureInfo.InvariantCulture) : null;

    /// <summary>The moment at which the clocks of a zone show this; when they show it twice, the first. A reading that they leave out stands for the moment of the change.</summary>
    public static DateTimeOffset MomentOf(DateTime reading, TimeZoneInfo zone) => At(reading, zone, isEnd: false)!.Value;

    /// <summary>
    /// Null: no zone has this IANA name, in this case of letters. (.NET takes another case for zones that the process has used before, and never otherwise; UTC it takes in any.)
    /// </summary>
    public static TimeZoneInfo? FindZone(string id) =>
        id.Length <= ZoneLengthMax && ZoneForm().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId && (zone.Id == id || zone.Id == DefaultTimeZone) ? zone : null;

    private const int ZoneLengthMax = 64;

    private static void CheckCrontab(string crontab, string place, List<Offence> offences)
    {
        if (crontab.Length is 0 or > CrontabLengthMax)
        {
            Add(offences, place, string.Create(CultureInfo.InvariantCulture, $"A Quartz expression is needed, of at most {CrontabLengthMax} characters, such as 0 30 2 * * ? for 02:30 every day."));
            return;
        }

        try
        {
            FireTimes.Parse(crontab);
        }
        catch (FormatException)
        {
            Add(offences, place, $"'{TextRules.Start(crontab)}' is no Quartz expression. {CrontabFault.Explain(crontab)}");
        }
    }

    private static DateTime? ReadTime(string? text, string place, List<Offence> offences)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (DateTime.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time;
        }

        Add(offences, place, $"A time is written {TimeFormat}, such as 2026-01-31 08:30:00, and read in the schedule's zone.");
        return null;
    }

    /// <summary>
    /// A clock's reading in a zone as a moment. When clocks go forward, a reading that is left out stands for the moment of the change; when they go back,
    /// of a reading that comes twice a window takes all: it starts at the first and ends at the second.
    /// </summary>
    private static DateTimeOffset? At(DateTime? reading, TimeZoneInfo zone, bool isEnd)
    {
        if (reading is not { } time)
        {
            return null;
        }

        TimeSpan offset;
        if (zone.IsInvalidTime(time))
        {
            // The offset before the change puts a reading inside the gap behind the change; half a day is longer than any gap.
            var before = zone.GetUtcOffset(time.AddHours(-12));
            var moment = new DateTimeOffset(time, before).UtcDateTime;
            return EndOfGap(zone, moment);
        }

        if (zone.IsAmbiguousTime(time))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(time);
            offset = isEnd ? offsets.Min() : offsets.Max();
        }
        else
        {
            offset = zone.GetUtcOffset(time);
        }

        var ticks = Math.Clamp(time.Ticks - offset.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks);
        return new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>The moment at which the clocks went forward, at most half a day before <paramref name="after"/>, to the second.</summary>
    private static DateTimeOffset EndOfGap(TimeZoneInfo zone, DateTime after)
    {
        var (low, high) = (after.AddHours(-12), after);
        var changed = zone.GetUtcOffset(high);
        while (high - low > TimeSpan.FromSeconds(1))
        {
            var middle = low.AddSeconds(Math.Floor((high - low).TotalSeconds / 2));
            (low, high) = zone.GetUtcOffset(middle) == changed ? (low, middle) : (middle, high);
        }

        return new DateTimeOffset(high, TimeSpan.Zero);
    }

    private static void Add(List<Offence> offences, string place, string message) => offences.Add(new Offence(OffenceKind.BadSchedule, place, message));

    /// <summary>The files that stand beside those of the zones are no names of zones: with leap seconds counted, or whatever this machine's clock shows.</summary>
    [GeneratedRegex("^(?!(posix|right)/|(localtime|posixrules)$)[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneForm();
}
