using Microsoft.Extensions.Logging;

namespace Porpoise.Worker.Processes;

/// <summary>
/// Ends process trees: one loop, one look at /proc for all trees being ended, however many.
/// </summary>
/// <remarks>
/// <code>
/// first look ── TERM to all but the shim ──▶ grace ── freeze, KILL all ──▶ look again … two empty looks ──▶ gone
///                                              └──────── only the shim left: KILL it ────────▶
/// </code>
/// TERM is sent once: what a task starts in its own TERM handler is its clean-up, and gets the rest of the grace.
/// Before KILL everything found is stopped, and looked for again until nothing new turns up: a stopped process cannot fork, so
/// a task cannot run away between a look and its kill. Two empty looks, because one walk over /proc is no snapshot:
/// a child with a low number can be born behind the walk while its parent dies in front of it.
/// </remarks>
internal sealed partial class TreeEnder : IAsyncDisposable
{
    private const int FreezeRoundMax = 50;
    private const int LookedEmptyEnough = 2;
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan DelayMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly List<ProcessTree> _asked = [];
    private readonly List<ProcessTree> _trees = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeSpan _grace;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _loop;

    public TreeEnder(TimeSpan grace, TimeProvider clock, ILogger log)
    {
        _grace = grace;
        _clock = clock;
        _log = log;
    }

    /// <summary>Completes when no process of the tree is left; is cancelled when this is disposed before.</summary>
    public Task EndAsync(ProcessTree tree)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return Task.FromCanceled(new CancellationToken(canceled: true));
            }

            _asked.Add(tree);
            _more.TrySetResult();
            _loop ??= Task.Run(RunAsync);
        }

        return tree.Gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (_gate)
        {
            _stopping.Cancel();
            loop = _loop;
        }

        if (loop is not null)
        {
            await loop;
        }

        foreach (var tree in _asked.Concat(_trees))
        {
            tree.Gone.TrySetCanceled(_stopping.Token);
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var delay = DelayMin;
        while (!_stopping.IsCancellationRequested)
        {
            Task more;
            lock (_gate)
            {
                delay = _asked.Count > 0 ? DelayMin : Min(delay * 2, DelayMax);
                _trees.AddRange(_asked);
                _asked.Clear();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _more.Task;
            }

            try
            {
                Step();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogLookFailed(e); // Too many open files, say: the trees stay, and are looked for again.
                _trees.ForEach(static tree => tree.EmptyLooks = 0);
            }

            await PauseAsync(more, delay);
        }
    }

    private async Task PauseAsync(Task more, TimeSpan delay)
    {
        if (_trees.Count == 0)
        {
            await Task.WhenAny(more, Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token));
        }
        else if (!_trees.Exists(static tree => tree.EmptyLooks > 0))
        {
            using var paused = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAny(more, Task.Delay(delay, _clock, paused.Token));
            paused.Cancel();
        }
    }

    private void Step()
    {
        if (_trees.Count == 0)
        {
            return;
        }

        TreeScan.Look(_trees);
        var now = _clock.GetUtcNow();
        foreach (var tree in _trees)
        {
            tree.EmptyLooks = tree.Alive.Count == 0 ? tree.EmptyLooks + 1 : 0;
            if (tree.KillAt is null)
            {
                Terminate(tree);
                tree.KillAt = now + (tree.Grace ?? _grace);
                tree.StuckAt = tree.KillAt + StuckAfter;
            }
            else if (tree.Alive is [var last] && last.Identity == tree.Shim)
            {
                SignalAll(tree.Alive, Libc.SigKill);
            }
        }

        var overdue = _trees.FindAll(tree => tree.Alive.Count > 0 && now >= tree.KillAt);
        if (overdue.Count > 0)
        {
            FreezeAndKill(overdue, now);
        }

        foreach (var tree in _trees.FindAll(static tree => tree.EmptyLooks >= LookedEmptyEnough))
        {
            _trees.Remove(tree);
            tree.Gone.TrySetResult();
        }
    }

    /// <summary>
    /// One signal to the shim's group, which the kernel sends to all its members at once, newborn ones included; then to each other process
    /// by itself. The shim traps it.
    /// </summary>
    private static void Terminate(ProcessTree tree)
    {
        if (tree.Shim is not { } shim)
        {
            SignalAll(tree.Alive, Libc.SigTerm);
            return;
        }

        var isShimThere = ProcessStat.Read(shim.Pid)?.Identity == shim;
        if (tree.ShimFirst || tree.Alive is [var only] && only.Identity == shim)
        {
            SignalAll(tree.Alive.FindAll(process => process.Identity == shim), Libc.SigKill);
        }

        if (isShimThere)
        {
            _ = Libc.Kill(-shim.Pid, Libc.SigTerm);
            _ = Libc.Kill(-shim.Pid, Libc.SigCont);
        }

        SignalAll(tree.Alive.FindAll(process => process.Identity != shim && !(isShimThere && process.Group == shim.Pid)), Libc.SigTerm);
    }

    private void FreezeAndKill(List<ProcessTree> trees, DateTimeOffset now)
    {
        var frozen = new HashSet<ProcessIdentity>();
        for (var round = 0; round < FreezeRoundMax; round++)
        {
            var thawed = trees.SelectMany(static tree => tree.Alive).Where(process => frozen.Add(process.Identity)).ToList();
            if (thawed.Count == 0)
            {
                break;
            }

            SignalAll(thawed, Libc.SigStop);
            TreeScan.Look(trees);
        }

        foreach (var tree in trees)
        {
            var errno = SignalAll(tree.Alive, Libc.SigKill);
            if (now >= tree.StuckAt)
            {
                tree.StuckAt = now + StuckAfter;
                LogStuck(tree.Tag, string.Join(' ', tree.Alive.Select(static process => process.Identity.Pid)), errno == 0 ? "they do not die" : Libc.Describe(errno));
            }
        }
    }

    /// <summary>The last error, 0 if none. A process that is gone already is none.</summary>
    private static int SignalAll(List<ProcessStat> processes, int signal)
    {
        var last = 0;
        foreach (var process in processes)
        {
            using var handle = Libc.OpenPidFd(process.Identity.Pid, out var errno);

            // The handle first, then the start time: if that is still the same, the handle cannot be another process's.
            if (handle is not null && ProcessStat.Read(process.Identity.Pid)?.Identity == process.Identity)
            {
                errno = Libc.Signal(handle, signal);
                if (signal == Libc.SigTerm)
                {
                    _ = Libc.Signal(handle, Libc.SigCont); // A stopped process would not notice.
                }
            }

            last = errno is 0 or Libc.Esrch ? last : errno;
        }

        return last;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
