using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>Reads what workflows and tasks both have: parameters, outputs, tags, time limits.</summary>
internal static class ListReader
{
    public const string DefaultType = "VARCHAR";

    private static readonly string[] TimeLimitActions = ["warn", "fail", "warnAndFail"];

    /// <summary>Those of both directions, in one list, as a definition has them.</summary>
    /// <param name="list">The place of the list in offences.</param>
    public static IReadOnlyList<Parameter> ReadParameters(MapReader reader, Faults faults, PlaceMap places, string list)
    {
        var parameters = new List<(YamlText Key, string Place, Parameter Parameter)>();
        if (reader.Map("params", "a map of names to values") is { } inputs)
        {
            parameters.AddRange(inputs.Entries.Select(e => Read(e, reader.PlaceOf("params"), faults, ParameterDirection.In)));
        }

        if (reader.Member("outputs") is YamlMap outputs)
        {
            parameters.AddRange(outputs.Entries.Select(e => Read(e, reader.PlaceOf("outputs"), faults, ParameterDirection.Out)));
        }
        else
        {
            parameters.AddRange(reader.List("outputs", "a list of names, or a map of names to what they are").Select(n => ReadName(n, reader.PlaceOf("outputs"), faults)));
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            places.Add(WorkflowValidation.PlaceOf(list, i, parameters[i].Parameter), parameters[i].Key.At, parameters[i].Place);
        }

        places.Add(list, reader.AtOf(reader.Member("params") is null ? "outputs" : "params"), reader.PlaceOf("params"));
        return [.. parameters.Select(p => p.Parameter)];
    }

    /// <summary>In the order of their keys, in which they are stored.</summary>
    public static IReadOnlyList<Tag> ReadTags(MapReader reader, Faults faults)
    {
        var tags = new List<Tag>();
        foreach (var (key, value) in reader.Map("tags", "a map of keys to values")?.Entries ?? [])
        {
            tags.Add(new Tag(key.Value, ReadValue(value, $"{reader.PlaceOf("tags")}.{key.Value}", faults)));
        }

        return [.. tags.OrderBy(t => t.Key, StringComparer.Ordinal)];
    }

    /// <summary>A time by itself ends what takes longer.</summary>
    public static TimeLimit? ReadTimeLimit(MapReader reader, Faults faults)
    {
        if (reader.Member("timeout") is not YamlMap map)
        {
            return reader.Duration("timeout", WorkflowLimits.TimeLimitMax) is { } time ? new TimeLimit(time, TimeLimitAction.Fail) : null;
        }

        var limit = new MapReader(map, reader.PlaceOf("timeout"), faults, FileKeys.TimeLimit);
        var action = limit.Word("action", TimeLimitActions) switch
        {
            "warn" => TimeLimitAction.Warn,
            "warnAndFail" => TimeLimitAction.WarnAndFail,
            _ => TimeLimitAction.Fail,
        };
        if (limit.Member("after") is null)
        {
            limit.Wrong<string>("after", "the time after which it acts; it is missing");
            return null;
        }

        return limit.Duration("after", WorkflowLimits.TimeLimitMax) is { } after ? new TimeLimit(after, action) : null;
    }

    public static string Write(TimeLimitAction action) => TimeLimitActions[(int)action];

    private static (YamlText, string, Parameter) Read(YamlEntry entry, string place, Faults faults, ParameterDirection direction)
    {
        var (at, name) = ($"{place}.{entry.Key.Value}", entry.Key.Value);
        if (entry.Value is not YamlMap map)
        {
            return (entry.Key, at, new Parameter(name, direction, DefaultType, ReadValue(entry.Value, at, faults)));
        }

        var reader = new MapReader(map, at, faults, FileKeys.Parameter);
        return (entry.Key, at, new Parameter(name, direction, reader.Text("type")?.ToUpperInvariant() ?? DefaultType, reader.Text("value") ?? ""));
    }

    private static (YamlText, string, Parameter) ReadName(YamlNode node, string place, Faults faults)
    {
        var name = node as YamlText ?? new YamlText(node.At, ReadValue(node, place, faults), IsPlain: true);
        return (name, $"{place}.{name.Value}", new Parameter(name.Value, ParameterDirection.Out, DefaultType, ""));
    }

    /// <summary>Values are texts, whatever they look like.</summary>
    private static string ReadValue(YamlNode node, string place, Faults faults)
    {
        if (node is YamlText text)
        {
            return text.IsNull ? "" : text.Value;
        }

        faults.Add(node.At, place, "It takes a text. A list or a map is written as JSON, in quotes.");
        return "";
    }
}
