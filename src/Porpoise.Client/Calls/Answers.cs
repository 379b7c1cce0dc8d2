using System.Globalization;
using System.Text.Json;

namespace Porpoise.Client.Calls;

/// <summary>Reads answers of either dialect: the envelope of the service, or the error of its gateway.</summary>
internal static class Answers
{
    /// <summary>The <c>data</c> of an answer, or all of it where there is no envelope.</summary>
    /// <exception cref="PorpoiseException">It says that the call was not done, or is none of ours.</exception>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using var json = await ParseAsync(response, ct);
        var root = json?.RootElement ?? default;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw NotOurs(response);
        }

        if (root.TryGetProperty("success", out var success))
        {
            return success.ValueKind == JsonValueKind.True ? Member(root, "data")?.Clone() ?? default : throw Refused(response, root, Text(root, "code") ?? "", Text(root, "msg"));
        }

        if (Text(root, "Code") is { } code)
        {
            throw Refused(response, root, code, Text(root, "Message"));
        }

        return response.IsSuccessStatusCode ? root.Clone() : throw NotOurs(response);
    }

    private static async Task<JsonDocument?> ParseAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), default, ct);
        }
        catch (JsonException)
        {
            return null; // said by the caller, with the status
        }
    }

    private static PorpoiseException Refused(HttpResponseMessage response, JsonElement root, string code, string? message)
    {
        var denied = Member(root, "AccessDeniedDetail");
        return new PorpoiseException(code, message is { Length: > 0 } ? message : "The server gives no reason.")
        {
            HttpStatus = (int)response.StatusCode,
            RequestId = Text(root, "requestId") ?? Text(root, "RequestId") ?? Header(response, "x-acs-request-id"),
            DeniedAction = denied is { } detail ? Text(detail, "AuthAction") : null,
            DiagnosticMessage = denied is { } reasons ? Text(reasons, "EncodedDiagnosticMessage") : null,
        };
    }

    private static PorpoiseException NotOurs(HttpResponseMessage response) => new(
        PorpoiseException.NotPorpoise, string.Create(CultureInfo.InvariantCulture, $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} answers with HTTP {(int)response.StatusCode} and not as a Porpoise server does. Is the address right?"))
    {
        HttpStatus = (int)response.StatusCode,
    };

    private static JsonElement? Member(JsonElement json, string name) => json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static string? Text(JsonElement json, string name) => Member(json, name)?.ToString();

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
