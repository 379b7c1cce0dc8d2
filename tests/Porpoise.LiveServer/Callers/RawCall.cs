using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Client;

namespace Porpoise.LiveServer.Callers;

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

        return Parse(await ReadAsync(stream, patience.Token));
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

    /// <summary>As long as the answer says that it is. The end of the connection can take seconds: a server may wait for a body that it has refused.</summary>
    private static async Task<byte[]> ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, ct) is var read and > 0)
            {
                answer.Write(buffer, 0, read);
                if (IsWhole(answer.GetBuffer().AsSpan(0, (int)answer.Length)))
                {
                    break;
                }
            }
        }
        catch (IOException) when (answer.Length > 0)
        {
            // Cut off after the answer.
        }

        return answer.ToArray();
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var length = Encoding.ASCII.GetString(answer[..end]).Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is not null && answer.Length - end - 4 >= int.Parse(length[15..], CultureInfo.InvariantCulture);
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
