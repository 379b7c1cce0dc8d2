using Porpoise.Core.Parameters;

namespace Porpoise.Core.Tests.Parameters;

public sealed class InheritedValuesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_value_that_a_task_in_between_replaced_is_replaced_for_good_whichever_way_it_comes()
    {
        var first = Give(InheritedValues.None, 0, 0, ("x", "old"), ("y", "kept"));
        var second = Give(first, 1, 1, ("x", "new"));
        Assert.Equal([("x", "new"), ("y", "kept")], Read(first.And(second)));
        Assert.Equal([("x", "new"), ("y", "kept")], Read(second.And(first)));
    }

    [Fact]
    public void Of_two_branches_the_one_that_ended_later_counts_and_at_the_same_moment_the_one_further_back()
    {
        var (early, late) = (Give(InheritedValues.None, 1, 9, ("x", "early")), Give(InheritedValues.None, 2, 3, ("x", "late")));
        Assert.Equal([("x", "late")], Read(early.And(late)));
        Assert.Equal([("x", "late")], Read(late.And(early)));
        var (front, back) = (Give(InheritedValues.None, 1, 3, ("x", "front")), Give(InheritedValues.None, 1, 9, ("x", "back")));
        Assert.Equal([("x", "back")], Read(front.And(back)));
        Assert.Equal([("x", "back")], Read(back.And(front)));
    }

    [Fact]
    public void What_gives_nothing_shares_what_it_inherited()
    {
        var values = Give(InheritedValues.None, 0, 0, ("x", "1"));
        Assert.Same(values, Give(values, 1, 1));
        Assert.Same(values, values.And(InheritedValues.None));
        Assert.Same(values, InheritedValues.None.And(values));
        Assert.Same(values, values.And(values));
    }

    private static InheritedValues Give(InheritedValues inherited, int second, int index, params (string Name, string Value)[] outputs) =>
        inherited.With(outputs.ToDictionary(o => o.Name, o => o.Value), At.AddSeconds(second), index);

    private static IEnumerable<(string, string)> Read(InheritedValues values) => values.All.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (v.Key, v.Value));
}
