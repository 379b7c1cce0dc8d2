using CsCheck;
using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

/// <summary>Time expressions and the parameters that nobody gives. The examples of docs/reference/parameters.md are tested with that page.</summary>
public sealed class ParameterTimeTests
{
    private static readonly ParameterTime LeapDay = Utc(2028, 2, 29, 0, 30);

    [Theory]
    [InlineData("yyyyMMdd", "20280229")]
    [InlineData(" yyyyMMdd ", "20280229")]
    [InlineData("yy/M/d H:m:s.SSS", "28/2/29 0:30:0.000")]
    [InlineData("D EEE EEEE u MMM MMMM hh a", "60 Tue Tuesday 2 Feb February 12 AM")]
    [InlineData("yyyy'年'MM'' 'it''s'", "2028年02' its")]
    [InlineData("yyyyMMdd+1", "20280301")]
    [InlineData("yyyyMMdd-29", "20280131")]
    [InlineData("yyyy-MM-dd-1", "2028-02-28")]
    [InlineData("yyyyMMdd+2*3-1", "20280305")]
    [InlineData("yyyyMMdd+(1+2)", "yyyyMMdd+(1+2)")] // the last plus counts, and 2) is no number
    [InlineData("yyyyMMdd+1*(3-2)", "20280301")]
    [InlineData("yyyyMMddHHmm-1/24", "202802282330")]
    [InlineData("yyyyMMddHHmm-45/24/60", "202802282345")]
    [InlineData("add_months(yyyyMMdd,12*1)", "20290228")]
    [InlineData("add_months(yyyyMMdd, -12)", "20270228")]
    [InlineData("month_begin(yyyyMMdd,-1)", "20280131")]
    [InlineData("month_end(yyyyMMdd,1)", "20280301")]
    [InlineData("month_last_day(yyyyMMdd,12)", "20290228")]
    [InlineData("week_begin(yyyyMMdd,0)", "20280228")]
    [InlineData("week_end(yyyyMMdd,0)", "20280305")]
    [InlineData("timestamp(yyyyMMddHHmmss)", "1835397000")]
    [InlineData("timestamp(yyyyMMdd00mmss)", "1835397000")]
    [InlineData("timestamp(add_months(yyyyMMddHHmmss,1))", "1837902600")]
    public void A_time_expression_is_replaced(string expression, string expected) => Assert.Equal(expected == expression ? null : expected, LeapDay.Evaluate(expression));

    [Theory]
    [InlineData("")]
    [InlineData("1+2")]
    [InlineData("i")]
    [InlineData("yyyyQQ")]
    [InlineData("yyyy'")]
    [InlineData("timestamp(yyyyMMdd)")]
    [InlineData("add_months(yyyyMMdd)")]
    [InlineData("add_months(yyyyMMdd,)")]
    [InlineData("add_months(yyyyMMdd,1,2)")]
    [InlineData("add_months(yyyyMMdd,99999999999)")]
    [InlineData("this_day(yyyyMMdd,1)")]
    [InlineData("yyyyMMdd+1/0")]
    [InlineData("yyyyMMdd+9999999999999999999")]
    [InlineData("yyyyMMdd+4000000")]
    [InlineData("yyyyMMdd-9223372036854775807")]
    [InlineData("week_first_day(yyyyMMdd,9223372036854775807)")]
    public void What_is_none_is_told(string expression) => Assert.Null(LeapDay.Evaluate(expression));

    [Fact]
    public void Clocks_are_read_in_the_zone()
    {
        var time = new ParameterTime(new DateTimeOffset(2026, 10, 31, 16, 0, 0, TimeSpan.Zero), "Asia/Shanghai");
        Assert.Equal(("20261031", "20261101", "20261101000000"), (time.BuiltIn("system.biz.date"), time.BuiltIn("system.biz.curdate"), time.BuiltIn("system.datetime")));
        Assert.Equal(("2026-11-01", "1793462400"), (time.Evaluate("yyyy-MM-dd"), time.Evaluate("timestamp(yyyyMMddHHmmss)")));
        Assert.Null(time.BuiltIn("system.other"));
    }

