using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Porpoise.Api.Operations;

/// <summary>
/// JSON as people can read it, here and in their logs: only what JSON itself asks for is escaped. It goes out as application/json and becomes part of no
/// page, so the escapes that HTML needs would only be in the way.
/// </summary>
internal static class AnswerJson
{
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON that is a text inside an answer.</summary>
    public static string Write<T>(T value, JsonTypeInfo<T> type)
    {
        var text = new ArrayBufferWriter<byte>(256);
        WriteTo(text, value, type);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static void WriteTo<T>(IBufferWriter<byte> target, T value, JsonTypeInfo<T> type)
    {
        using var json = new Utf8JsonWriter(target, Options);
        JsonSerializer.Serialize(json, value, type);
    }
}
