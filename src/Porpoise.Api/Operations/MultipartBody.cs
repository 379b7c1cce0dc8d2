using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Porpoise.Api.Errors;

namespace Porpoise.Api.Operations;

/// <summary>Reads a multipart form that uploads a file of text: each part becomes a parameter, also the file. Only operations that say so take one.</summary>
internal static class MultipartBody
{
    private const int PartsMax = 16;
    private const int PartHeadersMax = 16;
    private const int BoundaryMax = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool Is(HttpContext http) => http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <exception cref="RefusalException">It is no multipart form of text.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is not { Length: > 0 and <= BoundaryMax } boundary)
        {
            throw Bad("its boundary is missing or too long");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            var reader = new MultipartReader(boundary, stream) { HeadersCountLimit = PartHeadersMax };
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } part)
            {
                if (values.Count == PartsMax)
                {
                    throw Bad($"it has more than {PartsMax} parts");
                }

                if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).ToString() is not { Length: > 0 } name)
                {
                    throw Bad("a part has no name");
                }

                values.TryAdd(name, await ReadTextAsync(part.Body, http.RequestAborted));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            throw Bad(e.Message);
        }

        return values;
    }

    private static async Task<string> ReadTextAsync(Stream part, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await part.CopyToAsync(copy, ct);
        var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        return StrictUtf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    private static RefusalException Bad(string reason) => ParameterReader.Unreadable($"The multipart form cannot be read: {reason}.");
}
