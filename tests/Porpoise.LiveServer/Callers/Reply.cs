using System.Net;
using System.Text.Json;

namespace Porpoise.LiveServer.Callers;

/// <summary>An answer whose body is a JSON object: every answer of the service has to be one, unless it is a file (<see cref="IsFile"/>).</summary>
public sealed class Reply
{
    private const int CloudSuccess = 1_000_000;

    private readonly IReadOnlyDictionary<string, string> _headers;

    public Reply(int status, IReadOnlyDictionary<string, string> headers, string text)
    {
        Status = status;
        Text = text;
        _headers = headers;
        if (IsFile)
        {
            return;
        }

        try
        {
            Json = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"HTTP {status} with a body that is no JSON: '{text}'.", e);
        }

        Assert.True(Json.ValueKind == JsonValueKind.Object, $"HTTP {status} with a body that is no JSON object: {text}");
    }

    public int Status { get; }

    public string Text { get; }

    public JsonElement Json { get; }

    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>True when the answer is something to be saved, of whatever form, instead of JSON.</summary>
    public bool IsFile => Header("Content-Disposition")?.StartsWith("attachment", StringComparison.Ordinal) == true;

    /// <summary>Null if the answer has no such header.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>The number of an envelope.</summary>
    public int Code => Json.GetProperty("code").GetInt32();

    public string Message => Json.GetProperty("msg").GetString()!;

    /// <summary>The code of a gateway error.</summary>
    public string GatewayCode => Json.TryGetProperty("Code"u8, out var code) ? code.GetString()! : throw new InvalidDataException("This is no gateway error: " + Text);

    /// <summary>The data of a success of either dialect.</summary>
    public JsonElement Data()
    {
        Assert.True(Status is (int)HttpStatusCode.OK or (int)HttpStatusCode.Created && Json.TryGetProperty("code", out var code) && code.GetInt32() is 0 or CloudSuccess, $"HTTP {Status}: {Text}");
        return Json.GetProperty("data");
    }

    /// <summary>A refusal of the operation itself, which comes in an envelope in either dialect.</summary>
    public Reply Refused(int code)
    {
        Assert.True(Json.TryGetProperty("code", out var found) && found.GetInt32() == code && !Json.GetProperty("success").GetBoolean() && Json.GetProperty("failed").GetBoolean(), $"Expected a refusal with {code}, got HTTP {Status}: {Text}");
        return this;
    }

    public override string ToString() => $"HTTP {Status}: {Text}";
}
