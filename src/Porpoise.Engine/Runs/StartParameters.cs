using System.Text.Json;

namespace Porpoise.Engine.Runs;

/// <summary>The values that the starter of a run gave, as they stand in its row: a JSON object, name to value; empty text when there are none.</summary>
public static class StartParameters
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>Values that are not text count as their JSON text, as DolphinScheduler has it.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        if (text.Length == 0)
        {
            return None;
        }

        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("Start parameters are a JSON object.");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            values[property.Name] = property.Value.ValueKind switch
            {
                JsonValueKind.String => property.Value.GetString()!,
                JsonValueKind.Null => "",
                _ => property.Value.GetRawText(),
            };
        }

        return values;
    }
}
