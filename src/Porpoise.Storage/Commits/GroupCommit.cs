namespace Porpoise.Storage.Commits;

/// <summary>
/// One fsync for every write that waits meanwhile. There is no timer: as soon as the writer is free it takes all that has come in, at most
/// <see cref="BatchMax"/> writes, and makes them one transaction. One write's refusal does not fail its neighbours: that is the executor's duty.
/// All of it is single-threaded logic; an <see cref="ICommitLoop"/> says on which thread it runs.
/// </summary>
public sealed class GroupCommit : IAsyncDisposable
{
    public const int BatchMax = 1024;

    /// <summary>More writes than this may not wait: the next one is refused.</summary>
    public const int WaitingMax = 200_000;

    private readonly Lock _gate = new();
    private readonly ICommitExecutor _executor;
    private readonly ICommitLoop _loop;
    private readonly List<CommitItem> _batch = [];
    private List<CommitItem> _waiting = [];
    private List<CommitItem> _spare = [];
    private bool _closed;

    public GroupCommit(ICommitExecutor executor, ICommitLoop loop)
    {
        _executor = executor;
        _loop = loop;
        loop.Start(Drain);
    }

    /// <summary>Hands in a write. Its task completes when the transaction that it is part of is durable.</summary>
    public Task<T> SubmitAsync<T>(CommitItem<T> item)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return Task.FromException<T>(new StoreUnavailableException("The store is closing."));
            }

            if (_waiting.Count >= WaitingMax)
            {
                return Task.FromException<T>(new StoreUnavailableException("Too many writes are waiting; try again later."));
            }

            _waiting.Add(item);
        }

        _loop.Signal();
        return item.Task;
    }

    /// <summary>Commits what has been handed in, then refuses everything.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
        }

        await _loop.StopAsync();
    }

    /// <summary>An executor does not throw; if one does all the same, its callers must hear of it, and the loop must live on.</summary>
    private void Execute(List<CommitItem> batch)
    {
        try
        {
            _executor.Execute(batch);
        }
        catch (Exception e)
        {
            foreach (var item in batch)
            {
                item.Failure ??= new StoreUnavailableException("The store failed: " + e.Message, e);
            }
        }
    }

    private void Drain()
    {
        List<CommitItem> taken;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            (taken, _waiting, _spare) = (_waiting, _spare, null!);
        }

        for (var from = 0; from < taken.Count; from += BatchMax)
        {
            _batch.Clear();
            _batch.AddRange(taken.GetRange(from, Math.Min(BatchMax, taken.Count - from)));
            Execute(_batch);
            foreach (var item in _batch)
            {
                item.Complete();
            }
        }

        taken.Clear();
        lock (_gate)
        {
            _spare = taken;
        }
    }
}
