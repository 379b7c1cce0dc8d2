using System.Globalization;

namespace Porpoise.Core.Workflows;

/// <summary>Names a workflow definition for ever; minted below 2^53, because JavaScript clients read it as a number.</summary>
public readonly record struct WorkflowCode(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
