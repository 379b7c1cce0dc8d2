namespace Porpoise.Worker.Processes;

/// <summary>Tells when a watched process ends, by its descriptor. Children and adopted processes are the same to it.</summary>
internal sealed class ExitWatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<bool>> _waiting = [];
    private readonly DescriptorWatcher _watcher;
    private long _lastToken;
    private bool _stopped;

    public ExitWatcher() => _watcher = new DescriptorWatcher("attempt exits", Tell);

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
            _watcher.Watch((int)process.DangerousGetHandle(), token, isOnce: true); // told of only after this lock is left
            _waiting.Add(token, waiting);
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

        _watcher.Dispose();
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetResult(false);
        }
    }

    private void Tell(long token)
    {
        TaskCompletionSource<bool>? ended;
        lock (_gate)
        {
            _waiting.Remove(token, out ended);
        }

        ended?.TrySetResult(true);
    }
}
