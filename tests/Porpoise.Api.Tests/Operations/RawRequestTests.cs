using System.Net.Sockets;
using System.Text;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Operations;

/// <summary>Requests that no HTTP client would send.</summary>
public sealed class RawRequestTests(ApiServer server) : ApiTest(server)
{
    [Theory]
    [InlineData("GET /nowhere HTTP/1.1", 404)]
    [InlineData("GET / HTTP/1.1", 404)]
    [InlineData("GET http://x/dolphinscheduler/nowhere HTTP/1.1", 404)]
    [InlineData("OPTIONS * HTTP/1.1", 404)]
    [InlineData("OPTIONS /dolphinscheduler/projects HTTP/1.1", 405)]
    [InlineData("TRACE /dolphinscheduler/projects HTTP/1.1", 405)]
    [InlineData("BREW /dolphinscheduler/projects HTTP/1.1", 405)]
    [InlineData("get /dolphinscheduler/projects HTTP/1.1", 200)]
    [InlineData("GET /dolphinscheduler/projects/ HTTP/1.1", 200)]
    [InlineData("GET /dolphinscheduler//projects HTTP/1.1", 404)]
    [InlineData("GET /dolphinscheduler/%zz HTTP/1.1", 404)]
    [InlineData("GET /dolphinscheduler/%FF%FE HTTP/1.1", 404)]
    [InlineData("GET /dolphinscheduler/../projects/%2e%2e HTTP/1.1", 404)]
    [InlineData("GET /dolphinscheduler/projects?x=%FF HTTP/1.1", 200)]
    [InlineData("GET /dolphinscheduler/projects HTTP/1.0", 200)]
    public async Task Every_method_and_path_is_answered_in_json(string line, int status)
    {
        var reply = await SendAsync($"{line}\r\nHost: x\r\ntoken: {Server.Token}\r\nConnection: close\r\n\r\n");
        Assert.True(reply.Status == status, $"Expected {status}: {reply.Status} {reply.Text}");
    }

    [Fact]
    public async Task CONNECT_is_answered_in_json()
    {
        var reply = await SendAsync($"CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\ntoken: {Server.Token}\r\nConnection: close\r\n\r\n");
        Assert.InRange(reply.Status, 400, 499);
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_its_refusal_and_no_body()
    {
        var answer = await SendForTextAsync($"HEAD /dolphinscheduler/projects HTTP/1.1\r\nHost: x\r\ntoken: {Server.Token}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.Contains("Allow: GET", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_requests_on_one_connection_have_two_whole_answers()
    {
        var one = $"GET /dolphinscheduler/projects HTTP/1.1\r\nHost: x\r\ntoken: {Server.Token}\r\n";
        var answer = await SendForTextAsync(one + "\r\n" + one + "Connection: close\r\n\r\n");
        Assert.Equal(2, answer.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(2, answer.Split("\"totalList\"").Length - 1);
    }

    [Fact]
    public async Task A_body_that_breaks_off_in_a_chunk_is_refused_in_json()
    {
        var reply = await SendAsync(
            $"POST /dolphinscheduler/projects HTTP/1.1\r\nHost: x\r\ntoken: {Server.Token}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n");
        Assert.Equal(400, reply.Status);
        reply.Refused(1500013);
    }

    [Fact]
    public async Task Too_many_headers_are_a_431()
    {
        var headers = string.Concat(Enumerable.Range(0, 200).Select(i => $"x-{i}: 1\r\n"));
        var reply = await SendAsync($"GET /dolphinscheduler/projects HTTP/1.1\r\nHost: x\r\ntoken: {Server.Token}\r\nConnection: close\r\n{headers}\r\n");
        Assert.Equal(431, reply.Status);
        reply.Refused(1500012);
    }

    private async Task<Reply> SendAsync(string request)
    {
        var answer = await SendForTextAsync(request);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Assert.True(end > 0, $"No answer came: '{answer}'");
        Assert.DoesNotContain("Transfer-Encoding", answer[..end], StringComparison.OrdinalIgnoreCase);
        return new Reply(int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), answer[(end + 4)..]);
    }

    private async Task<string> SendForTextAsync(string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Server.Url.Host, Server.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
