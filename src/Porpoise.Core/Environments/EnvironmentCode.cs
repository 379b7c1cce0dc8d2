using System.Globalization;

namespace Porpoise.Core.Environments;

/// <summary>Names an environment. The default, which clients write as -1, is none.</summary>
public readonly record struct EnvironmentCode(long Value)
{
    /// <summary>What clients write for none.</summary>
    public const long NoneOnWire = -1;

    public static EnvironmentCode None => default;

    public bool IsNone => Value == 0;

    /// <summary>As clients write it.</summary>
    public long Wire => IsNone ? NoneOnWire : Value;

    public static EnvironmentCode OfWire(long? value) => value is null or NoneOnWire ? None : new EnvironmentCode(value.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
