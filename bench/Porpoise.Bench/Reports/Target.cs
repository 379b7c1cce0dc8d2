using System.Globalization;

namespace Porpoise.Bench.Reports;

/// <summary>What a figure has to be for the project to keep its word.</summary>
internal sealed record Target(double Bound, bool IsMaximum)
{
    private static readonly Dictionary<string, Target> ByFigure = new(StringComparer.Ordinal)
    {
        ["w1.start.p50"] = AtMost(1),
        ["w1.done.p50"] = AtMost(2),
        ["access.cost.p50"] = AtMost(0.15),
        ["policies.allowed"] = AtMost(5),
        ["policies.denied"] = AtMost(5),
        ["w2.workflows"] = AtLeast(3_000),
        ["w3.run"] = AtMost(0.1),
        ["w4.step_to_commit"] = AtMost(2),
        ["w5.loop_to_bare"] = AtLeast(0.75),
        ["cold.first_start"] = AtMost(1),
        ["cold.start"] = AtMost(1),
        ["cold.start_10000_unfinished"] = AtMost(1),
        ["cold.idle_rss"] = AtMost(120),
        ["waiting.rss"] = AtMost(1024),
        ["lists.starts_to_empty"] = AtLeast(0.9),
        ["decide.chain.growth"] = AtMost(2),
        ["decide.fan.growth"] = AtMost(2),
        ["decide.layers.growth"] = AtMost(2),
    };

    private static readonly Target ListP99 = AtMost(20);

    /// <summary>Null: the figure is for information.</summary>
    public static Target? Of(string figure) =>
        figure.StartsWith("lists.", StringComparison.Ordinal) && figure.EndsWith(".p99", StringComparison.Ordinal) ? ListP99 : ByFigure.GetValueOrDefault(figure);

    public bool IsMetBy(double value) => IsMaximum ? value <= Bound : value >= Bound;

    public override string ToString() => (IsMaximum ? "<= " : ">= ") + Bound.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static Target AtMost(double bound) => new(bound, IsMaximum: true);

    private static Target AtLeast(double bound) => new(bound, IsMaximum: false);
}
