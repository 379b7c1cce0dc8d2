using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>One thread that sleeps until one of the watched descriptors has something to tell: epoll, no polling, no signals.</summary>
internal sealed unsafe class DescriptorWatcher : IDisposable
{
    private const int EventMax = 64;
    private const long StopToken = 0;
    private readonly string _name;
    private readonly Action<long> _onReady;
    private readonly int _epoll;
    private readonly int _wake = -1;
    private readonly Thread _thread;

    /// <param name="name">What is watched, for the thread's name and for errors.</param>
    /// <param name="onReady">Gets the token of a descriptor that is ready; on the watcher's thread, so it does not take long.</param>
    /// <exception cref="IOException">The kernel gives no more descriptors.</exception>
    public DescriptorWatcher(string name, Action<long> onReady)
    {
        _name = name;
        _onReady = onReady;
        _epoll = Checked(Libc.EpollCreate(Libc.CloseOnExec));
        try
        {
            _wake = Checked(Libc.EventFd(0, Libc.CloseOnExec));
            Watch(_wake, StopToken);
        }
        catch (IOException)
        {
            _ = Libc.Close(_wake);
            _ = Libc.Close(_epoll);
            throw;
        }

        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <param name="descriptor">Must stay open for as long as it is watched; closing it ends that.</param>
    /// <param name="token">Names it; not 0.</param>
    /// <param name="isOnce">It is told of once, and not again.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public void Watch(int descriptor, long token, bool isOnce = false)
    {
        var errno = Libc.EpollAdd(_epoll, descriptor, isOnce ? Libc.EpollIn | Libc.EpollOneShot : Libc.EpollIn, token);
        if (errno != 0)
        {
            throw new IOException($"The watcher of {_name} cannot watch one more: {Libc.Describe(errno)}.", errno);
        }
    }

    /// <summary>Nobody is told of anything any more when this returns. Called once, and not from what is told.</summary>
    public void Dispose()
    {
        var one = 1L;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(long));
        _thread.Join();
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
    }

    private void Run()
    {
        Span<byte> events = stackalloc byte[EventMax * Libc.EpollEventSize];
        fixed (byte* start = events)
        {
            while (true)
            {
                var count = Libc.EpollWait(_epoll, start, EventMax, -1);
                for (var i = 0; i < count; i++)
                {
                    var token = Libc.EpollData(events, i);
                    if (token == StopToken)
                    {
                        return;
                    }

                    _onReady(token);
                }
            }
        }
    }

    private int Checked(int result) =>
        result >= 0 ? result : throw new IOException($"The watcher of {_name} cannot start: {Marshal.GetLastPInvokeErrorMessage()}.");
}
