namespace Porpoise.Formats.Yaml;

/// <summary>A piece of YAML with its place. An alias is the node that it stands for.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Size">How many nodes it consists of, with those that aliases repeat.</param>
internal abstract record YamlNode(Position At, int Size);

/// <param name="Value">What it says, without quotes and escapes.</param>
/// <param name="IsPlain">True: written without quotes, so that it may be a number, a boolean or nothing at all.</param>
internal sealed record YamlText(Position At, string Value, bool IsPlain) : YamlNode(At, 1)
{
    /// <summary>Nothing is written, or that there is nothing.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record YamlList(Position At, IReadOnlyList<YamlNode> Items, int Size) : YamlNode(At, Size);

/// <param name="Entries">Keys are texts, each there once.</param>
internal sealed record YamlMap(Position At, IReadOnlyList<YamlEntry> Entries, int Size) : YamlNode(At, Size);

internal readonly record struct YamlEntry(YamlText Key, YamlNode Value);
