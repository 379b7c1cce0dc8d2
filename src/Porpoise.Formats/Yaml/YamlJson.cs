using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Porpoise.Formats.Yaml;

/// <summary>YAML as JSON and back. Numbers are what JSON writes as numbers, and keep their spelling; all else that has no quotes is a text, also yes, no and dates.</summary>
internal static partial class YamlJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = YamlComposer.DepthMax + 1 };

    public static Utf8JsonWriter WriterOn(Stream stream) => new(stream, Options);

    public static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    json.WritePropertyName(key.Value);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case YamlText { IsNull: true }:
                json.WriteNullValue();
                break;
            case YamlText text when text.IsPlain && IsBoolean(text.Value):
                json.WriteBooleanValue(char.ToLowerInvariant(text.Value[0]) == 't');
                break;
            case YamlText text when text.IsPlain && IsNumber(text.Value):
                json.WriteRawValue(text.Value);
                break;
            case YamlText text:
                json.WriteStringValue(text.Value);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public static bool IsBoolean(string text) => text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    public static bool IsNumber(string text) => NumberForm().IsMatch(text);

    [GeneratedRegex("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberForm();
}
