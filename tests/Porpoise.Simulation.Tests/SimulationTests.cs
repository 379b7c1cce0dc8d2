namespace Porpoise.Simulation.Tests;

public sealed class SimulationTests
{
    /// <summary>Kept small: the same seeds run in the slow lane, and by hand, by the thousand.</summary>
    private const int CleanSeeds = 300;

    private const int SeedsToFindABug = 500;

    public static TheoryData<PlantedBug> Bugs => [.. Enum.GetValues<PlantedBug>().Where(b => b != PlantedBug.None)];

    [Fact]
    public void No_law_is_broken_whatever_goes_wrong()
    {
        var results = Enumerable.Range(1, CleanSeeds).Select(seed => SimWorld.Run(seed)).ToList();
        var broken = results.FirstOrDefault(r => r.Violation is not null);
        Assert.True(broken is null, $"seed {broken?.Seed}: {broken?.Violation}");

        // A generator must reach: a simulation in which little goes wrong proves little.
        Assert.True(results.Average(r => r.Runs) > 8, "too few runs");
        Assert.True(results.Average(r => r.Crashes) > 1.5, "too few crashes");
        Assert.True(results.Average(r => r.Retries) > 4, "too few retries");
        Assert.True(results.Average(r => r.TimeOuts) > 2, "too few time limits exceeded");
        Assert.True(results.Average(r => r.AtLimit) > 10, "too few limits reached");
        Assert.True(results.Average(r => r.Restarts) > 3, "too few runs begun anew");
    }

    [Fact]
    [Trait("lane", "slow")]
    public void No_law_is_broken_in_five_thousand_seeds()
    {
        for (var seed = 10_000; seed < 15_000; seed++)
        {
            var result = SimWorld.Run(seed);
            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_found(PlantedBug bug)
    {
        var found = Enumerable.Range(1, SeedsToFindABug).Any(seed => SimWorld.Run(seed, bug).Violation is not null);
        Assert.True(found, $"{bug} was not found in {SeedsToFindABug} seeds.");
    }

    [Fact]
    public void The_same_seed_is_the_same_trace_and_another_seed_another()
    {
        var first = SimWorld.Run(7);
        Assert.Equal(first.Trace, SimWorld.Run(7).Trace);
        Assert.NotEqual(first.Trace, SimWorld.Run(8).Trace);
    }
}
