using System.Globalization;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Reads the keys of one map. What is wrong goes to the faults with its place, and reads as absent; so does a key without a value.</summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly Faults _faults;

    /// <param name="place">The keys that the map lies in; empty: it is the document.</param>
    /// <param name="keys">Those that it may have; another one is a fault, because a key that is spelled wrongly must not count for nothing.</param>
    public MapReader(YamlMap map, string place, Faults faults, string[] keys)
    {
        (At, Place, _faults) = (map.At, place, faults);
        _entries = map.Entries.ToDictionary(e => e.Key.Value, StringComparer.Ordinal);
        foreach (var (key, _) in map.Entries)
        {
            if (!keys.Contains(key.Value, StringComparer.Ordinal) && !(place.Length == 0 && key.Value.StartsWith(FileKeys.OwnPrefix, StringComparison.Ordinal)))
            {
                faults.Add(key.At, PlaceOf(key.Value), $"There is no such key here; there are {string.Join(", ", keys)}.");
            }
        }
    }

    public Position At { get; }

    public string Place { get; }

    public string PlaceOf(string key) => Place.Length == 0 ? key : $"{Place}.{key}";

    /// <summary>Where the value stands; of an absent key, where the map does.</summary>
    public Position AtOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value.At : At;

    /// <summary>Null when it is absent or nothing.</summary>
    public YamlNode? Member(string key) => _entries.TryGetValue(key, out var entry) && entry.Value is not YamlText { IsNull: true } ? entry.Value : null;

    /// <summary>As it is written, whatever it looks like.</summary>
    public string? Text(string key)
    {
        switch (Member(key))
        {
            case null:
                return null;
            case YamlText text:
                return text.Value;
            default:
                return Wrong<string>(key, "a text");
        }
    }

    public long? Number(string key, long min, long max)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : Wrong<long?>(key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
    }

    public bool? Flag(string key) => Text(key) is not { } text ? null
        : YamlJson.IsBoolean(text) ? bool.Parse(text)
        : Wrong<bool?>(key, "true or false");

    /// <param name="max">The longest that it takes.</param>
    public TimeSpan? Duration(string key, TimeSpan max)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        return DurationText.TryRead(text, out var time) && time <= max
            ? time
            : Wrong<TimeSpan?>(key, $"a time such as 45s, 15m, 1h30m or 2d, or seconds, at most {DurationText.Write(max)}");
    }

    /// <summary>One of the words, in any case.</summary>
    public string? Word(string key, params string[] words)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        return Array.Find(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? Wrong<string>(key, "one of " + string.Join(", ", words));
    }

    public YamlMap? Map(string key, string takes)
    {
        var member = Member(key);
        return member is null ? null : member as YamlMap ?? Wrong<YamlMap>(key, takes);
    }

    /// <summary>Empty when it is absent. A text by itself is a list of one.</summary>
    public IReadOnlyList<YamlNode> List(string key, string takes) => Member(key) switch
    {
        null => [],
        YamlList list => list.Items,
        YamlText text => [text],
        _ => Wrong<IReadOnlyList<YamlNode>>(key, takes) ?? [],
    };

    public T? Wrong<T>(string key, string takes)
    {
        _faults.Add(AtOf(key), PlaceOf(key), $"It takes {takes}.");
        return default;
    }
}
