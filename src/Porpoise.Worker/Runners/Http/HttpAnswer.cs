using System.Net;
using System.Text;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Http;

/// <summary>What a server answered.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Reason">The words after it.</param>
/// <param name="MediaType">Of the body, as the server said it; may be empty.</param>
/// <param name="Body">At most <see cref="BodyMax"/> bytes of it.</param>
/// <param name="IsCut">True: there was more.</param>
internal sealed record HttpAnswer(HttpStatusCode Status, string Reason, string MediaType, string Body, bool IsCut)
{
    /// <summary>Bytes of a body that are read.</summary>
    public const int BodyMax = 16 * 1024 * 1024;

    /// <summary>Characters of a body that are shown in the log.</summary>
    public const int ShownMax = 16 * 1024;

    private const string WholeBody = "response";
    private const string StatusCode = "statusCode";

    public string ForPeople => Body.Length switch
    {
        0 => "(no body)",
        <= ShownMax => Body.TrimEnd(),
        _ => $"{Body[..(char.IsHighSurrogate(Body[ShownMax - 1]) ? ShownMax - 1 : ShownMax)]}\n(… the log shows the first {ShownMax / 1024} Ki characters)",
    };

    /// <summary>The value of an output parameter: the whole body, the status, or a member of the JSON object that the body is.</summary>
    public string? Find(string output)
    {
        if (output == WholeBody || output.EndsWith("." + WholeBody, StringComparison.Ordinal))
        {
            return Body;
        }

        if (output == StatusCode)
        {
            return ((int)Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        try
        {
            var root = JsonElement.Parse(Body);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(output, out _) ? Job.Text(root, output) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response, TimeSpan patience, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var chunk = new byte[64 * 1024];
        var isCut = false;
        while (!isCut && await ReadAsync(stream, chunk, patience, ct) is > 0 and var read)
        {
            isCut = buffer.Length + read > BodyMax;
            buffer.Write(chunk, 0, (int)Math.Min(read, BodyMax - buffer.Length));
        }

        var type = response.Content.Headers.ContentType;
        return new HttpAnswer(response.StatusCode, response.ReasonPhrase ?? "", type?.MediaType ?? "", EncodingOf(type?.CharSet).GetString(buffer.GetBuffer(), 0, (int)buffer.Length), isCut);
    }

    private static async Task<int> ReadAsync(Stream stream, byte[] chunk, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            return await stream.ReadAsync(chunk, limit.Token);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new JobException($"The connection broke off in the middle of the answer: {e.Message}", e);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new JobException($"The rest of the answer did not come within {patience.TotalSeconds:0.###} s. If the server needs longer, set socketTimeout (milliseconds) higher.");
        }
    }

    private static Encoding EncodingOf(string? name)
    {
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8; // a name that nobody knows; what is wrong is shown as such in the text
        }
    }
}
