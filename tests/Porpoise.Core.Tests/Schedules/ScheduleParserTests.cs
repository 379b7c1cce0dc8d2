using CsCheck;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Schedules;

public sealed class ScheduleParserTests
{
    private static readonly ScheduleText Sound = new("0 30 2 * * ?", "Europe/Berlin", "2026-01-01 00:00:00", "2026-12-31 23:59:59");

    /// <summary>What is changed, the place, and what is said.</summary>
    private static readonly List<(string Case, ScheduleText Text, string Place, string Says)> Table =
    [
        ("no expression", Sound with { Crontab = "" }, "schedule.crontab", "A Quartz expression is needed"),
        ("five fields", Sound with { Crontab = "30 2 * * *" }, "schedule.crontab", "It has 5 fields and needs six, or seven with years: seconds, minutes, hours, days of the month, months, days of the week. A Unix crontab has five"),
        ("words", Sound with { Crontab = "every day" }, "schedule.crontab", "'every day' is no Quartz expression. It has 2 fields"),
        ("a word", Sound with { Crontab = "@never" }, "schedule.crontab", "It has 1 field and needs six"),
        ("eight fields", Sound with { Crontab = "0 0 0 * * ? * *" }, "schedule.crontab", "It has 8 fields"),
        ("second 60", Sound with { Crontab = "60 0 2 * * ?" }, "schedule.crontab", "'60' cannot be the seconds: they take 0 to 59, or *, and lists (,), ranges (-) and steps (/)."),
        ("second 99, which Quartz takes for every second", Sound with { Crontab = "99 0 2 * * ?" }, "schedule.crontab", "'99' cannot be the seconds: they take 0 to 59"),
        ("hour 98, which Quartz takes for any hour", Sound with { Crontab = "0 0 1,098 * * ?" }, "schedule.crontab", "'1,098' cannot be the hours: they take 0 to 23"),
        ("minute -", Sound with { Crontab = "0 - 2 * * ?" }, "schedule.crontab", "'-' cannot be the minutes: they take 0 to 59"),
        ("day 0", Sound with { Crontab = "0 0 2 0 * ?" }, "schedule.crontab", "'0' cannot be the days of the month: they take 1 to 31, ?, L and W"),
        ("month 13", Sound with { Crontab = "0 0 2 ? 13 2" }, "schedule.crontab", "'13' cannot be the months: they take 1 to 12 or JAN to DEC"),
        ("weekday 0", Sound with { Crontab = "0 0 2 ? * 0" }, "schedule.crontab", "'0' cannot be the days of the week: they take 1 (Sunday) to 7 (Saturday) or SUN to SAT"),
        ("year 1969", Sound with { Crontab = "0 0 2 ? * 2 1969" }, "schedule.crontab", "'1969' cannot be the years: they take 1970"),
        ("two fields", Sound with { Crontab = "0 x 2 * FOO ?" }, "schedule.crontab", "'x' cannot be the minutes: they take 0 to 59, or *, and lists (,), ranges (-) and steps (/). 'FOO' cannot be the months"),
        ("hour 25", Sound with { Crontab = "0 0 25 * * ?" }, "schedule.crontab", "'25' cannot be the hours: they take 0 to 23, or *"),
        ("expression too long", Sound with { Crontab = "0 " + new string('0', 250) + " 2 * * ?" }, "schedule.crontab", "at most 250 characters"),
        ("unknown zone", Sound with { TimezoneId = "Europe/Bielefeld" }, "schedule.timezoneId", "no time zone 'Europe/Bielefeld'"),
        ("Windows name of a zone", Sound with { TimezoneId = "China Standard Time" }, "schedule.timezoneId", "named like Europe/Berlin"),
        ("path for a zone", Sound with { TimezoneId = "../../etc/passwd" }, "schedule.timezoneId", "no time zone"),
        ("zone of another machine's folder", Sound with { TimezoneId = "posix/Europe/Berlin" }, "schedule.timezoneId", "no time zone 'posix/Europe/Berlin'"),
        ("zone that counts leap seconds", Sound with { TimezoneId = "right/Europe/Berlin" }, "schedule.timezoneId", "no time zone 'right/Europe/Berlin'"),
        ("zone of this machine's clock", Sound with { TimezoneId = "localtime" }, "schedule.timezoneId", "no time zone 'localtime'"),
        ("start of another form", Sound with { StartTime = "2026-01-01" }, "schedule.startTime", "yyyy-MM-dd HH:mm:ss"),
        ("end of another form", Sound with { EndTime = "2026-12-31T23:59:59" }, "schedule.endTime", "yyyy-MM-dd HH:mm:ss"),
        ("no such day", Sound with { EndTime = "2026-02-30 00:00:00" }, "schedule.endTime", "yyyy-MM-dd HH:mm:ss"),
        ("end before start", Sound with { EndTime = "2025-12-31 00:00:00" }, "schedule.endTime", "after the start"),
        ("end at the start", Sound with { EndTime = Sound.StartTime }, "schedule.endTime", "after the start"),
        ("no fire time in the window", Sound with { Crontab = "0 0 0 29 2 ?" }, "schedule.crontab", "never fires between the start and the end"),
        ("no fire time at all", new ScheduleText("0 0 0 30 2 ?", null, null, null), "schedule.crontab", "never fires"),
        ("window that is too short", Sound with { StartTime = "2026-05-01 02:30:01", EndTime = "2026-05-02 02:29:59" }, "schedule.crontab", "never fires"),
    ];

