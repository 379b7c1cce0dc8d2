using System.Text.Json;
using System.Text.Json.Serialization;

namespace Porpoise.Core.DataSources;

/// <summary>
/// What else may be said about connecting to a data source. A driver knows many more settings, some of which read files of this machine or run programs; so there
/// is a list of those that are allowed. Written as a JSON object of texts, in the order of the names.
/// </summary>
public static partial class DataSourceOptions
{
    public const string SslMode = "sslMode";
    public const string ConnectTimeout = "connectTimeout";
    public const string SearchPath = "searchPath";
    public const string Encrypt = "encrypt";
    public const string TrustServerCertificate = "trustServerCertificate";
    public const string Mode = "mode";

    private const int SecondsMax = 300;
    private const string Seconds = "seconds, from 1 to 300";

    private static readonly Dictionary<DataSourceType, Dictionary<string, string[]>> Allowed = new()
    {
        [DataSourceType.PostgreSql] = new() { [SslMode] = ["disable", "prefer", "require", "verify-ca", "verify-full"], [ConnectTimeout] = [Seconds], [SearchPath] = [] },
        [DataSourceType.MySql] = new() { [SslMode] = ["disable", "prefer", "require", "verify-ca", "verify-full"], [ConnectTimeout] = [Seconds] },
        [DataSourceType.SqlServer] = new() { [Encrypt] = ["true", "false", "strict"], [TrustServerCertificate] = ["true", "false"], [ConnectTimeout] = [Seconds] },
        [DataSourceType.Sqlite] = new() { [Mode] = ["readWrite", "readOnly"] },
    };

    /// <exception cref="JsonException">The text is no JSON object of texts.</exception>
    public static IReadOnlyDictionary<string, string> Read(string text) =>
        text.Length == 0 ? new Dictionary<string, string>() : JsonSerializer.Deserialize(text, OptionsJson.Default.DictionaryStringString) ?? throw new JsonException("Options are a JSON object of texts.");

    public static string Write(IReadOnlyDictionary<string, string> options) =>
        options.Count == 0 ? "" : JsonSerializer.Serialize(new SortedDictionary<string, string>(options.ToDictionary(), StringComparer.Ordinal), OptionsJson.Default.SortedDictionaryStringString);

    /// <summary>Null: all are allowed. Otherwise what is.</summary>
    public static string? FindFault(DataSourceType type, string text)
    {
        var allowed = Allowed[type];
        foreach (var (name, value) in Read(text))
        {
            if (!allowed.TryGetValue(name, out var takes))
            {
                return $"for {DataSourceTypes.NameOf(type)} only {string.Join(", ", allowed.Keys)}, and not '{name}'";
            }

            if (takes is [Seconds] ? !int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > SecondsMax
                : takes.Length == 0 ? value.Any(char.IsControl)
                : !takes.Contains(value))
            {
                return $"for {name} {(takes.Length == 0 ? "a text without control characters" : string.Join(" or ", takes))}, and not '{value}'";
            }
        }

        return null;
    }

    [JsonSerializable(typeof(Dictionary<string, string>))]
    [JsonSerializable(typeof(SortedDictionary<string, string>))]
    private sealed partial class OptionsJson : JsonSerializerContext;
}
