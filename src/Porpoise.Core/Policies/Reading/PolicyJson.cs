using System.Globalization;
using System.Text.Json;

namespace Porpoise.Core.Policies.Reading;

/// <summary>The few shapes of JSON that a policy is made of.</summary>
internal static class PolicyJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Null, with a fault, for what is no JSON.</summary>
    public static JsonDocument? Parse(string text, PolicyFaults faults)
    {
        // The parser takes half a character, and fails only when somebody asks for the text it is in.
        if (HalfCharacterAt(text) is { } at)
        {
            faults.Add("policy", $"It cannot be read as JSON: half of a surrogate pair stands at position {at}.");
            return null;
        }

        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException e)
        {
            faults.Add("policy", "It cannot be read as JSON: " + e.Message);
            return null;
        }
    }

    /// <summary>The members of an object; null, with a fault, when it is none. A member that is there twice has no value: one of the two would be overlooked.</summary>
    /// <param name="known">Names that may stand there; a member that nobody would look at may be meant as a restriction. Empty: any.</param>
    /// <param name="names">How names are compared.</param>
    public static Dictionary<string, JsonElement>? Members(JsonElement element, string place, PolicyFaults faults, StringComparer names, params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(place, "It must be a JSON object.");
            return null;
        }

        var members = new Dictionary<string, JsonElement>(names);
        foreach (var member in element.EnumerateObject())
        {
            var name = member.Name;
            if (known.Length > 0 && !known.Contains(name))
            {
                faults.Add($"{place}.{Quoted.Show(name)}", "There is no such member here; there are " + string.Join(", ", known!) + ".");
            }
            else if (!members.TryAdd(name, member.Value))
            {
                members[name] = default;
                faults.Add($"{place}.{Quoted.Show(name)}", "It is there twice.");
            }
        }

        return members;
    }

    /// <summary>One text or a list of them; a fault when there is none.</summary>
    /// <param name="takesScalars">True: numbers and truth values count as their text.</param>
    public static List<string> Texts(JsonElement value, string place, PolicyFaults faults, bool takesScalars = false)
    {
        var texts = new List<string>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var one in value.EnumerateArray())
            {
                AddText(one, string.Create(CultureInfo.InvariantCulture, $"{place}[{index++}]"), faults, takesScalars, texts);
            }

            if (index == 0)
            {
                faults.Add(place, "It must not be empty.");
            }
        }
        else
        {
            AddText(value, place, faults, takesScalars, texts);
        }

        return texts;
    }

    private static void AddText(JsonElement value, string place, PolicyFaults faults, bool takesScalars, List<string> texts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                texts.Add(value.GetString()!);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when takesScalars:
                texts.Add(value.GetRawText());
                break;
            default:
                faults.Add(place, "It must be a text, or a list of texts.");
                break;
        }
    }

    private static int? HalfCharacterAt(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var (unit, length) = UnitAt(text, i);
            if (char.IsHighSurrogate(unit))
            {
                var (next, nextLength) = i + length < text.Length ? UnitAt(text, i + length) : default;
                if (!char.IsLowSurrogate(next) || nextLength != length)
                {
                    return i;
                }

                length += nextLength;
            }
            else if (char.IsLowSurrogate(unit))
            {
                return i;
            }

            i += length - 1;
        }

        return null;
    }

    /// <summary>The unit that stands at a place, as itself or as <c>\uXXXX</c>, and how long its writing is.</summary>
    private static (char Unit, int Length) UnitAt(string text, int at)
    {
        if (text[at] != '\\' || at + 1 >= text.Length || char.IsSurrogate(text[at + 1]))
        {
            return (text[at], 1);
        }

        return text[at + 1] == 'u' && at + 6 <= text.Length && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? ((char)unit, 6)
            : (text[at], 2);
    }
}
