using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Porpoise.Core.Workflows;

/// <summary>
/// The same content in one form, whatever the order of the members and the space between them: what a node's taskParams are stored in, and part of a version's
/// hash. A member that is there twice counts as it comes last, as it does to readers; numbers stay as they were written.
/// </summary>
public static class CanonicalJson
{
    /// <summary>How deep lists and objects may lie in each other.</summary>
    public const int DepthMax = 64;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DepthMax };

    /// <param name="without">A member of the outermost object that is left out.</param>
    public static string Write(JsonElement element, string? without = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriterOptions))
        {
            Write(writer, element, without);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, string? without)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = member.Value;
                }

                foreach (var (name, value) in members)
                {
                    if (name != without)
                    {
                        writer.WritePropertyName(name);
                        Write(writer, value, without: null);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item, without: null);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            default:
                writer.WriteRawValue(element.GetRawText());
                break;
        }
    }
}
