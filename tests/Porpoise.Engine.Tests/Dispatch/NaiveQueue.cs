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
    private readonly Dictionary<TaskId, (int Number, SlotRequest Request, SlotRequest? Wanted)> _claims = [];
    private readonly Dictionary<RunId, int> _turns = [];
    private int _turn;

    public IReadOnlyList<SlotRequest> Waiting => _waiting;

    /// <summary>Of attempts.</summary>
    public IReadOnlyCollection<SlotRequest> Used => _used.Values;

    /// <summary>Of attempts and of claims.</summary>
    public IEnumerable<SlotRequest> Taken => _used.Values.Concat(_claims.Values.Select(c => c.Request));

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
        _used.Remove(request.Task);
        if (_claims.TryGetValue(request.Task, out var claim))
        {
            _claims[request.Task] = claim with { Wanted = request };
        }
        else
        {
            Add(request);
        }

        HandOut();
    }

    public void EnqueueUnlessRunning(SlotRequest request)
    {
        if (!Taken.Any(t => t.Task == request.Task))
        {
            Add(request);
        }

        HandOut();
    }

    public void Withdraw(TaskId task)
    {
        _waiting.RemoveAll(r => r.Task == task);
        if (_claims.TryGetValue(task, out var claim))
        {
            _claims[task] = claim with { Wanted = null };
        }
    }

    public void Start(SlotRequest request)
    {
        _claims.Remove(request.Task);
        Occupy(request);
        HandOut();
    }

    public void Occupy(SlotRequest request)
    {
        Withdraw(request.Task);
        _used.TryAdd(request.Task, request);
    }

    public void Free(TaskId task)
    {
        if (_used.Remove(task))
        {
            HandOut();
        }
    }

    /// <param name="task">Whose claim was answered.</param>
    /// <param name="number">Which of <see cref="Claims"/>.</param>
    public void Answer(TaskId task, int number)
    {
        if (_claims.TryGetValue(task, out var claim) && claim.Number == number)
        {
            _claims.Remove(task);
            if (claim.Wanted is { } request)
            {
                Add(request);
            }
        }

        HandOut();
    }

    public void HandOut()
    {
        while (_groups.Find(g => Taken.Count(u => u.Group == g.Group) < g.Slots && _waiting.Exists(r => r.Group == g.Group && IsEligible(r))) is { Group: { } group })
        {
            var next = _waiting.Where(r => r.Group == group && IsEligible(r)).OrderBy(r => r.Priority).ThenBy(r => _turns[r.Run]).ThenBy(r => r.TaskPriority).First();
            OnClaim(next);
            _waiting.Remove(next);
            _turns[next.Run] = ++_turn;
            _claims.Add(next.Task, (Claims.Count, next, null));
            Claims.Add(next);
        }
    }

    public bool IsEligible(SlotRequest request) => WhyWaiting(request) == WaitReason.Slot;

    public WaitReason WhyWaiting(SlotRequest request) =>
        request.ParallelismMax > 0 && Taken.Count(u => u.Run == request.Run) >= request.ParallelismMax ? WaitReason.RunParallelism
        : tasksMaxOf(request.Queue) is > 0 and var max && Taken.Count(u => u.Queue == request.Queue) >= max ? WaitReason.Queue
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
