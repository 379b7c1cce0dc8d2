using System.Text.Json;

namespace Porpoise.Core.Workflows;

/// <summary>Reads members of taskParams as texts. Everybody who runs a task reads them here, so that what was checked is what is run.</summary>
public static class TaskParameterText
{
    /// <summary>A member as text: numbers, booleans, lists and objects as they are written in JSON. Empty when there is none.</summary>
    public static string Of(JsonElement from, string name) => from.TryGetProperty(name, out var member)
        ? member.ValueKind switch
        {
            JsonValueKind.String => member.GetString()!,
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ => member.GetRawText(),
        }
        : "";

    /// <summary>Null for what is no single value: lists, objects and null.</summary>
    internal static string? OfSingle(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };
}
