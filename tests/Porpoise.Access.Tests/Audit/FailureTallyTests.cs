using Microsoft.Extensions.Time.Testing;
using Porpoise.Access.Audit;

namespace Porpoise.Access.Tests.Audit;

public sealed class FailureTallyTests
{
    [Fact]
    public void An_address_gets_a_few_rows_a_minute_and_the_next_says_how_many_were_left_out()
    {
        var clock = new FakeTimeProvider();
        var tally = new FailureTally(clock);
        for (var i = 0; i < FailureTally.RowsPerMinute; i++)
        {
            Assert.Equal(0, tally.Note("1.1.1.1"));
        }

        for (var i = 0; i < 7; i++)
        {
            Assert.Null(tally.Note("1.1.1.1"));
        }

        Assert.Equal(0, tally.Note("2.2.2.2"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(7, tally.Note("1.1.1.1"));
        Assert.Equal(0, tally.Note("1.1.1.1"));
    }

    [Fact]
    public void It_remembers_no_more_addresses_than_it_may()
    {
        var tally = new FailureTally(new FakeTimeProvider());
        for (var i = 0; i < FailureTally.AddressesMax + 10; i++)
        {
            Assert.Equal(0, tally.Note($"address {i}"));
        }
    }
}
