using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>JSON that comes inside a parameter, as text.</summary>
internal static class JsonText
{
    /// <summary>How deep lists and objects may lie in each other.</summary>
    public const int DepthMax = CanonicalJson.DepthMax;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = DepthMax };

    /// <summary>Every text in the document can be read (the reader itself notices half a surrogate pair only when it is asked for the text) and can be stored: none has a NUL.</summary>
    /// <exception cref="JsonException">It is not JSON; the message says where, for the end of a sentence.</exception>
    public static JsonDocument Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, ReaderOptions);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    CheckText(ref reader);
                }
            }
        }
        catch (JsonException e) when (e.LineNumber is not null)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            throw new JsonException(reader.CurrentDepth >= DepthMax - 1 && reader.BytesConsumed < bytes.Length ? $"the text goes deeper than {DepthMax} lists and objects in {place}" : $"the text is no JSON from {place} on", e);
        }

        return JsonDocument.Parse(bytes, Options);
    }

    private static void CheckText(ref Utf8JsonReader reader)
    {
        try
        {
            if (reader.GetString()!.Contains('\0'))
            {
                throw new JsonException($"the text at byte {reader.TokenStartIndex + 1} has a NUL character");
            }
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"the text at byte {reader.TokenStartIndex + 1} has half a character", e);
        }
    }
}
