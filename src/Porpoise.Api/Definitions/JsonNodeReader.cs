using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Definitions;

/// <summary>Reads the members of one JSON object of a definition, and knows its place for the error messages.</summary>
internal readonly struct JsonNodeReader
{
    private readonly JsonElement _element;

    public JsonNodeReader(JsonElement element, string place)
    {
        _element = element.ValueKind == JsonValueKind.Object ? element : throw Parameters.Invalid(place, "a JSON object");
        Place = place;
    }

    public string Place { get; }

    /// <summary>Null when absent, null or empty. Numbers and booleans are read as their text, because clients send either.</summary>
    public string? Text(string name)
    {
        if (!_element.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            JsonValueKind.String or JsonValueKind.Null => null,
            _ => throw Parameters.Invalid($"{Place}.{name}", "a text or a number"),
        };
    }

    public string RequiredText(string name) => Text(name) ?? throw Parameters.Missing($"{Place}.{name}");

    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Parameters.Invalid($"{Place}.{name}", min == long.MinValue ? "a whole number" : string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
    }

    public long RequiredLong(string name) => Long(name) ?? throw Parameters.Missing($"{Place}.{name}");

    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        throw Parameters.Invalid($"{Place}.{name}", "one of " + string.Join(", ", words!));
    }

    /// <summary>The object behind a member; some clients send it as JSON text.</summary>
    public JsonNodeReader Child(string name)
    {
        if (!_element.TryGetProperty(name, out var child) || child.ValueKind == JsonValueKind.Null)
        {
            throw Parameters.Missing($"{Place}.{name}");
        }

        return new JsonNodeReader(child, $"{Place}.{name}");
    }

    public void RefuseUnless(string name, params ReadOnlySpan<string> neutral)
    {
        if (Text(name) is not { } text)
        {
            return;
        }

        foreach (var value in neutral)
        {
            if (value.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        throw Parameters.NotHonoured($"{Place}.{name}", neutral);
    }

    /// <summary>Refuses a list or object that has anything in it.</summary>
    public void RefuseUnlessEmpty(string name)
    {
        if (!_element.TryGetProperty(name, out var value))
        {
            return;
        }

        var isEmpty = value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.String => value.GetString() is "" or "[]" or "{}",
            _ => value.ValueKind == JsonValueKind.Null,
        };
        if (!isEmpty)
        {
            throw Parameters.NotHonoured($"{Place}.{name}", "an empty one");
        }
    }
}
