using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Worker.Attempts;

/// <summary>Why an attempt is ended from outside.</summary>
internal enum EndKind
{
    /// <summary>On request, to be reported as killed.</summary>
    Kill,

    /// <summary>Because the service stops with its tasks: no report, and the next start finds the attempt lost.</summary>
    Abandon,
}

/// <summary>How an attempt ended, and when.</summary>
internal sealed record Ending(AttemptOutcome Outcome, DateTimeOffset At);

/// <summary>An attempt that this worker has in hand, from the call that named it until its report is acknowledged.</summary>
internal sealed class Attempt(AttemptOrder order, AttemptFolder folder, string installId)
{
    private readonly TaskCompletionSource<EndKind> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _dropped;

    public AttemptOrder Order { get; } = order;

    public AttemptKey Key => Order.Key;

    public AttemptFolder Folder { get; } = folder;

    /// <summary>In the environment of every process of the attempt.</summary>
    public string Tag { get; } = $"{installId}/{order.Key}";

    /// <summary>Whether it began in an earlier life of the service.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>How many of its processes were found and ended, the shim not counted.</summary>
    public int EndedProcesses { get; set; }

    /// <summary>How many processes its script left running, which were ended after it.</summary>
    public int LeftProcesses { get; set; }

    /// <summary>Completes when the attempt is to be ended.</summary>
    public Task<EndKind> Asked => _asked.Task;

    /// <summary>Completes when nothing of the attempt runs any more, or it is in nobody's hand; a report may still be due.</summary>
    public Task Over => _over.Task;

    /// <summary>Why it is to be ended, for people; empty: nobody knows, or it is not.</summary>
    public string EndReason { get; private set; } = "";

    /// <summary>False if the attempt was dropped meanwhile: ask a new one.</summary>
    public bool TryAsk(EndKind kind, string reason = "")
    {
        lock (_gate)
        {
            if (!_dropped && !_asked.Task.IsCompleted)
            {
                EndReason = reason; // first: whoever hears of the end reads it
                _asked.TrySetResult(kind);
            }

            return !_dropped;
        }
    }

    /// <summary>False if somebody asked to end it meanwhile, which must not be forgotten.</summary>
    public bool TryDrop()
    {
        lock (_gate)
        {
            return _dropped = !_asked.Task.IsCompleted;
        }
    }

    public void MarkOver() => _over.TrySetResult();
}
