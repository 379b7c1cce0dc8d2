using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// One thread that sleeps until one of the watched files is written to: a single inotify instance for all of them, of which a user may have but few.
/// </summary>
internal sealed unsafe class GrowthWatcher : IDisposable
{
    private const long StopToken = 0, InotifyToken = 1;
    private const int EventSize = 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<Growth>> _watched = [];
    private readonly int _inotify;
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private bool _stopped;

    /// <exception cref="IOException">The kernel gives no more instances.</exception>
    public GrowthWatcher()
    {
        _inotify = Checked(Libc.InotifyInit(Libc.CloseOnExec));
        _epoll = Checked(Libc.EpollCreate(Libc.CloseOnExec));
        _wake = Checked(Libc.EventFd(0, Libc.CloseOnExec));
        _ = Checked(-Libc.EpollAdd(_epoll, _wake, Libc.EpollIn, StopToken));
        _ = Checked(-Libc.EpollAdd(_epoll, _inotify, Libc.EpollIn, InotifyToken));
        _thread = new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "growing logs" };
        _thread.Start();
    }

    /// <summary>Null: there is no such file, or the kernel gives no more watches.</summary>
    public Growth? TryWatch(string path)
    {
        lock (_gate)
        {
            if (_stopped || Libc.InotifyAddWatch(_inotify, path, Libc.InotifyModify) is var watch && watch < 0)
            {
                return null;
            }

            // The kernel gives the same number for the same file.
            ref var growths = ref CollectionsMarshal.GetValueRefOrAddDefault(_watched, watch, out _);
            var growth = new Growth(this, watch);
            (growths ??= []).Add(growth);
            return growth;
        }
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
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
        _ = Libc.Close(_inotify);
    }

    private void Leave(Growth growth)
    {
        lock (_gate)
        {
            var others = _watched[growth.Number];
            others.Remove(growth);
            if (others.Count == 0)
            {
                _watched.Remove(growth.Number);
                if (!_stopped)
                {
                    _ = Libc.InotifyRemoveWatch(_inotify, growth.Number); // fails when the file is gone, and the watch with it
                }
            }
        }
    }

    private void Watch()
    {
        Span<byte> events = stackalloc byte[2 * EventSize];
        Span<byte> changes = stackalloc byte[256 * EventSize];
        fixed (byte* eventStart = events, changeStart = changes)
        {
            while (true)
            {
                var count = Libc.EpollWait(_epoll, eventStart, 2, -1);
                for (var i = 0; i < count; i++)
                {
                    if (Libc.EpollData(events, i) == StopToken)
                    {
                        return;
                    }

                    var length = (int)Libc.Read(_inotify, changeStart, changes.Length);
                    Tell(changes[..Math.Max(0, length)]);
                }
            }
        }
    }

    /// <summary>Watched files have no names in their events, so each event has the same length.</summary>
    private void Tell(ReadOnlySpan<byte> changes)
    {
        lock (_gate)
        {
            for (; changes.Length >= EventSize; changes = changes[EventSize..])
            {
                if (_watched.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(changes), out var growths))
                {
                    growths.ForEach(growth => growth.Tell());
                }
            }
        }
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new IOException($"The watcher of logs cannot start: {Marshal.GetLastPInvokeErrorMessage()}.");

    /// <summary>One reader's view of a file that is watched.</summary>
    internal sealed class Growth(GrowthWatcher watcher, int number) : IDisposable
    {
        private readonly SemaphoreSlim _grown = new(0, 1);

        public int Number => number;

        /// <summary>Completes when the file was written to since the last time, or when the patience is over.</summary>
        public Task WaitAsync(TimeSpan patience, CancellationToken ct) => _grown.WaitAsync(patience, ct);

        public void Dispose()
        {
            watcher.Leave(this); // first: nobody tells it anything any more
            _grown.Dispose();
        }

        /// <summary>Called under the watcher's lock, so nobody else releases meanwhile.</summary>
        internal void Tell()
        {
            if (_grown.CurrentCount == 0)
            {
                _grown.Release();
            }
        }
    }
}
