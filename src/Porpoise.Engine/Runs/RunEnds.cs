using System.Collections.Concurrent;
using Porpoise.Core.Runs;

namespace Porpoise.Engine.Runs;

/// <summary>Lets callers wait for the end of a run without polling. Register first, then read the row: an end in between is not missed.</summary>
public sealed class RunEnds
{
    private readonly ConcurrentDictionary<RunId, Waiters> _waiters = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the server stops: whoever waits should answer with what is known.</summary>
    public Task Closed => _closed.Task;

    public void Close() => _closed.TrySetResult();

    /// <summary>A wait for the end of the run; dispose it when it is over either way.</summary>
    public Wait Register(RunId run)
    {
        while (true)
        {
            var waiters = _waiters.GetOrAdd(run, static _ => new Waiters());
            lock (waiters)
            {
                if (!waiters.IsRemoved)
                {
                    waiters.Count++;
                    return new Wait(this, run, waiters);
                }
            }
        }
    }

    public void Announce(RunId run)
    {
        if (_waiters.TryGetValue(run, out var waiters))
        {
            waiters.Ended.TrySetResult();
        }
    }

    private void Leave(RunId run, Waiters waiters)
    {
        lock (waiters)
        {
            if (--waiters.Count == 0)
            {
                waiters.IsRemoved = true;
                _waiters.TryRemove(run, out _);
            }
        }
    }

    /// <summary>One caller's wait.</summary>
    public sealed class Wait : IDisposable
    {
        private readonly RunEnds _ends;
        private readonly RunId _run;
        private readonly Waiters _waiters;

        internal Wait(RunEnds ends, RunId run, Waiters waiters)
        {
            _ends = ends;
            _run = run;
            _waiters = waiters;
        }

        /// <summary>Completes when the run has ended.</summary>
        public Task Ended => _waiters.Ended.Task;

        public void Dispose() => _ends.Leave(_run, _waiters);
    }

    internal sealed class Waiters
    {
        public int Count { get; set; }

        public bool IsRemoved { get; set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
