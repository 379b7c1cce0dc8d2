using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Reads the members of one JSON object of a definition. What is wrong goes to the findings with its place, and reads as absent; an empty
/// value is absent too. Numbers and booleans may be text.
/// </summary>
internal readonly struct JsonNodeReader(JsonElement element, string place, Findings findings)
{
    private readonly JsonElement _element = element.ValueKind == JsonValueKind.Object ? element : throw new ArgumentException("Not a JSON object.", nameof(element));

    public string Place => place;

    public string PlaceOf(string name) => $"{place}.{name}";

    /// <summary>Null, with a finding, when it is no object.</summary>
    public static JsonNodeReader? Of(JsonElement element, string place, Findings findings)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new JsonNodeReader(element, place, findings);
        }

        findings.Invalid(place, "a JSON object");
        return null;
    }

    /// <summary>The member as it came; null when it is absent, null or an empty text.</summary>
    public JsonElement? Member(string name) =>
        !_element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals("")) ? null : value;

    public string? Text(string name)
    {
        if (Member(name) is not { } value)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return value.GetString();
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return value.GetRawText();
            default:
                findings.Invalid(PlaceOf(name), "a text or a number");
                return null;
        }
    }

    public string? RequiredText(string name)
    {
        if (Member(name) is null)
        {
            findings.Missing(PlaceOf(name));
            return null;
        }

        return Text(name);
    }

    /// <inheritdoc cref="Parameters.Long"/>
    public long? Long(string name, long min = long.MinValue, long max = long.MaxValue, string? takes = null)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        findings.Invalid(PlaceOf(name), takes ?? (min == long.MinValue ? "a whole number" : string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}")));
        return null;
    }

    public long? RequiredLong(string name)
    {
        if (Member(name) is null)
        {
            findings.Missing(PlaceOf(name));
            return null;
        }

        return Long(name);
    }

    public bool Bool(string name)
    {
        if (Text(name) is not { } text)
        {
            return false;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        findings.Invalid(PlaceOf(name), "true or false");
        return false;
    }

    /// <summary>One of the given words, in any case.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Find(text, words) is { } word)
        {
            return word;
        }

        findings.Invalid(PlaceOf(name), "one of " + string.Join(", ", words!));
        return null;
    }

    /// <summary>Refuses what is not honoured yet, unless it says what would happen anyway.</summary>
    public void RefuseUnless(string name, params ReadOnlySpan<string> neutral)
    {
        if (Text(name) is { } text && Find(text, neutral) is null)
        {
            findings.NotHonoured(PlaceOf(name), neutral);
        }
    }

    /// <summary>Refuses a list or object that has anything in it.</summary>
    public void RefuseUnlessEmpty(string name)
    {
        var isEmpty = Member(name) is not { } value || value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.String => value.GetString() is "[]" or "{}",
            _ => false,
        };
        if (!isEmpty)
        {
            findings.NotHonoured(PlaceOf(name), "an empty one");
        }
    }

    private static string? Find(string text, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (word.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        return null;
    }
}
