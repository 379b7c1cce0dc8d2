using System.Text.Json;
using Porpoise.Api.Definitions;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Library;

/// <summary>Reads the lists among the parameters of a development task.</summary>
internal static class LibraryValues
{
    private const string ArgumentsForm = "a JSON list of texts";
    private const string SettingsForm = "a JSON object of names and values, or a list of objects with key and value";

    /// <summary>Null: the call does not name it.</summary>
    public static IReadOnlyList<string>? ReadArguments(Parameters parameters) => Read<string>(parameters, "arguments", ArgumentsForm, static root =>
        root.ValueKind != JsonValueKind.Array ? null : [.. root.EnumerateArray().Select(e => TextOf(e, "arguments", ArgumentsForm))]);

    /// <summary>Null: the call does not name it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? ReadSettings(Parameters parameters) => Read<KeyValuePair<string, string>>(parameters, "sparkConf", SettingsForm, static root => root.ValueKind switch
    {
        JsonValueKind.Object => [.. root.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, TextOf(m.Value, "sparkConf", SettingsForm)))],
        JsonValueKind.Array => [.. root.EnumerateArray().Select(ReadPair)],
        _ => null,
    });

    private static IReadOnlyList<T>? Read<T>(Parameters parameters, string name, string form, Func<JsonElement, IReadOnlyList<T>?> read)
    {
        if (parameters.Text(name) is not { } text)
        {
            return null;
        }

        try
        {
            using var document = JsonText.Parse(text);
            return read(document.RootElement) ?? throw Parameters.Invalid(name, form);
        }
        catch (JsonException e)
        {
            throw Parameters.Invalid(name, $"{form}; {e.Message}");
        }
    }

    private static KeyValuePair<string, string> ReadPair(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("key", out var key) && element.TryGetProperty("value", out var value)
            ? KeyValuePair.Create(TextOf(key, "sparkConf", SettingsForm), TextOf(value, "sparkConf", SettingsForm))
            : throw Parameters.Invalid("sparkConf", SettingsForm);

    private static string TextOf(JsonElement element, string name, string form) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => throw Parameters.Invalid(name, form),
    };
}
