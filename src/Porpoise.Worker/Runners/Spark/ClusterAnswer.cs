using System.Globalization;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>Reads the JSON that a cluster answers.</summary>
internal static class ClusterAnswer
{
    /// <summary>Whatever is no answer is a failure of the way there: it says nothing about the application.</summary>
    /// <exception cref="HttpRequestException">It is no success, or no JSON object.</exception>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, string whose, CancellationToken ct)
    {
        var text = await answer.Content.ReadAsByteArrayAsync(ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"{whose} answers HTTP {(int)answer.StatusCode}."), null, answer.StatusCode);
        }

        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } root ? root : throw new HttpRequestException($"{whose} answers no JSON object.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{whose} answers no JSON.", e);
        }
    }
}
