using System.Text.Json;
using System.Text.Json.Serialization;

namespace Porpoise.Api.Operations;

/// <summary>
/// Writes a text that may be long piece by piece. In one piece the writer would borrow room for the worst case, which is eighteen times the text, and what is
/// borrowed stays with the thread that did: with some dozen readers of logs that was most of the server's memory.
/// </summary>
internal sealed class LongText : JsonConverter<string>
{
    /// <summary>Characters of a piece.</summary>
    private const int PieceMax = 1024;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var rest = value.AsSpan();
        for (; rest.Length > PieceMax; rest = rest[PieceMax..])
        {
            writer.WriteStringValueSegment(rest[..PieceMax], isFinalSegment: false);
        }

        writer.WriteStringValueSegment(rest, isFinalSegment: true);
    }
}
