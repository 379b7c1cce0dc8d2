using Porpoise.Core.Runs;
using Porpoise.Engine.Runs;

namespace Porpoise.Engine.Tests.Runs;

public sealed class RunEndsTests
{
    private static readonly RunId Run = new(7);
    private readonly RunEnds _ends = new();

    [Fact]
    public async Task All_who_wait_hear_of_the_end()
    {
        using var first = _ends.Register(Run);
        using var second = _ends.Register(Run);
        Assert.False(first.Ended.IsCompleted);
        _ends.Announce(Run);
        await first.Ended;
        await second.Ended;
    }

    [Fact]
    public void Only_those_who_wait_for_this_run_hear_of_it()
    {
        using var other = _ends.Register(new RunId(8));
        _ends.Announce(Run);
        Assert.False(other.Ended.IsCompleted);
    }

    [Fact]
    public void An_end_that_nobody_waits_for_is_not_kept()
    {
        _ends.Announce(Run);
        using var wait = _ends.Register(Run);
        Assert.False(wait.Ended.IsCompleted);
    }

    [Fact]
    public async Task Who_leaves_does_not_take_the_others_along()
    {
        var leaving = _ends.Register(Run);
        using var staying = _ends.Register(Run);
        leaving.Dispose();
        _ends.Announce(Run);
        await staying.Ended;
    }

    [Fact]
    public async Task Waits_that_come_and_go_at_the_same_time_miss_no_end()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                using var wait = _ends.Register(Run);
                _ends.Announce(Run);
                await wait.Ended;
            }
        })));
    }
}
