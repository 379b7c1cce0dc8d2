using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Porpoise.Access.Signatures;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Envelopes;

/// <summary>
/// Writes answers in the dialect that the caller speaks. Both are JSON objects always: the official clients lose the error, its code and
/// the request id when a body is empty or is not JSON.
/// </summary>
internal static class Envelope
{
    /// <summary>Characters of a message; some quote what the caller sent.</summary>
    public const int MessageMax = 64 * 1024;

    /// <summary>The cloud API's success.</summary>
    private const int CloudSuccess = 1_000_000;

    public static async Task WriteDataAsync(HttpContext http, bool isCloud, string requestId, Answer.Data data)
    {
        using var text = new AnswerText();
        await using var json = new Utf8JsonWriter(text.Writer, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteNumber("code"u8, isCloud ? CloudSuccess : 0);
        json.WriteString("msg"u8, "success"u8);
        json.WritePropertyName("data"u8);
        if (data.Value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            JsonSerializer.Serialize(json, data.Value, data.Type!);
        }

        Close(json, isCloud, requestId, success: true, StatusCodes.Status200OK);
        await json.FlushAsync(http.RequestAborted);
        await SendAsync(http, isCloud, requestId, data.Created && !isCloud ? StatusCodes.Status201Created : StatusCodes.Status200OK, text);
    }

    /// <summary>An object with its own members and the request's id.</summary>
    public static async Task WritePlainAsync(HttpContext http, string requestId, Answer.Plain plain)
    {
        var members = JsonSerializer.SerializeToElement(plain.Value, plain.Type);
        using var text = new AnswerText();
        await using var json = new Utf8JsonWriter(text.Writer);
        json.WriteStartObject();
        json.WriteString("RequestId"u8, requestId);
        foreach (var member in members.EnumerateObject())
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
        await SendAsync(http, isCloud: true, requestId, StatusCodes.Status200OK, text);
    }

    public static async Task WriteRefusalAsync(HttpContext http, bool isCloud, string requestId, Refusal refusal)
    {
        var gateway = isCloud ? GatewayOf(refusal) : null;
        if (refusal.RetryAfter is { } wait)
        {
            http.Response.Headers["x-acs-retry-after"] = ((long)wait.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        using var text = new AnswerText();
        await using var json = new Utf8JsonWriter(text.Writer, AnswerJson.Options);
        json.WriteStartObject();
        if (gateway is not null)
        {
            WriteGateway(json, http, requestId, gateway);
            WriteDenied(json, refusal.Denied);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNumber("code"u8, refusal.Code.Number);
            json.WriteString("msg"u8, Bounded(refusal.Message));
            json.WriteNull("data"u8);
            WriteDenied(json, refusal.Denied);
            Close(json, isCloud, requestId, success: false, refusal.Code.HttpStatus);
        }

        await json.FlushAsync(http.RequestAborted);
        await SendAsync(http, isCloud, requestId, gateway?.HttpStatus ?? refusal.Code.HttpStatus, text);
    }

    private static string Bounded(string message) => message.Length <= MessageMax ? message : string.Concat(message.AsSpan(0, MessageMax), " …");

    /// <summary>
    /// Business errors come as an envelope with HTTP 200, as this API's own documentation pairs them; what a gateway would have caught
    /// comes as the gateway's error, which official clients raise.
    /// </summary>
    private static GatewayError? GatewayOf(Refusal refusal) => refusal.Gateway ?? (refusal.Code.HttpStatus switch
    {
        200 => null,
        401 => GatewayError.IncompleteSignature,
        403 => GatewayError.NoPermission,
        404 => GatewayError.ApiNotFound,
        429 => GatewayError.ThrottlingUser,
        500 => GatewayError.InternalError,
        503 => GatewayError.ServiceUnavailable with { Message = refusal.Message },
        var status => new GatewayError(refusal.Code.Name, status, refusal.Message),
    });

    private static void WriteGateway(Utf8JsonWriter json, HttpContext http, string requestId, GatewayError error)
    {
        json.WriteString("RequestId"u8, requestId);
        json.WriteString("HostId"u8, http.Request.Host.Value);
        json.WriteString("Code"u8, error.Code);
        json.WriteString("Message"u8, Bounded(error.Message));
        json.WriteString("Recommend"u8, "docs/reference/errors.md");
    }

    private static void WriteDenied(Utf8JsonWriter json, AccessDenied? denied)
    {
        if (denied is not null)
        {
            json.WritePropertyName("AccessDeniedDetail"u8);
            JsonSerializer.Serialize(json, denied, EnvelopeJson.Default.AccessDenied);
        }
    }

    private static async Task SendAsync(HttpContext http, bool isCloud, string requestId, int status, AnswerText text)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json;charset=utf-8";
        response.Headers["x-acs-request-id"] = requestId;
        if (isCloud)
        {
            response.Headers.AccessControlAllowOrigin = "*";
            response.Headers.AccessControlExposeHeaders = "*";
        }

        response.ContentLength = text.Length;
        await text.SendAsync(response.BodyWriter, http.RequestAborted);
    }

    private static void Close(Utf8JsonWriter json, bool isCloud, string requestId, bool success, int status)
    {
        json.WriteBoolean("success"u8, success);
        json.WriteBoolean("failed"u8, !success);
        if (isCloud)
        {
            json.WriteNumber("httpStatusCode"u8, status);
            json.WriteString("requestId"u8, requestId);
        }

        json.WriteEndObject();
    }
}

[JsonSerializable(typeof(AccessDenied))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
