using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Client;

namespace Porpoise.EndToEnd.Tests.Callers;

/// <summary>Requests as bytes on a socket, for what no HTTP client would send: the same signed bytes twice, lines without end.</summary>
public static class RawCall
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<Reply> SendAsync(Uri server, byte[] request)
    {
        var (status, headers, body) = await SendForAnythingAsync(server, request);
        return new Reply(status, headers, body);
    }

    /// <summary>As <see cref="SendAsync"/>, when the body may be anything.</summary>
    public static async Task<(int Status, IReadOnlyDictionary<string, string> Headers, string Body)> SendForAnythingAsync(Uri server, byte[] request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, patience.Token);
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.WriteAsync(request, patience.Token);
        }
        catch (IOException)
        {
            // Refused before it was read to its end; the answer may be there all the same.
        }

        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException) when (answer.Length > 0)
        {
            // Cut off after the answer.
        }

        return Parse(answer.ToArray());
    }

    /// <summary>A request that ends its connection.</summary>
    public static byte[] Write(string method, string target, IEnumerable<(string Name, string Value)> headers, string body = "")
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in headers.Append(("Connection", "close")).Append(("Content-Length", Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture))))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").Append(body).ToString());
    }

    /// <summary>A signed request without a body, as bytes that can be sent again and again.</summary>
    public static byte[] Sign(string method, Uri server, string path, AcsCredentials credentials, params (string Name, object? Value)[] query)
    {
        var signature = AcsSigner.Sign(
            new AcsRequest
            {
                Method = method,
                Host = server.Authority,
                Path = path,
                Query = [.. query.Select(p => KeyValuePair.Create(p.Name, Convert.ToString(p.Value, CultureInfo.InvariantCulture)!))],
            },
            credentials, TimeProvider.System.GetUtcNow(), RandomNumberGenerator.GetHexString(64, lowercase: true));
        return Write(method, path + "?" + signature.EncodedQuery, signature.Headers.Select(h => (h.Key, h.Value)));
    }

    private static (int Status, IReadOnlyDictionary<string, string> Headers, string Body) Parse(byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            throw new InvalidDataException($"No HTTP answer came: '{Encoding.UTF8.GetString(answer)}'.");
        }

        var lines = Encoding.ASCII.GetString(answer, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
        var body = answer.AsSpan(end + 4);
        return (
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            headers,
            Encoding.UTF8.GetString(headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Dechunk(body) : body));
    }

    private static byte[] Dechunk(ReadOnlySpan<byte> body)
    {
        var whole = new MemoryStream();
        while (body.IndexOf("\r\n"u8) is var end and > 0)
        {
            var size = int.Parse(Encoding.ASCII.GetString(body[..end]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            whole.Write(body.Slice(end + 2, size));
            body = body[(end + 2 + size + 2)..];
        }

        return whole.ToArray();
    }
}
