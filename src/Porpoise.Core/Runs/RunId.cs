namespace Porpoise.Core.Runs;

/// <summary>Identifies a run (DolphinScheduler: process instance). Dense and positive, so that it fits the int32 its clients expect.</summary>
public readonly record struct RunId(int Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
