using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Engine.Tests.Dispatch;

/// <summary>What <see cref="WorkerGroupQueue"/> promises, told the slow way: one list of who waits, looked through from the beginning for each slot.</summary>
internal sealed class NaiveQueue(Func<QueueKey, int> tasksMaxOf)
{
    private readonly List<(string Group, int Slots)> _groups = [];
    private readonly List<SlotRequest> _waiting = [];
    private readonly Dictionary<TaskId, SlotRequest> _used = [];
    private readonly Dictionary<TaskId, SlotRequest?> _claims = [];
    private readonly Dictionary<RunId, int> _turns = [];
    private int _turn;

    public IReadOnlyList<SlotRequest> Waiting => _waiting;

    public IReadOnlyCollection<SlotRequest> Used => _used.Values;

    /// <summary>Claims in the order in which they were made.</summary>
    public List<SlotRequest> Claims { get; } = [];

    /// <summary>Called before each claim.</summary>
    public Action<SlotRequest> OnClaim { get; set; } = _ => { };

    public void SetSlots(string group, int slots)
    {
        var at = _groups.FindIndex(g => g.Group == group);
        if (at < 0)
        {
            _groups.Add((group, slots));
        }
        else
        {
            _groups[at] = (group, slots);
        }

        HandOut();
    }

    public void Enqueue(SlotRequest request)
    {
        if (_claims.ContainsKey(request.Task))
        {
            _claims[request.Task] = request;
        }
        else
        {
            _used.Remove(request.Task);
            Add(request);
        }

        HandOut();
    }

    public void EnqueueUnlessRunning(SlotRequest request)
    {
        if (!_used.ContainsKey(request.Task))
        {
            Add(request);
        }

        HandOut();
    }

    public void Withdraw(TaskId task)
    {
        _waiting.RemoveAll(r => r.Task == task);
        if (_claims.ContainsKey(task))
        {
            _claims[task] = null;
        }
    }

    public void Occupy(SlotRequest request)
    {
        _claims.Remove(request.Task);
        _waiting.RemoveAll(r => r.Task == request.Task);
        _used.TryAdd(request.Task, request);
    }

    public void Free(TaskId task)
    {
        _claims.Remove(task);
        if (_used.Remove(task))
        {
            HandOut();
        }
    }

    public void FailClaim(TaskId task)
    {
        if (_claims.Remove(task, out var wanted))
        {
            _used.Remove(task);
            if (wanted is { } request)
            {
                Add(request);
            }
        }

        HandOut();
    }

    public void HandOut()
    {
        while (_groups.Find(g => _used.Values.Count(u => u.Group == g.Group) < g.Slots && _waiting.Exists(r => r.Group == g.Group && IsEligible(r))) is { Group: { } group })
        {
            var next = _waiting.Where(r => r.Group == group && IsEligible(r)).OrderBy(r => r.Priority).ThenBy(r => _turns[r.Run]).ThenBy(r => r.TaskPriority).First();
            OnClaim(next);
            _waiting.Remove(next);
            _turns[next.Run] = ++_turn;
            _used.Add(next.Task, next);
            _claims.Add(next.Task, null);
            Claims.Add(next);
        }
    }

    public bool IsEligible(SlotRequest request) => WhyWaiting(request) == WaitReason.Slot;

    public WaitReason WhyWaiting(SlotRequest request) =>
        request.ParallelismMax > 0 && _used.Values.Count(u => u.Run == request.Run) >= request.ParallelismMax ? WaitReason.RunParallelism
        : tasksMaxOf(request.Queue) is > 0 and var max && _used.Values.Count(u => u.Queue == request.Queue) >= max ? WaitReason.Queue
        : _groups.Find(g => g.Group == request.Group).Slots == 0 ? WaitReason.NoSlots
        : WaitReason.Slot;

    private void Add(SlotRequest request)
    {
        if (_waiting.Exists(r => r.Task == request.Task))
        {
            return;
        }

        if (!_waiting.Exists(r => r.Run == request.Run))
        {
            _turns[request.Run] = ++_turn;
        }

        _waiting.Add(request);
    }
}
