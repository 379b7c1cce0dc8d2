using Microsoft.Extensions.Logging;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Hosting;

namespace Porpoise.Engine.Dispatch;

/// <summary>
/// The backlog and the slots of one worker group. A free slot goes to the highest priority; inside a priority the runs take turns, so
/// that a run of ten thousand tasks does not keep out the next one. Everything here can be rebuilt from the rows of queued and running tasks.
/// <code>
/// Enqueue → backlog → (slot free) claiming → driver commits the attempt → Occupy … Free
///                                          ↘ commit failed: slot given back, the revived driver enqueues again
/// </code>
/// </summary>
public sealed partial class WorkerGroupQueue(string name, int slots, TimeProvider clock, ILogger<WorkerGroupQueue> log)
{
    /// <summary>Withdrawn tasks that may stand in the rings, beside as many as wait.</summary>
    private const int WithdrawnMax = 10_000;

    private readonly Lock _gate = new();
    private readonly Level[] _levels = [.. Enum.GetValues<Priority>().Select(_ => new Level())];
    private readonly HashSet<TaskId> _queued = [];
    private readonly Dictionary<TaskId, SlotUse> _used = [];
    private readonly Dictionary<TaskId, (Waiter Waiter, Priority Priority)> _ifClaimFails = [];
    private int _withdrawn;
    private IRunHost? _host;

    private enum SlotUse
    {
        Claiming,
        Running,
    }

    public string Name => name;

    /// <summary>How many attempts may run at once.</summary>
    public int Slots => slots;

    /// <summary>Tasks that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queued.Count;
            }
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

    /// <summary>Hands out no more slots.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _host = null;
        }
    }

    /// <summary>The task waits for a slot. A task that waits already is not added again.</summary>
    public void Enqueue(RunId run, int index, TaskId task, Priority priority)
    {
        lock (_gate)
        {
            if (_used.TryGetValue(task, out var use) && use == SlotUse.Claiming)
            {
                // A run that is read because of this very claim says again that the task waits: it does only if the claim fails.
                _ifClaimFails[task] = (new Waiter(run, index, task), priority);
                return;
            }

            if (!_queued.Add(task))
            {
                return;
            }

            _levels[(int)priority].Add(new Waiter(run, index, task));
        }

        HandOut();
    }

    /// <summary>The task does not want a slot any more.</summary>
    public void Withdraw(TaskId task)
    {
        lock (_gate)
        {
            _queued.Remove(task);
            _ifClaimFails.Remove(task);

            // What is withdrawn stays in its ring until its turn comes. Runs that are started and stopped while no slot is free must not pile up there.
            if (++_withdrawn > WithdrawnMax + _queued.Count)
            {
                _withdrawn = 0;
                foreach (var level in _levels)
                {
                    level.Keep(waiter => _queued.Contains(waiter.Task));
                }
            }
        }
    }

    /// <summary>An attempt of the task runs, whether its slot was claimed here or before a restart.</summary>
    public void Occupy(TaskId task)
    {
        lock (_gate)
        {
            _ifClaimFails.Remove(task);
            _used[task] = SlotUse.Running;
        }
    }

    /// <summary>The task's slot is free, if it had one.</summary>
    public void Free(TaskId task)
    {
        lock (_gate)
        {
            _ifClaimFails.Remove(task);
            if (!_used.Remove(task))
            {
                return;
            }
        }

        HandOut();
    }

    private void HandOut()
    {
        while (TakeNext() is var (host, waiter))
        {
            _ = ClaimAsync(host, waiter);
        }
    }

    private (IRunHost Host, Waiter Waiter)? TakeNext()
    {
        lock (_gate)
        {
            if (_host is null || _used.Count >= slots)
            {
                return null;
            }

            foreach (var level in _levels)
            {
                while (level.Take() is { } waiter)
                {
                    if (_queued.Remove(waiter.Task))
                    {
                        _used.TryAdd(waiter.Task, SlotUse.Claiming);
                        return (_host, waiter);
                    }
                }
            }

            return null;
        }
    }

    private async Task ClaimAsync(IRunHost host, Waiter waiter)
    {
        try
        {
            await host.DeliverAsync(waiter.Run, new RunEvent.Claimed(waiter.Index, clock.GetUtcNow()));
        }
        catch (Exception e)
        {
            // The revived driver will say what became of the task: it enqueues it again or occupies a slot for it.
            LogClaimFailed(log, name, waiter.Task.Value, e.Message);
            GiveUpClaim(waiter.Task);
        }
    }

    private void GiveUpClaim(TaskId task)
    {
        lock (_gate)
        {
            if (_used.TryGetValue(task, out var use) && use == SlotUse.Claiming)
            {
                _used.Remove(task);
                if (_ifClaimFails.Remove(task, out var wanted) && _queued.Add(task))
                {
                    _levels[(int)wanted.Priority].Add(wanted.Waiter);
                }
            }
        }

        HandOut();
    }

    [LoggerMessage(LogLevel.Debug, "Worker group {Group}: the claim for task {TaskId} failed: {Reason}")]
    private static partial void LogClaimFailed(ILogger log, string group, int taskId, string reason);

    private readonly record struct Waiter(RunId Run, int Index, TaskId Task);

    /// <summary>The waiting tasks of one priority: a ring of runs, each with its tasks in the order in which they became ready.</summary>
    private sealed class Level
    {
        private readonly Queue<Queue<Waiter>> _ring = new();
        private readonly Dictionary<RunId, Queue<Waiter>> _byRun = [];

        public void Add(Waiter waiter)
        {
            if (!_byRun.TryGetValue(waiter.Run, out var tasks))
            {
                tasks = new Queue<Waiter>(1);
                _byRun.Add(waiter.Run, tasks);
                _ring.Enqueue(tasks);
            }

            tasks.Enqueue(waiter);
        }

        /// <summary>Drops everything else. Costs as much as there is, so it is done rarely.</summary>
        public void Keep(Func<Waiter, bool> isWanted)
        {
            var kept = _ring.SelectMany(tasks => tasks).Where(isWanted).ToList();
            _ring.Clear();
            _byRun.Clear();
            kept.ForEach(Add);
        }

        public Waiter? Take()
        {
            if (!_ring.TryDequeue(out var tasks))
            {
                return null;
            }

            var waiter = tasks.Dequeue();
            if (tasks.Count > 0)
            {
                _ring.Enqueue(tasks);
            }
            else
            {
                _byRun.Remove(waiter.Run);
            }

            return waiter;
        }
    }
}
