using System.Globalization;
using CsCheck;
using Porpoise.Core.Schedules;

namespace Porpoise.Core.Tests.Schedules;

/// <summary>All times are written in UTC. Berlin changes on 2026-03-29 and 2026-10-25 at 01:00, New York on 2026-03-08 at 07:00 and on 2026-11-01 at 06:00.</summary>
public sealed class FireTimesTests
{
    public static TheoryData<string, string, string, string[]> Table => new()
    {
        // An ordinary week, on both sides of noon in the zone.
        { "Asia/Shanghai", "0 30 2 * * ?", "2026-05-01 00:00:00", ["2026-05-01 18:30:00", "2026-05-02 18:30:00", "2026-05-03 18:30:00"] },

        // Forward: a daily time before, in and after the gap.
        { "Europe/Berlin", "0 30 1 * * ?", "2026-03-27 12:00:00", ["2026-03-28 00:30:00", "2026-03-29 00:30:00", "2026-03-29 23:30:00"] },
        { "Europe/Berlin", "0 30 2 * * ?", "2026-03-27 12:00:00", ["2026-03-28 01:30:00", "2026-03-29 01:00:00", "2026-03-30 00:30:00"] },
        { "Europe/Berlin", "0 0 3 * * ?", "2026-03-27 12:00:00", ["2026-03-28 02:00:00", "2026-03-29 01:00:00", "2026-03-30 01:00:00"] },
        { "America/New_York", "0 30 2 * * ?", "2026-03-06 12:00:00", ["2026-03-07 07:30:00", "2026-03-08 07:00:00", "2026-03-09 06:30:00"] },

        // Several times inside the gap fire once.
        { "America/New_York", "0 0/20 2 * * ?", "2026-03-08 00:00:00", ["2026-03-08 07:00:00", "2026-03-09 06:00:00", "2026-03-09 06:20:00"] },

        // Back: a daily time before, in and after the hour that comes twice; in it, the first time only.
        { "Europe/Berlin", "0 30 1 * * ?", "2026-10-24 12:00:00", ["2026-10-24 23:30:00", "2026-10-26 00:30:00"] },
        { "Europe/Berlin", "0 30 2 * * ?", "2026-10-24 12:00:00", ["2026-10-25 00:30:00", "2026-10-26 01:30:00"] },
        { "Europe/Berlin", "0 30 3 * * ?", "2026-10-24 12:00:00", ["2026-10-25 02:30:00", "2026-10-26 02:30:00"] },
        { "America/New_York", "0 30 1 * * ?", "2026-10-31 12:00:00", ["2026-11-01 05:30:00", "2026-11-02 06:30:00"] },

        // Every hour goes on every hour of real time, through both.
        { "Europe/Berlin", "0 0 * * * ?", "2026-03-28 23:30:00", ["2026-03-29 00:00:00", "2026-03-29 01:00:00", "2026-03-29 02:00:00"] },
        { "Europe/Berlin", "0 0 * * * ?", "2026-10-24 23:30:00", ["2026-10-25 00:00:00", "2026-10-25 01:00:00", "2026-10-25 02:00:00"] },
        { "America/New_York", "0 0/30 * * * ?", "2026-11-01 04:45:00", ["2026-11-01 05:00:00", "2026-11-01 05:30:00", "2026-11-01 06:00:00", "2026-11-01 06:30:00", "2026-11-01 07:00:00"] },

        // Days of the week, the last day, a leap day, a year.
        { "UTC", "0 0 0 ? * MON", "2026-11-24 00:00:00", ["2026-11-30 00:00:00", "2026-12-07 00:00:00"] },
        { "UTC", "0 0 12 L * ?", "2026-01-01 00:00:00", ["2026-01-31 12:00:00", "2026-02-28 12:00:00"] },
        { "UTC", "0 0 0 29 2 ?", "2026-01-01 00:00:00", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"] },
        { "UTC", "0 0 0 1 1 ? 2030", "2026-01-01 00:00:00", ["2030-01-01 00:00:00"] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void It_fires_at(string zone, string crontab, string after, string[] times)
    {
        var next = FireTimes.Next(new Schedule(crontab, zone, null, null), Utc(after), times.Length);
        Assert.Equal(times, next.Select(t => t.ToString(ScheduleParser.TimeFormat, CultureInfo.InvariantCulture)));
        Assert.All(next, t => Assert.Equal(TimeSpan.Zero, t.Offset));
    }

    [Fact]
    public void Both_ends_of_the_window_belong_to_it()
    {
        var schedule = new Schedule("0 0 * * * ?", "UTC", Utc("2026-01-01 02:00:00"), Utc("2026-01-01 05:00:00"));
        Assert.Equal(["02", "03", "04", "05"], FireTimes.Next(schedule, DateTimeOffset.MinValue, 100).Select(t => t.ToString("HH", CultureInfo.InvariantCulture)));
        Assert.Equal(["04", "05"], FireTimes.Next(schedule, Utc("2026-01-01 03:00:00"), 100).Select(t => t.ToString("HH", CultureInfo.InvariantCulture)));
        Assert.Empty(FireTimes.Next(schedule, Utc("2026-01-01 05:00:00"), 100));
    }

    [Fact]
    public void No_more_are_given_than_one_answer_holds() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FireTimes.Next(new Schedule("* * * * * ?", "UTC", null, null), DateTimeOffset.UnixEpoch, FireTimes.CountMax + 1));

    /// <summary>From wherever one asks, the times are the same ones: asking again from the first gives the second.</summary>
    [Fact]
    public void The_next_times_do_not_depend_on_where_one_asks()
    {
        var schedules = Gen.Select(
            Gen.OneOfConst("0 30 2 * * ?", "0 0/20 * * * ?", "0 0 2,3 * * ?", "0 15 1-3 ? * SUN", "*/40 59 1,2 * * ?"),
            Gen.OneOfConst("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"));
        var moments = Gen.OneOf(
            Gen.Int[0, 8 * 3600].Select(s => Utc("2026-03-28 21:00:00").AddSeconds(s)),
            Gen.Int[0, 8 * 3600].Select(s => Utc("2026-10-24 21:00:00").AddSeconds(s)),
            Gen.Int[0, 12 * 3600].Select(s => Utc("2026-11-01 00:00:00").AddSeconds(s)),
            Gen.Int[0, 365 * 86400].Select(s => Utc("2026-01-01 00:00:00").AddSeconds(s)));
        Gen.Select(schedules, moments).Sample(
            (choice, after) =>
            {
                var schedule = new Schedule(choice.Item1, choice.Item2, null, null);
                var times = FireTimes.Next(schedule, after, 6);
                Assert.Equal(6, times.Count);
                Assert.True(times[0] > after);
                Assert.Equal(times.Order(), times);
                Assert.Equal(times.Count, times.Distinct().Count());
                for (var i = 0; i < times.Count - 1; i++)
                {
                    Assert.Equal(times[i + 1], FireTimes.Next(schedule, times[i], 1)[0]);
                }
            },
            iter: 2_000);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.ParseExact(text, ScheduleParser.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
