using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// One thread that sleeps until a watched process ends: epoll over process descriptors, no polling, no signals.
/// Children and adopted processes are the same to it.
/// </summary>
internal sealed unsafe class ExitWatcher : IDisposable
{
    private const int EventMax = 64;
    private const long StopToken = 0;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<bool>> _waiting = [];
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private long _lastToken = StopToken;
    private bool _stopped;

    public ExitWatcher()
    {
        _epoll = Checked(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Checked(Libc.EventFd(0, Libc.CloseOnExec));
        _ = Checked(-Libc.EpollAdd(_epoll, _wake, Libc.EpollIn, StopToken));
        _thread = new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "attempt exits" };
        _thread.Start();
    }

    /// <summary>True once the process has ended; false if the watcher was disposed before. The descriptor must stay open until then.</summary>
    public Task<bool> WaitAsync(PidFd process)
    {
        var waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stopped)
            {
                return Task.FromResult(false);
            }

            var token = ++_lastToken;
            _waiting.Add(token, waiting);
            if (Libc.EpollAdd(_epoll, (int)process.DangerousGetHandle(), Libc.EpollIn | Libc.EpollOneShot, token) is var errno and not 0)
            {
                _waiting.Remove(token);
                throw new IOException($"A process cannot be watched: {Libc.Describe(errno)}.", errno);
            }
        }

        return waiting.Task;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
        }

        var one = 1L;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(long));
        _thread.Join();
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetResult(false);
        }

        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
    }

    private void Watch()
    {
        Span<byte> events = stackalloc byte[EventMax * 16];
        while (true)
        {
            int count;
            fixed (byte* start = events)
            {
                count = Libc.EpollWait(_epoll, start, EventMax, -1);
            }

            for (var i = 0; i < count; i++)
            {
                var token = Libc.EpollData(events, i);
                if (token == StopToken)
                {
                    return;
                }

                TaskCompletionSource<bool>? ended;
                lock (_gate)
                {
                    _waiting.Remove(token, out ended);
                }

                ended?.TrySetResult(true);
            }
        }
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new IOException($"The watcher of processes cannot start: {Marshal.GetLastPInvokeErrorMessage()}.");
}
