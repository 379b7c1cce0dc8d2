namespace Porpoise.Core.Runs;

/// <summary>
/// Fences the writes of a run's owner: it is raised in the run's row at each take-over, and a write that carries
/// an older one is refused. So a paused or partitioned owner can never write again.
/// </summary>
public readonly record struct OwnerEpoch(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
