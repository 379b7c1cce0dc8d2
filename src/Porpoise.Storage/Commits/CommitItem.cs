namespace Porpoise.Storage.Commits;

/// <summary>One write inside a group commit. The executor applies it and notes its outcome; whoever waits hears of it only after the commit.</summary>
public abstract class CommitItem
{
    /// <summary>Set by the executor when the write did not become durable.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Tells the waiting caller; called once, after the transaction ended either way.</summary>
    public abstract void Complete();
}

/// <summary>A write that answers <typeparamref name="T"/>.</summary>
/// <param name="goesOn">
/// True: whoever waits goes on right on the committing thread. That saves two changes of thread at each step of a run, half of what a step
/// costs; only for waiters whose next steps are short and do not block.
/// </param>
public class CommitItem<T>(bool goesOn = false) : CommitItem
{
    private readonly TaskCompletionSource<T> _done = new(goesOn ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _done.Task;

    /// <summary>What the caller hears if the commit succeeds.</summary>
    public T? Result { get; set; }

    public override void Complete()
    {
        if (Failure is { } failure)
        {
            _done.SetException(failure);
        }
        else
        {
            _done.SetResult(Result!);
        }
    }
}

/// <summary>Applies a batch of writes in one transaction. Never throws: what goes wrong is noted in the items.</summary>
public interface ICommitExecutor
{
    void Execute(IReadOnlyList<CommitItem> batch);
}

/// <summary>Where the commits run: a thread in production, the simulator's own queue in simulation.</summary>
public interface ICommitLoop
{
    /// <summary>Called once. <paramref name="drain"/> commits everything that waits; it is never called twice at the same time.</summary>
    void Start(Action drain);

    /// <summary>Something waits.</summary>
    void Signal();

    /// <summary>Drains a last time and ends.</summary>
    Task StopAsync();
}