    [Fact]
    public void A_zone_that_is_not_there_is_told_and_not_replaced_by_another()
    {
        var time = LeapDay with { TimeZone = "Nowhere/City" };
        Assert.False(time.HasZone);
        Assert.Throws<TimeZoneNotFoundException>(() => time.Evaluate("yyyy"));
        Assert.Equal("${x} plain", Resolve([In("y", "${x} plain")], time)["y"]);
    }

    [Fact]
    public void Values_have_times_in_them_and_what_tasks_gave_has_none()
    {
        var values = ParameterResolution.Resolve(
            new Dictionary<string, string> { ["start"] = "s$[MM]" },
            [In("days", "1"), In("local", "$[yyyyMMdd-${days}]/$[1+2]/$[yyyy${system.biz.date}"), In("given", "<${data}>"), In("twice", "${local}")],
            InheritedValues.None.With(new Dictionary<string, string> { ["data"] = "$[yyyy] ${system.datetime}" }, DateTimeOffset.UnixEpoch, 0),
            [In("global", "g$[dd]$"), In("day", "${system.biz.date}")],
            LeapDay);
        Assert.Equal("s02", values["start"]);
        Assert.Equal("20280228/$[1+2]/$[yyyy20280228", values["local"]);
        Assert.Equal(values["local"], values["twice"]);
        Assert.Equal("<$[yyyy] ${system.datetime}>", values["given"]);
        Assert.Equal(("g29$", "20280228"), (values["global"], values["day"]));
        Assert.DoesNotContain("system.datetime", values.Keys);
    }

    [Fact]
    public void A_value_that_somebody_gives_under_such_a_name_counts()
    {
        var given = Resolve([In("system.datetime", "mine"), In("x", "${system.datetime}")], LeapDay);
        Assert.Equal(("mine", "mine"), (given["x"], LeapDay.AddTo(given)["system.datetime"]));
        Assert.Equal("20280228", LeapDay.AddTo(given)["system.biz.date"]);
    }

    [Fact]
    public void Without_a_moment_times_stay_as_they_are_written() => Assert.Equal("$[yyyy] ${system.datetime}", Resolve([In("x", "$[yyyy] ${system.datetime}")], time: null)["x"]);

    /// <summary>Values are data of strangers: whatever stands in one, the work is bounded and nothing breaks.</summary>
    [Fact]
    public void Whatever_stands_in_brackets_does_no_harm()
    {
        var days = 0;
        Gen.OneOfConst("yyyy", "MM", "dd", "-", "+", "1", "24", "/", "*", "(", ")", ",", "'", "$[", "]", "${a}", "add_months(", "timestamp(", "week_end(", " ", "x").List[0, 12].Sample(
            parts =>
            {
                var text = "$[" + string.Concat(parts) + "]";
                var value = Resolve([In("a", "1"), In("b", text)], LeapDay)["b"];
                Assert.True(value.Length <= text.Length + 100);
                Interlocked.Add(ref days, value.StartsWith("20", StringComparison.Ordinal) ? 1 : 0);
            },
            iter: 20_000);
        Assert.True(days > 50, $"only {days} of them were times");
    }

    [Fact]
    public void A_long_text_of_brackets_is_read_in_no_time()
    {
        var text = string.Concat(Enumerable.Repeat("$[${a}", 10_000)) + "]";
        Assert.EndsWith("1]", Resolve([In("a", "1"), In("b", text)], LeapDay)["b"], StringComparison.Ordinal);
    }

    private static ParameterTime Utc(int year, int month, int day, int hour, int minute) => new(new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero), "UTC");

    private static IReadOnlyDictionary<string, string> Resolve(IReadOnlyList<Parameter> local, ParameterTime? time) =>
        ParameterResolution.Resolve(new Dictionary<string, string>(), local, InheritedValues.None, [], time);

    private static Parameter In(string name, string value) => new(name, ParameterDirection.In, "VARCHAR", value);
}
