using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;

namespace Porpoise.Api.Tests.Runs;

public sealed class StartRulesTests
{
    [Theory]
    [InlineData("5", false)]
    [InlineData("86400", false)]
    [InlineData("daily", false)]
    [InlineData("PT1H", false)]
    [InlineData("1 day", false)]
    [InlineData("2026-01-01", true)]
    [InlineData("2026/1/5", true)]
    [InlineData("20260131", true)]
    [InlineData("from 2026-01-01 00:00:00 to 2026-01-31 00:00:00", true)]
    [InlineData("1,2", true)]
    [InlineData("{\"start\":1}", true)]
    [InlineData("a ~ b", true)]
    public void A_range_of_dates_is_known_by_its_dates_or_its_parts(string interval, bool isRange) => Assert.Equal(isRange, StartRules.IsRangeOfDates(interval));

    [Fact]
    public void The_refusal_of_a_range_of_dates_is_a_sentence_that_says_what_would_be_right()
    {
        var refusal = Assert.Throws<RefusalException>(() => StartRules.RefuseWhatIsNotHonoured(new Parameters(new Dictionary<string, string> { ["interval"] = "2026-01-01" }))).Refusal;
        Assert.Equal(ErrorCodes.NotHonoured, refusal.Code);
        Assert.Equal(
            "The parameter interval names dates or several values, which asks for a backfill, and this version cannot run backfills yet: leave interval out, or send one plain value such as 5, which is kept with the run.",
            refusal.Message);
    }
}
