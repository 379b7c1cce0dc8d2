using Microsoft.Extensions.Logging;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Hosting;
using Porpoise.Storage;

namespace Porpoise.Engine.Dispatch;

/// <summary>
/// The backlog and the slots of the worker groups: brings each free slot to whoever <see cref="Backlog"/> says is next, and hears what came of it.
/// Everything here can be rebuilt from the rows of queued and running tasks.
/// <code>
/// Enqueue → backlog → (slot free) claim → driver commits the attempt → Start … Free
///                                       ↘ answered without a Start, or the commit failed: slot given back; whoever enqueued meanwhile waits again
/// </code>
/// From the claim to its answer nobody but the claim has its slot: whatever else is heard of the task by then may be older than the claim, or newer than its answer.
/// </summary>
public sealed partial class WorkerGroupQueue
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Backlog _backlog;

    /// <summary>Slots that were given, and of which the run's driver has not said yet what it does with them.</summary>
    private readonly Dictionary<TaskId, Claim> _claims = [];
    private readonly TimeProvider _clock;
    private readonly ILogger<WorkerGroupQueue> _log;
    private IRunHost? _host;

    /// <param name="name">Of the first worker group.</param>
    /// <param name="slots">How many attempts of it may run at once.</param>
    /// <param name="tasksMaxOf">How many tasks of a queue may have slots at once; 0: no limit. Asked when a queue comes into use, and after <see cref="Refresh"/>.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Says which claims failed.</param>
    public WorkerGroupQueue(string name, int slots, Func<QueueKey, int> tasksMaxOf, TimeProvider clock, ILogger<WorkerGroupQueue> log)
    {
        _backlog = new Backlog(tasksMaxOf);
        _backlog.SetSlots(name, slots);
        _clock = clock;
        _log = log;
    }

    /// <summary>Asked before each slot is handed out. While it says no, as the store takes no writes and each claim would fail, everybody keeps their place; once it says yes again, <see cref="GoOn"/>.</summary>
    public Func<bool> MayClaim { get; init; } = static () => true;

    /// <summary>Tasks that wait for a slot of any group.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _backlog.Waiting;
            }
        }
    }

    /// <summary>How many attempts of the group may run at once, from now on. A lower number ends nothing.</summary>
    public void SetSlots(string group, int slots)
    {
        lock (_gate)
        {
            _backlog.SetSlots(group, slots);
        }

        HandOut();
    }

    /// <summary>A group's slots, those of them that are taken, and the tasks that wait for one.</summary>
    public (int Slots, int Used, int Waiting) Count(string group)
    {
        lock (_gate)
        {
            return (_backlog.SlotsOf(group), _backlog.UsedOf(group), _backlog.WaitingFor(group));
        }
    }

    /// <summary>Starts to hand out slots. Before that the backlog only fills, so that start-up can first account for attempts that still run.</summary>
    public void Open(IRunHost host)
    {
        lock (_gate)
        {
            _host = host;
        }

        HandOut();
    }

    /// <summary>Slots may be handed out again (<see cref="MayClaim"/>).</summary>
    public void GoOn() => HandOut();

    /// <summary>Hands out no more slots.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _host = null;
        }
    }

    /// <summary>
    /// The run's driver says that the task waits for a slot: if it had one, for an attempt that ended under another owner, it has it no more. A task that
    /// waits already is not added again.
    /// </summary>
    public void Enqueue(SlotRequest request)
    {
        lock (_gate)
        {
            _backlog.Free(request.Task);
            if (_claims.TryGetValue(request.Task, out var claim))
            {
                // A run that is read because of this very claim says again that the task waits: it does only if the claim starts nothing.
                claim.Wanted = request;
            }
            else
            {
                _backlog.Add(request);
            }
        }

        HandOut();
    }

    /// <summary>The rows said a moment ago that the task waits for a slot. If it has got one since, its driver knows better.</summary>
    public void EnqueueUnlessRunning(SlotRequest request)
    {
        lock (_gate)
        {
            if (_backlog.HasSlot(request.Task))
            {
                return;
            }

            _backlog.Add(request);
        }

        HandOut();
    }

    /// <summary>The task does not want a slot any more.</summary>
    public void Withdraw(TaskId task)
    {
        lock (_gate)
        {
            _backlog.Remove(task);
            Unwant(task);
        }
    }

    /// <summary>The driver has accepted the claim: an attempt is started in its slot. Without a claim, as its answer was lost, it takes a slot all the same.</summary>
    public void Start(SlotRequest request)
    {
        lock (_gate)
        {
            _claims.Remove(request.Task);
            if (!_backlog.OccupyClaimed(request))
            {
                return;
            }
        }

        HandOut();
    }

    /// <summary>An attempt of the task runs that was started before, under this owner or another.</summary>
    public void Occupy(SlotRequest request)
    {
        lock (_gate)
        {
            _backlog.Occupy(request);
            Unwant(request.Task);
        }
    }

    /// <summary>No attempt of the task runs any more: the slot is free, if it had one.</summary>
    public void Free(TaskId task)
    {
        lock (_gate)
        {
            if (!_backlog.Free(task))
            {
                return;
            }
        }

        HandOut();
    }

    /// <summary>The limit of the queue has changed, for every slot that is given from now on.</summary>
    public void Refresh(QueueKey queue)
    {
        lock (_gate)
        {
            _backlog.Refresh(queue);
        }

        HandOut();
    }

    /// <summary>Why the task has no slot; null: it does not wait for one.</summary>
    public WaitReason? WhyWaiting(TaskId task)
    {
        lock (_gate)
        {
            return _backlog.WhyWaiting(task);
        }
    }

    private void Unwant(TaskId task)
    {
        if (_claims.TryGetValue(task, out var claim))
        {
            claim.Wanted = null;
        }
    }

    private void HandOut()
    {
        while (TakeNext() is var (host, claim))
        {
            _ = ClaimAsync(host, claim);
        }
    }

    private (IRunHost Host, Claim Claim)? TakeNext()
    {
        lock (_gate)
        {
            if (_host is null || !MayClaim() || _backlog.Take() is not { } request)
            {
                return null;
            }

            var claim = new Claim(request);
            _claims.Add(request.Task, claim);
            return (_host, claim);
        }
    }

    private async Task ClaimAsync(IRunHost host, Claim claim)
    {
        var request = claim.Request;
        var (isAtOnce, isUnheard) = (false, false);
        try
        {
            var answer = host.DeliverAsync(request.Run, new RunEvent.Claimed(request.Index, _clock.GetUtcNow()));
            isAtOnce = answer.IsCompleted;
            await answer;
        }
        catch (Exception e)
        {
            LogClaimFailed(_log, request.Group, request.Task.Value, e.Message);
            isUnheard = e is StoreUnavailableException;
        }

        End(claim);
        if (!isAtOnce)
        {
            HandOut(); // otherwise the one that made this claim goes on: a hundred thousand that fail at once must not stand on one stack
        }

        if (isUnheard)
        {
            // Mostly the driver is poisoned, and its revival says what became of the task; but perhaps the claim never reached a driver.
            await Task.Delay(AgainAfter, _clock, CancellationToken.None);
            EnqueueUnlessRunning(request);
        }
    }

    /// <summary>The claim is answered. If it has started nothing, its slot is free.</summary>
    private void End(Claim claim)
    {
        var task = claim.Request.Task;
        lock (_gate)
        {
            if (_claims.GetValueOrDefault(task) != claim)
            {
                return; // it was accepted
            }

            _claims.Remove(task);
            _backlog.FreeClaimed(task);
            if (claim.Wanted is { } request)
            {
                _backlog.Add(request);
            }
        }
    }

    private sealed class Claim(SlotRequest request)
    {
        public SlotRequest Request => request;

        /// <summary>What is enqueued if the claim starts nothing.</summary>
        public SlotRequest? Wanted { get; set; }
    }

    [LoggerMessage(LogLevel.Debug, "Worker group {Group}: the claim for task {TaskId} failed: {Reason}")]
    private static partial void LogClaimFailed(ILogger log, string group, int taskId, string reason);
}
