using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Porpoise.Access.Signatures;
using Porpoise.Api.Errors;
using Porpoise.Api.OpenApi;

namespace Porpoise.Api.Operations;

/// <summary>Reads the body, bounded, and joins path, query, form and JSON into one set of parameters. Where a name comes twice, the path wins, then the query.</summary>
internal static class ParameterReader
{
    public const int BodyMax = 4 * 1024 * 1024;

    /// <summary>Parameters in one call.</summary>
    public const int CountMax = 512;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 32 };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The body's bytes, for the signature and for <see cref="Join"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext http)
    {
        var length = http.Request.ContentLength;
        if (length == 0 || (length is null && !http.Request.Headers.TransferEncoding.ToString().Contains("chunked", StringComparison.OrdinalIgnoreCase) && http.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal)))
        {
            return default;
        }

        if (length > BodyMax)
        {
            throw new RefusalException(ErrorCodes.BodyTooLarge, ErrorCodes.BodyTooLarge.Text);
        }

        var writer = new ArrayBufferWriter<byte>((int)(length ?? 4096));
        while (true)
        {
            var read = await http.Request.Body.ReadAsync(writer.GetMemory(4096), http.RequestAborted);
            if (read == 0)
            {
                return writer.WrittenMemory;
            }

            writer.Advance(read);
            if (writer.WrittenCount > BodyMax)
            {
                throw new RefusalException(ErrorCodes.BodyTooLarge, ErrorCodes.BodyTooLarge.Text);
            }
        }
    }

    /// <param name="operation">What each of its parameters takes decides what it may be in a JSON body.</param>
    public static Parameters Join(HttpContext http, ReadOnlyMemory<byte> body, Operation operation)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in http.Request.RouteValues)
        {
            values[name] = value as string ?? "";
        }

        AddPairs(http.Request.QueryString.Value, "query", values);
        if (!body.IsEmpty)
        {
            AddBody(http, body, operation, values);
        }

        foreach (var (name, value) in values)
        {
            if (value.Contains('\0') || name.Contains('\0'))
            {
                throw Parameters.Invalid(name.Replace("\0", "", StringComparison.Ordinal), "a text without NUL characters");
            }
        }

        return new Parameters(values);
    }

    /// <summary>
    /// Names and values between <c>&amp;</c> and <c>=</c>. Read here rather than through the request's own collection, which takes names that
    /// differ only in case for the same one.
    /// </summary>
    private static void AddPairs(string? text, string place, Dictionary<string, string> values)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        if (!PercentEncoding.IsUtf8(text))
        {
            throw Unreadable($"The {place} has escapes (%XX) that are not UTF-8.");
        }

        foreach (var pair in new QueryStringEnumerable(text))
        {
            Add(values, pair.DecodeName().ToString(), pair.DecodeValue().ToString());
        }
    }

    private static void Add(Dictionary<string, string> values, string name, string value)
    {
        if (values.TryAdd(name, value) && values.Count > CountMax)
        {
            throw Unreadable($"A call has at most {CountMax} parameters.");
        }
    }

    private static void AddBody(HttpContext http, ReadOnlyMemory<byte> body, Operation operation, Dictionary<string, string> values)
    {
        var type = http.Request.ContentType ?? "";
        if (type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            AddPairs(ReadText(body), "form", values);
        }
        else if (type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            AddJson(body, OperationParameters.Of(operation), values);
        }
        else
        {
            throw new RefusalException(ErrorCodes.BadContentType, ErrorCodes.BadContentType.Text);
        }
    }

    private static string ReadText(ReadOnlyMemory<byte> body)
    {
        try
        {
            return StrictUtf8.GetString(body.Span);
        }
        catch (ArgumentException)
        {
            throw Unreadable("The body is not UTF-8.");
        }
    }

    private static void AddJson(ReadOnlyMemory<byte> body, IReadOnlyList<OperationParameter> known, Dictionary<string, string> values)
    {
        try
        {
            using var document = JsonDocument.Parse(body, JsonOptions);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Unreadable("A JSON body must be an object whose members are the parameters.");
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                Add(values, member.Name, member.Value.ValueKind switch
                {
                    JsonValueKind.String => member.Value.GetString()!,
                    JsonValueKind.Null => "",
                    var kind => known.FirstOrDefault(p => p.Name == member.Name) is { } parameter && !parameter.TakesJson(kind)
                        ? throw Parameters.Invalid(member.Name, parameter.Takes)
                        : member.Value.GetRawText(),
                });
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable("The body cannot be read as JSON: " + e.Message);
        }
    }

    /// <summary>The parameters of a call cannot be read at all. With a signed call it is an error of the gateway, which official clients raise.</summary>
    internal static RefusalException Unreadable(string message) => new(
        new Refusal(ErrorCodes.BadParameter, message) { Gateway = GatewayError.InvalidParameterFormat with { Message = message } });
}