    public static TheoryData<string> Cases => [.. Table.Select(row => row.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_offence_is_named_with_its_place(string name)
    {
        var row = Table.Single(r => r.Case == name);
        var (schedule, offences) = Parse(row.Text);
        Assert.Null(schedule);
        var offence = Assert.Single(offences);
        Assert.Equal((OffenceKind.BadSchedule, row.Place), (offence.Kind, offence.Place));
        Assert.Contains(row.Says, offence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.Equal(
            ["schedule.timezoneId", "schedule.crontab", "schedule.startTime", "schedule.endTime"],
            Parse(new ScheduleText("x", "x", "x", "x")).Offences.Select(o => o.Place));

    [Fact]
    public void A_window_is_read_in_the_zone()
    {
        Assert.Equal(
            new Schedule("0 30 2 * * ?", "Europe/Berlin", Utc("2025-12-31 23:00:00"), Utc("2026-12-31 22:59:59")),
            Parse(Sound).Schedule);
        Assert.Equal(
            new Schedule("0 0 * * * ? *", "Asia/Shanghai", Utc("2024-12-23 08:13:27"), null),
            Parse(new ScheduleText(" 0 0 * * * ? * ", "Asia/Shanghai", "2024-12-23 16:13:27", "")).Schedule);
    }

    [Fact]
    public void Without_a_zone_it_is_UTC_and_without_a_window_it_fires_for_ever() =>
        Assert.Equal(new Schedule("0 0 0 * * ?", "UTC", null, null), Parse(new ScheduleText("0 0 0 * * ?", null, "", null)).Schedule);

    [Fact]
    public void A_zone_in_another_case_is_none_also_after_it_was_used()
    {
        Assert.Null(ScheduleParser.FindZone("europe/rome"));
        Assert.NotNull(ScheduleParser.FindZone("Europe/Rome"));
        Assert.Null(ScheduleParser.FindZone("europe/rome"));
        Assert.NotNull(ScheduleParser.FindZone("utc"));
        Assert.NotNull(ScheduleParser.FindZone("Etc/UTC"));
    }

    [Fact]
    public void Ends_of_a_window_that_the_clocks_leave_out_are_the_change_and_those_that_come_twice_hold_all()
    {
        // 2026-03-29 02:00 to 03:00 does not exist in Berlin; the change is at 01:00 UTC.
        var spring = Parse(Sound with { StartTime = "2026-03-29 02:10:00", EndTime = "2026-03-30 02:50:00" }).Schedule!;
        Assert.Equal(Utc("2026-03-29 01:00:00"), spring.From);
        var end = Parse(Sound with { StartTime = "2026-03-01 00:00:00", EndTime = "2026-03-29 02:50:00" }).Schedule!;
        Assert.Equal(Utc("2026-03-29 01:00:00"), end.Until);

        // 2026-10-25 02:00 to 03:00 comes twice: from 00:00 and from 01:00 UTC.
        var autumn = Parse(Sound with { Crontab = "0 * * * * ?", StartTime = "2026-10-25 02:30:00", EndTime = "2026-10-25 02:40:00" }).Schedule!;
        Assert.Equal((Utc("2026-10-25 00:30:00"), Utc("2026-10-25 01:40:00")), (autumn.From, autumn.Until));
    }

    [Theory]
    [InlineData("0001-01-01 00:00:00", "9999-12-31 23:59:59", "Asia/Shanghai")]
    [InlineData("0001-01-01 00:00:00", "9999-12-31 23:59:59", "America/New_York")]
    public void The_ends_of_time_can_be_written(string start, string end, string zone)
    {
        var schedule = Parse(new ScheduleText("0 0 0 * * ?", zone, start, end)).Schedule;
        Assert.NotNull(schedule);
        Assert.Equal(5, FireTimes.Next(schedule, DateTimeOffset.MinValue, 5).Count);
    }

    [Fact]
    public void Nothing_at_all_is_no_schedule()
    {
        Assert.True(new ScheduleText(null, "", null, "").IsEmpty);
        Assert.False(new ScheduleText(null, "UTC", null, "").IsEmpty);
    }

    /// <summary>Whatever is written, it is a schedule that fires or an offence; never an exception.</summary>
    [Fact]
    public void Any_text_is_read_or_refused()
    {
        var field = Gen.OneOf(Gen.OneOfConst("*", "?", "0", "0/5", "1-5", "L", "L-3", "15W", "LW", "2#3", "6L", "MON-FRI", "JAN", "1,2,3", "60", "H", "@daily", "2099", "5/0", "*/99", "-", ",", "#", "99999999999"), Gen.String[Gen.Char["0123456789*/?,-LW#HC "], 0, 6]);
        var crontab = Gen.OneOf(field.Array[0, 8].Select(fields => string.Join(' ', fields)), Gen.String[0, 20]);
        var zone = Gen.OneOf(Gen.OneOfConst("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Etc/GMT+8", "GMT", ""), Gen.String[0, 10]);
        var time = Gen.OneOf(Gen.Const(""), Gen.Int[1, 9999].Select(y => $"{y:0000}-03-29 02:30:00"), Gen.String[0, 20]);
        Gen.Select(crontab, zone, time, time).Sample(
            (c, z, from, to) =>
            {
                var text = new ScheduleText(c, z, from, to);
                var (schedule, offences) = Parse(text);
                Assert.Equal(schedule is null, offences.Count > 0);
                if (schedule is not null)
                {
                    Assert.NotEmpty(FireTimes.Next(schedule, DateTimeOffset.MinValue, 3));
                }
            },
            iter: 3_000);
    }

    private static (Schedule? Schedule, IReadOnlyList<Offence> Offences) Parse(ScheduleText text)
    {
        var offences = new List<Offence>();
        return (ScheduleParser.Parse(text, "schedule", offences), offences);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.ParseExact(text, ScheduleParser.TimeFormat, null, System.Globalization.DateTimeStyles.AssumeUniversal);
}
