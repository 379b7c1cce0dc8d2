using System.Text.Json;
using System.Text.RegularExpressions;
using Porpoise.LiveServer.Servers;

namespace Porpoise.LiveServer.Callers;

/// <summary>What every answer has to look like, whatever was called and however it went: a JSON object of the caller's dialect or a file, and never a failure of the server.</summary>
public static partial class DialectShape
{
    private const int CloudSuccess = 1_000_000;

    private static readonly string[] CloudEnvelope = ["code", "msg", "data", "success", "failed", "httpStatusCode", "requestId"];
    private static readonly string[] GatewayError = ["RequestId", "HostId", "Code", "Message", "Recommend"];
    private static readonly string[] DolphinEnvelope = ["code", "msg", "data", "success", "failed"];

    public static void AssertAnswer(Dialect dialect, Reply reply)
    {
        Assert.True(reply.Status is >= 200 and < 500, $"The server failed: {reply}");
        if (reply.IsFile)
        {
            Assert.Equal(200, reply.Status);
            Assert.Equal("application/octet-stream", reply.Header("Content-Type"));
            return;
        }

        Assert.Equal("application/json;charset=utf-8", reply.Header("Content-Type"));
        Assert.Matches(RequestId(), reply.Header("x-acs-request-id") ?? "");
        if (dialect == Dialect.Dolphin)
        {
            AssertEnvelope(reply, DolphinEnvelope, 0);
        }
        else if (reply.Json.TryGetProperty("Code"u8, out _))
        {
            AssertGatewayError(reply);
        }
        else
        {
            AssertEnvelope(reply, CloudEnvelope, CloudSuccess);
            Assert.Equal(200, reply.Status);
            Assert.Equal(200, reply.Json.GetProperty("httpStatusCode").GetInt32());
            Assert.Equal(reply.Header("x-acs-request-id"), reply.Json.GetProperty("requestId").GetString());
        }
    }

    private static void AssertEnvelope(Reply reply, string[] members, int success)
    {
        AssertMembers(reply, members);
        var isSuccess = reply.Code == success;
        Assert.Equal(isSuccess ? JsonValueKind.True : JsonValueKind.False, reply.Json.GetProperty("success").ValueKind);
        Assert.Equal(isSuccess ? JsonValueKind.False : JsonValueKind.True, reply.Json.GetProperty("failed").ValueKind);
        Assert.False(string.IsNullOrEmpty(reply.Message), $"No message: {reply}");
        Assert.True(!isSuccess || reply.Status is 200 or 201, $"A success with an error's status: {reply}");
        Assert.True(isSuccess || reply.Json.GetProperty("data").ValueKind == JsonValueKind.Null, $"A refusal with data: {reply}");
    }

    private static void AssertGatewayError(Reply reply)
    {
        AssertMembers(reply, GatewayError);
        Assert.True(reply.Status >= 400, $"A gateway error with a success's status: {reply}");
        Assert.All(GatewayError, m => Assert.False(string.IsNullOrEmpty(reply.Json.GetProperty(m).GetString()), $"{m} is empty: {reply}"));
        Assert.Equal(reply.Header("x-acs-request-id"), reply.Json.GetProperty("RequestId").GetString());
    }

    private static void AssertMembers(Reply reply, string[] members) =>
        Assert.True(reply.Json.EnumerateObject().Select(m => m.Name).SequenceEqual(members), $"Expected the members {string.Join(", ", members)}: {reply}");

    [GeneratedRegex("^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$")]
    private static partial Regex RequestId();
}
