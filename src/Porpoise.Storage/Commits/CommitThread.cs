namespace Porpoise.Storage.Commits;

/// <summary>The production commit loop: a thread of its own, because it spends its life waiting for the disk.</summary>
public sealed class CommitThread : ICommitLoop
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();
    private bool _signalled;
    private bool _stopping;

    public void Start(Action drain)
    {
        var thread = new Thread(() => Loop(drain)) { Name = "commit", IsBackground = true };
        thread.Start();
    }

    public void Signal()
    {
        lock (_gate)
        {
            if (!_signalled)
            {
                _signalled = true;
                Monitor.Pulse(_gate);
            }
        }
    }

    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    private void Loop(Action drain)
    {
        while (true)
        {
            bool last;
            lock (_gate)
            {
                while (!_signalled && !_stopping)
                {
                    Monitor.Wait(_gate);
                }

                _signalled = false;
                last = _stopping;
            }

            drain();
            if (last)
            {
                break;
            }
        }

        _ended.SetResult();
    }
}
