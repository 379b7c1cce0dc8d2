using System.Globalization;

namespace Porpoise.Core.Workflows;

/// <summary>Names a node inside its workflow definition. Clients mint it or choose it; it is unique only inside one definition.</summary>
public readonly record struct TaskCode(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
