namespace Porpoise.Bench.Load;

/// <summary>What a client of the crowd does with an answer: the next request, or nothing when it is through.</summary>
internal delegate ReadOnlySpan<byte> NextRequest(int client, Answer answer);

/// <summary>Many clients on one thread, each with a connection and at most one request on its way: a closed loop.</summary>
internal sealed unsafe class Crowd : IDisposable
{
    private const int EventMax = 64;

    private readonly Connection[] _connections;
    private readonly int _epoll = Libc.Checked(Libc.EpollCreate(Libc.CloseOnExec));

    public Crowd(int port, int size)
    {
        _connections = [.. Enumerable.Range(0, size).Select(_ => new Connection(port))];
        for (var i = 0; i < size; i++)
        {
            Libc.EpollAdd(_epoll, _connections[i].Descriptor, i);
        }
    }

    /// <summary>Asks every client for its first request (status 0), and then for the next after each answer, until none has one.</summary>
    public void Run(NextRequest next)
    {
        var busy = 0;
        for (var i = 0; i < _connections.Length; i++)
        {
            busy += TrySend(i, next(i, default)) ? 1 : 0;
        }

        Span<byte> events = stackalloc byte[EventMax * 16];
        while (busy > 0)
        {
            int count;
            fixed (byte* start = events)
            {
                count = Libc.EpollWait(_epoll, start, EventMax, -1);
            }

            for (var i = 0; i < count; i++)
            {
                var client = Libc.EpollToken(events, i);
                if (_connections[client].TryReceive(out var answer) && !TrySend(client, next(client, answer)))
                {
                    busy--;
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _ = Libc.Close(_epoll);
    }

    private bool TrySend(int client, ReadOnlySpan<byte> request)
    {
        if (!request.IsEmpty)
        {
            _connections[client].Send(request);
        }

        return !request.IsEmpty;
    }
}
