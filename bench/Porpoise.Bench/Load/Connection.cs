using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Porpoise.Bench.Load;

/// <summary>
/// A kept-alive HTTP/1.1 connection that understands as much of an answer as this server sends: status, Content-Length, chunks. Load and
/// server share the machine, so whatever the load generator does not do is left for the server.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    public Connection(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
    }

    public nint Descriptor => _socket.Handle;

    /// <summary>Sends a request and waits for its answer.</summary>
    public Answer Exchange(ReadOnlySpan<byte> request)
    {
        Send(request);
        while (true)
        {
            if (TryReceive(out var answer))
            {
                return answer;
            }
        }
    }

    public void Send(ReadOnlySpan<byte> request)
    {
        _length = 0;
        while (!request.IsEmpty)
        {
            request = request[_socket.Send(request)..];
        }
    }

    /// <summary>Reads once; true when the answer is whole.</summary>
    public bool TryReceive(out Answer answer)
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _socket.Receive(_buffer.AsSpan(_length));
        if (read == 0)
        {
            throw new IOException("The server closed the connection.");
        }

        _length += read;
        return TryParse(_buffer.AsSpan(0, _length), out answer);
    }

    public void Dispose() => _socket.Dispose();

    private static bool TryParse(Span<byte> received, out Answer answer)
    {
        answer = default;
        var headEnd = received.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return false;
        }

        var head = received[..(headEnd + 2)];
        _ = Utf8Parser.TryParse(head[9..12], out int status, out _);
        var body = received[(headEnd + 4)..];
        var at = head.IndexOf("\r\nContent-Length: "u8);
        if (at >= 0)
        {
            _ = Utf8Parser.TryParse(head[(at + 18)..], out int length, out _);
            answer = new Answer(status, body[..Math.Min(length, body.Length)]);
            return body.Length >= length;
        }

        return TryJoinChunks(status, body, out answer);
    }

    /// <summary>Looks at sizes first, so that chunks are joined in place only once all are there.</summary>
    private static bool TryJoinChunks(int status, Span<byte> body, out Answer answer)
    {
        answer = default;
        for (var from = 0; ;)
        {
            if (!TryReadChunkHead(body, from, out var start, out var size) || start + size + 2 > body.Length)
            {
                return false;
            }

            if (size == 0)
            {
                break;
            }

            from = start + size + 2;
        }

        var length = 0;
        for (var from = 0; TryReadChunkHead(body, from, out var start, out var size) && size > 0; from = start + size + 2)
        {
            body.Slice(start, size).CopyTo(body[length..]);
            length += size;
        }

        answer = new Answer(status, body[..length]);
        return true;
    }

    private static bool TryReadChunkHead(ReadOnlySpan<byte> body, int from, out int start, out int size)
    {
        var end = from < body.Length ? body[from..].IndexOf("\r\n"u8) : -1;
        start = from + end + 2;
        size = 0;
        return end > 0 && Utf8Parser.TryParse(body.Slice(from, end), out size, out _, 'x');
    }
}
