using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Porpoise.Worker.Tests.Runners.Http;

/// <summary>A request as it came over the wire.</summary>
internal sealed record Seen(string Line, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A web server of sockets, so that a test sees each byte, and can answer what no well-behaved server would.</summary>
internal sealed class HttpSite : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Seen, string?> _answer;
    private readonly Task _serving;

    /// <param name="answer">The whole answer to a request; null: none, and the connection stays open.</param>
    public HttpSite(Func<Seen, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public ConcurrentQueue<Seen> Requests { get; } = new();

    /// <summary>Completes when a client has closed a connection to which no answer was given.</summary>
    public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public static string Ok(string body, string type = "text/plain", string status = "200 OK", string more = "") =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{more}\r\n{body}";

    public static string Redirect(string to, string status = "302 Found") => $"HTTP/1.1 {status}\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(talks);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var own = client;
        try
        {
            var stream = client.GetStream();
            var seen = await ReadAsync(stream);
            Requests.Enqueue(seen);
            if (_answer(seen) is { } answer)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _stop.Token);
            }
            else if (await stream.ReadAsync(new byte[1], _stop.Token) == 0)
            {
                Hung.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Hung.TrySetResult(); // the client went away, which some tests are about
        }
    }

    private async Task<Seen> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var chunk = new byte[64 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(chunk, _stop.Token);
            bytes.AddRange(chunk.AsSpan(0, read));
            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0 && read > 0)
            {
                continue;
            }

            var lines = text[..end].Split("\r\n");
            var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(l[1])), StringComparer.OrdinalIgnoreCase);
            var length = headers.TryGetValue("Content-Length", out var l) ? int.Parse(l, CultureInfo.InvariantCulture) : 0;
            if (text.Length - end - 4 >= length)
            {
                return new Seen(lines[0], headers, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text[(end + 4)..])));
            }
        }
    }
}
