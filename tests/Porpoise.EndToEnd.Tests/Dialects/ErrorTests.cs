using System.Globalization;
using System.Text;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>Every error is a JSON object of the caller's dialect: the official clients lose code and request id otherwise.</summary>
public sealed class ErrorTests(SharedServer shared) : SharedServerTest(shared)
{
    private const int MiB = 1024 * 1024;

    private Uri Url => Installation.Url;

    private string Codes => $"/dolphinscheduler/projects/{Dolphin.Workspace}/task-definition/gen-task-codes";

    private (string, string)[] Token => [("Host", Url.Authority), ("token", Installation.Key.Token)];

    /// <summary>Marks a call as the cloud's; errors that come before the signature is looked at need no more.</summary>
    private (string, string)[] Signed => [("Host", Url.Authority), ("x-acs-action", "Any")];

    [Fact]
    public async Task An_unknown_address_is_a_404_of_the_dialect()
    {
        foreach (var path in (string[])["/", "/nope", "/dolphinscheduler/projects/1/nope", "/dolphinscheduler//projects"])
        {
            (await AssertStatusAsync(404, "GET", path, Token)).Refused(1500006);
            Assert.Equal("InvalidApi.NotFound", (await AssertStatusAsync(404, "GET", path, Signed)).GatewayCode);
        }
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_that_says_which_are_right()
    {
        var reply = await AssertStatusAsync(405, "DELETE", Codes, Token);
        reply.Refused(1500007);
        Assert.Equal("GET", reply.Header("Allow"));
        Assert.Equal("WrongMethod", (await AssertStatusAsync(405, "PATCH", Codes, Signed)).GatewayCode);
    }

    [Fact]
    public async Task A_large_body_is_a_413()
    {
        var path = $"/dolphinscheduler/projects/{Dolphin.Workspace}/process-definition";
        var body = "name=" + new string('x', 4 * MiB);
        (await AssertStatusAsync(413, "POST", path, [.. Token, ("Content-Type", "application/x-www-form-urlencoded")], body)).Refused(1500008);
        Assert.Equal("BodyTooLarge", (await AssertStatusAsync(413, "POST", path, [.. Signed, ("Content-Type", "application/json")], body)).GatewayCode);

        using var chunked = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(body)));
        chunked.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, path)) { Content = chunked };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("token", Installation.Key.Token);
        using var client = new HttpClient();
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(MiB + 100)]
    [InlineData((2 * MiB) - 1000)]
    public async Task A_long_request_line_is_a_414(int length)
    {
        var path = Codes + "?genNum=1&x=" + new string('x', length);
        (await AssertStatusAsync(414, "GET", path, Token)).Refused(1500009);
        Assert.Equal("LineTooLong", (await AssertStatusAsync(414, "GET", path, Signed)).GatewayCode);
    }

    [Theory]
    [InlineData((2 * MiB) + 1000)]
    [InlineData(5 * MiB)]
    public async Task A_request_line_beyond_what_the_web_server_takes_is_a_414_too(int length)
    {
        var (status, _, _) = await RawCall.SendForAnythingAsync(Url, RawCall.Write("GET", Codes + "?genNum=1&x=" + new string('x', length), Token));
        Assert.Equal(414, status);
    }

    [Fact]
    public async Task A_long_request_line_within_the_limit_is_taken()
    {
        var reply = await AssertStatusAsync(200, "GET", Codes + "?genNum=1&x=" + new string('x', MiB - 1000), Token);
        reply.Data();
    }

    [Theory]
    [InlineData(40_000, 1)]
    [InlineData(10, 200)]
    public async Task Many_or_large_headers_are_refused_with_json(int length, int count)
    {
        var headers = Enumerable.Range(0, count).Select(i => (string.Create(CultureInfo.InvariantCulture, $"x-{i}"), new string('x', length)));
        var reply = await RawCall.SendAsync(Url, RawCall.Write("GET", Codes + "?genNum=1", [.. Token, .. headers]));
        Assert.True(reply.Status is 200 or 431, reply.ToString());
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415()
    {
        var path = $"/dolphinscheduler/projects/{Dolphin.Workspace}/process-definition";
        (await AssertStatusAsync(415, "POST", path, [.. Token, ("Content-Type", "text/plain")], "hello")).Refused(1500010);
        (await AssertStatusAsync(415, "POST", path, Token, "hello")).Refused(1500010);
        using var content = new StringContent("hello", Encoding.UTF8, "text/plain");
        var signed = await Cloud.SendAsync(HttpMethod.Post, path, content);
        Assert.Equal(415, signed.Status);
        Assert.Equal("BadContentType", signed.GatewayCode);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    public async Task A_body_that_is_no_json_object_is_refused(string body)
    {
        var path = $"/dolphinscheduler/projects/{Dolphin.Workspace}/process-definition";
        using var plain = new StringContent(body, Encoding.UTF8, "application/json");
        (await Dolphin.SendAsync(HttpMethod.Post, path, plain)).Refused(10001);
        using var signed = new StringContent(body, Encoding.UTF8, "application/json");
        var refused = await Cloud.SendAsync(HttpMethod.Post, path, signed);
        Assert.Equal((400, "InvalidParameter.Format"), (refused.Status, refused.GatewayCode));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n")]
    [InlineData("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /dolphinscheduler/projects/1/process-definition HTTP/1.1\r\nHost: x\r\ntoken: {token}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n")]
    public async Task A_broken_request_neither_stops_the_server_nor_counts_as_its_failure(string request)
    {
        var (status, _, body) = await RawCall.SendForAnythingAsync(Url, Encoding.ASCII.GetBytes(request.Replace("{token}", Installation.Key.Token, StringComparison.Ordinal)));
        Assert.True(status is >= 400 and < 500 || new Reply(status, new Dictionary<string, string>(), body).Refused(10001) is not null);
        (await Dolphin.TryGenerateCodesAsync(1)).Data();
    }

    [Fact]
    public async Task An_unknown_workspace_run_workflow_or_task_is_named()
    {
        foreach (var client in (ApiClient[])[Dolphin, Cloud])
        {
            (await client.GetAsync("/dolphinscheduler/projects/4711/task-definition/gen-task-codes", ("genNum", 1))).Refused(10018);
            (await client.TryGetRunAsync(int.MaxValue)).Refused(50001);
            (await client.TryStartAsync(4711)).Refused(50003);
            (await client.TryUpdateAsync(4711, new Workflow().Noop("a"))).Refused(50003);
            (await client.TryReleaseAsync(4711, "ONLINE")).Refused(50003);
            (await client.GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", int.MaxValue))).Refused(10008);
        }
    }

    [Theory]
    [InlineData("genNum", "x")]
    [InlineData("genNum", "0")]
    [InlineData("genNum", "99999999999999999999")]
    [InlineData("genNum", "10001")]
    public async Task A_parameter_that_cannot_be_taken_is_named(string name, string value)
    {
        Assert.Contains(name, (await Dolphin.GetAsync(Codes, (name, value))).Refused(10001).Message, StringComparison.Ordinal);
        Assert.Equal("InvalidGenNum", (await Cloud.GetAsync(Codes, (name, value))).GatewayCode);
    }

    private async Task<Reply> AssertStatusAsync(int status, string method, string target, (string, string)[] headers, string body = "")
    {
        var reply = await RawCall.SendAsync(Url, RawCall.Write(method, target, headers, body));
        Assert.True(reply.Status == status, $"Expected HTTP {status}, got {reply}");
        return reply;
    }
}
