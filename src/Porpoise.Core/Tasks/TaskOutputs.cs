using System.Text.Json;
using System.Text.Json.Serialization;

namespace Porpoise.Core.Tasks;

/// <summary>The values that a task gave to those after it, by name, and their bounds.</summary>
public static partial class TaskOutputs
{
    /// <summary>Characters of the names and values of one task.</summary>
    public const int LengthMax = 64 * 1024;

    /// <summary>Characters of the names and values of all tasks of one run. They are kept in memory while it runs.</summary>
    public const int RunLengthMax = 4 * 1024 * 1024;

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    public static int LengthOf(IReadOnlyDictionary<string, string> outputs) => outputs.Count == 0 ? 0 : outputs.Sum(o => o.Key.Length + o.Value.Length);

    /// <summary>A JSON object; null for none.</summary>
    public static string? Write(IReadOnlyDictionary<string, string> outputs) =>
        outputs.Count == 0 ? null : JsonSerializer.Serialize(outputs, OutputsJson.Default.IReadOnlyDictionaryStringString);

    /// <exception cref="JsonException">The text is no JSON object of texts.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? text) =>
        text is null ? None : JsonSerializer.Deserialize(text, OutputsJson.Default.DictionaryStringString) ?? throw new JsonException("Outputs are a JSON object of texts.");

    [JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class OutputsJson : JsonSerializerContext;
}
