using System.Globalization;

namespace Porpoise.Formats.Yaml;

/// <summary>A place in a text; both count from 1, as editors do.</summary>
public readonly record struct Position(int Line, int Column)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}");
}
