using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Core.Library;

namespace Porpoise.Storage.Library;

/// <summary>Which version of each development task a run takes, as it stands in the run's row: a JSON object, id to version; empty text when there are none.</summary>
public static partial class LibraryPins
{
    public static string Write(IEnumerable<KeyValuePair<DevelopmentTaskId, int>> pins)
    {
        var document = new SortedDictionary<string, int>(pins.ToDictionary(p => p.Key.Value, p => p.Value), StringComparer.Ordinal);
        return document.Count == 0 ? "" : JsonSerializer.Serialize(document, PinsJson.Default.SortedDictionaryStringInt32);
    }

    /// <exception cref="JsonException">The text is not a JSON object of numbers.</exception>
    public static IReadOnlyDictionary<DevelopmentTaskId, int> Read(string text) => text.Length == 0
        ? new Dictionary<DevelopmentTaskId, int>()
        : (JsonSerializer.Deserialize(text, PinsJson.Default.SortedDictionaryStringInt32) ?? throw new JsonException("Pins are a JSON object."))
            .ToDictionary(p => new DevelopmentTaskId(p.Key), p => p.Value);

    [JsonSerializable(typeof(SortedDictionary<string, int>))]
    private sealed partial class PinsJson : JsonSerializerContext;
}
