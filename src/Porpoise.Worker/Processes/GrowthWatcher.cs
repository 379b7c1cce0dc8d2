using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Porpoise.Worker.Processes;

/// <summary>
/// Tells when one of the watched files is written to: a single inotify instance for all of them, of which a user may have but few.
/// </summary>
internal sealed unsafe class GrowthWatcher : IDisposable
{
    private const long InotifyToken = 1;
    private const int EventSize = 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<Growth>> _watched = [];
    private readonly int _inotify;
    private readonly DescriptorWatcher _watcher;
    private bool _stopped;

    /// <exception cref="IOException">The kernel gives no more instances.</exception>
    public GrowthWatcher()
    {
        _inotify = Libc.InotifyInit(Libc.CloseOnExec);
        if (_inotify < 0)
        {
            throw new IOException($"The watcher of logs cannot start: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        try
        {
            _watcher = new DescriptorWatcher("growing logs", _ => Take());
            _watcher.Watch(_inotify, InotifyToken);
        }
        catch (IOException)
        {
            _watcher?.Dispose();
            _ = Libc.Close(_inotify);
            throw;
        }
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

        _watcher.Dispose();
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

    private void Take()
    {
        Span<byte> changes = stackalloc byte[256 * EventSize];
        fixed (byte* start = changes)
        {
            var length = (int)Libc.Read(_inotify, start, changes.Length);
            Tell(changes[..Math.Max(0, length)]);
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
