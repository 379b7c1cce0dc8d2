using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;

namespace Porpoise.Cluster.Tests;

public sealed class RunMessageTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);

    private static readonly RunEvent[] Samples =
    [
        new RunEvent.Claimed(7, At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Exited(0), At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Exited(137) { LastLines = "out of memory" }, At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Exited(1) { Reason = "no such table", Unknown = "the cluster does not answer", LastLines = "half" }, At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Exited(0) { Outputs = new Dictionary<string, string> { ["rows"] = "3" }, OutputsFault = "too long" }, At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Killed { LastLines = "half" }, At),
        new RunEvent.AttemptEnded(7, 3, new AttemptOutcome.Lost("power cut") { LastLines = "half" }, At),
        new RunEvent.NoopDue(7, At),
        new RunEvent.RetryDue(7, At),
        new RunEvent.AttemptTimeUp(7, 3, At),
        new RunEvent.RunTimeUp(At),
        new RunEvent.StopRequested(At),
        new RunEvent.TaskStopRequested(7, At),
        new RunEvent.SuccessForced(7, At),
        new RunEvent.RerunRequested(RerunScope.All, At),
        new RunEvent.RerunRequested(RerunScope.FromFailure, At),
        new RunEvent.Resumed(At),
    ];

    public static TheoryData<RunEvent> Events => [.. Samples];

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_comes_out_of_the_wire_as_it_went_in(RunEvent e)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<RunMessage>>();
        Assert.Equivalent(e, serializer.Deserialize(serializer.SerializeToArray(RunMessage.From(e)))!.ToEvent(), strict: true);
    }

    [Fact]
    public void Every_member_of_an_outcome_says_something_in_one_of_them()
    {
        var outcomes = Samples.OfType<RunEvent.AttemptEnded>().Select(e => e.Outcome).ToList();
        Assert.All(outcomes.Select(o => o.GetType()).Distinct().SelectMany(t => t.GetProperties()), member =>
            Assert.True(outcomes.Any(o => member.DeclaringType!.IsInstanceOfType(o) && member.GetValue(o) is not (null or "" or 0 or IReadOnlyDictionary<string, string> { Count: 0 })), member.Name));
    }

    [Fact]
    public void Every_kind_of_event_and_outcome_is_among_them()
    {
        Assert.Equal(CasesOf(typeof(RunEvent)), Samples.Select(e => e.GetType().Name).Distinct().Order());
        Assert.Equal(CasesOf(typeof(AttemptOutcome)), Samples.OfType<RunEvent.AttemptEnded>().Select(e => e.Outcome.GetType().Name).Distinct().Order());
        Assert.Equal(Enum.GetValues<RunMessageKind>(), Samples.Select(e => RunMessage.From(e).Kind).Distinct().Order());
    }

    private static IEnumerable<string> CasesOf(Type hierarchy) =>
        hierarchy.GetNestedTypes(BindingFlags.Public).Where(hierarchy.IsAssignableFrom).Select(t => t.Name).Order();
}
