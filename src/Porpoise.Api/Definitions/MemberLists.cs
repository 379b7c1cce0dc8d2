using System.Globalization;
using System.Text.Json;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Reads the two lists that workflows and nodes both have: parameters and tags.</summary>
internal static class MemberLists
{
    /// <summary>DolphinScheduler's Property objects: <c>[{prop, direct, type, value}]</c>.</summary>
    public static IReadOnlyList<Parameter> ReadParameters(JsonElement? list, string place, Findings findings)
    {
        if (list is not { } element)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            findings.Invalid(place, "a list of parameters {prop, direct, type, value}");
            return [];
        }

        var parameters = new List<Parameter>();
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (JsonNodeReader.Of(item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index++}]"), findings) is { } reader)
            {
                var direction = reader.Word("direct", "IN", "OUT") == "OUT" ? ParameterDirection.Out : ParameterDirection.In;
                parameters.Add(new Parameter(reader.RequiredText("prop")?.Trim() ?? "", direction, reader.Text("type")?.ToUpperInvariant() ?? "VARCHAR", ValueOf(reader.Member("value"))));
            }
        }

        return parameters;
    }

    /// <summary>A map, as the operations declare it, or a list of <c>{key, value}</c>. In the order of the keys, in which they are stored.</summary>
    public static IReadOnlyList<Tag> ReadTags(JsonElement? tags, string place, Findings findings)
    {
        if (tags is not { } element)
        {
            return [];
        }

        var read = new List<Tag>();
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                read.AddRange(element.EnumerateObject().Select(m => new Tag(m.Name, ValueOf(m.Value))));
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in element.EnumerateArray())
                {
                    if (JsonNodeReader.Of(item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index++}]"), findings) is { } reader)
                    {
                        read.Add(new Tag(reader.RequiredText("key") ?? "", reader.Text("value") ?? ""));
                    }
                }

                break;
            default:
                findings.Invalid(place, "a map of keys to values");
                break;
        }

        return [.. read.OrderBy(t => t.Key, StringComparer.Ordinal)];
    }

    /// <summary>Values are texts here, whatever they were in JSON.</summary>
    private static string ValueOf(JsonElement? value) => value?.ValueKind switch
    {
        null or JsonValueKind.Null => "",
        JsonValueKind.String => value.Value.GetString()!,
        _ => value.Value.GetRawText(),
    };
}
