using System.Runtime.InteropServices;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Engine.Dispatch;

/// <summary>
/// Who waits for a slot, who has one, and who is next. A run and a queue may each have only so many tasks in slots; inside these limits the runs of the highest
/// priority go first, and inside a priority the runs take turns; of one run's tasks the one of the highest priority goes first, and then who came first. Not
/// thread-safe; decides, and does nothing else. A task can have two slots: one that is claimed for it, of which it does not know yet, and one of an attempt that runs.
/// <code>
/// group ── open branches, ordered by their first lane ──▶ branch ── lanes of runs with room, ordered by priority and turn ──▶ lane ── tasks by priority, in their order
/// </code>
/// A worker group has slots of its own, and no group ever waits for another. A branch is what waits for one group in one queue; a lane holds the tasks of one run in
/// it. A queue that is full takes its branches out of their groups, and a run that is full takes its lanes out of their branches; both come back where they were when
/// there is room again, so nobody ever looks for somebody who may run. The limits of runs and queues hold over all groups. Every operation is O(log n), times the number
/// of different branches that the tasks of one run wait in, or that one queue has: one, mostly.
/// </summary>
internal sealed class Backlog(Func<QueueKey, int> tasksMaxOf)
{
    private readonly Dictionary<TaskId, Waiter> _waiting = [];
    private readonly Dictionary<TaskId, Slot> _claimed = [];
    private readonly Dictionary<TaskId, Slot> _used = [];
    private readonly Dictionary<RunId, RunShare> _runs = [];
    private readonly Dictionary<QueueKey, QueueShare> _queues = [];
    private readonly Dictionary<string, GroupShare> _groups = new(StringComparer.Ordinal);
    private long _turns;
    private long _arrivals;

    /// <summary>Tasks that wait for a slot.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>True when an attempt of the task runs, as far as is known here, or is about to.</summary>
    public bool HasSlot(TaskId task) => _claimed.ContainsKey(task) || _used.ContainsKey(task);

    /// <summary>How many of the group's tasks may have slots at once, from now on. A group that nobody spoke of has none.</summary>
    public void SetSlots(string group, int slots) => GroupOf(group).Slots = slots;

    public int SlotsOf(string group) => _groups.TryGetValue(group, out var share) ? share.Slots : 0;

    /// <summary>Tasks that wait for a slot of the group.</summary>
    public int WaitingFor(string group) => _groups.TryGetValue(group, out var share) ? share.Waiting : 0;

    /// <summary>Slots of the group that are claimed or have an attempt.</summary>
    public int UsedOf(string group) => _groups.TryGetValue(group, out var share) ? share.Used : 0;

    /// <summary>The task, which has no slot, waits for one. One that waits already is not added again.</summary>
    public void Add(SlotRequest request)
    {
        ref var waiter = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, request.Task, out var isThere);
        if (isThere)
        {
            return;
        }

        var lane = LaneOf(request);
        waiter = new Waiter(lane, request.Index, request.Task, request.TaskPriority, ++_arrivals);
        lane.Append(waiter);
        lane.Branch.Group.Waiting++;
        if (lane.First == waiter && lane.Place >= 0)
        {
            lane.Branch.Lanes.Move(lane);
            Reorder(lane.Branch);
        }
        else if (lane.First == waiter && !lane.Run.IsFull)
        {
            Show(lane);
        }
    }

    /// <summary>The task waits no more.</summary>
    public void Remove(TaskId task)
    {
        if (_waiting.Remove(task, out var waiter))
        {
            Leave(waiter);
            Forget(waiter.Lane.Run, waiter.Lane.Branch.Queue);
        }
    }

    /// <summary>Claims a slot for whoever is next, until <see cref="OccupyClaimed"/> or <see cref="FreeClaimed"/>; null: no slot is free, or nobody may have one.</summary>
    public SlotRequest? Take()
    {
        foreach (var group in _groups.Values)
        {
            if (group.Used < group.Slots && group.Open.First?.Lanes.First is { } lane)
            {
                return Take(lane);
            }
        }

        return null;
    }

    /// <summary>An attempt of the task runs in a slot, whatever the limits say, and the task waits no more.</summary>
    public void Occupy(SlotRequest request)
    {
        Remove(request.Task);
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_used, request.Task, out var isThere);
        if (!isThere)
        {
            slot = new Slot(RunOf(request), QueueOf(request.Queue), GroupOf(request.Group));
            Use(slot);
            if (slot.Run.IsFull)
            {
                HideLanes(slot.Run);
            }

            Reorder(slot.Queue);
        }
    }

    /// <summary>The attempt's slot is free again. False: it had none. One that is claimed for the task stays so.</summary>
    public bool Free(TaskId task)
    {
        var isFreed = _used.Remove(task, out var slot);
        if (isFreed)
        {
            GiveBack(slot);
        }

        return isFreed;
    }

    /// <summary>An attempt runs in the slot that was claimed for the task; without one it runs whatever the limits say. True: the task had another slot already, so that one is free.</summary>
    public bool OccupyClaimed(SlotRequest request)
    {
        if (!_claimed.Remove(request.Task, out var slot))
        {
            Occupy(request);
        }
        else if (!_used.TryAdd(request.Task, slot))
        {
            GiveBack(slot);
            return true;
        }

        return false;
    }

    /// <summary>The slot that was claimed for the task is free again.</summary>
    public void FreeClaimed(TaskId task)
    {
        if (_claimed.Remove(task, out var slot))
        {
            GiveBack(slot);
        }
    }

    /// <summary>The queue's limit may have changed.</summary>
    public void Refresh(QueueKey key)
    {
        if (_queues.TryGetValue(key, out var queue))
        {
            queue.TasksMax = tasksMaxOf(key);
            Reorder(queue);
        }
    }

    /// <summary>Null: the task does not wait here.</summary>
    public WaitReason? WhyWaiting(TaskId task) => _waiting.GetValueOrDefault(task)?.Lane switch
    {
        null => null,
        { Run.IsFull: true } => WaitReason.RunParallelism,
        { Branch.Queue.IsFull: true } => WaitReason.Queue,
        { Branch.Group.Slots: 0 } => WaitReason.NoSlots,
        _ => WaitReason.Slot,
    };

    private SlotRequest Take(Lane lane)
    {
        var (run, queue, group, waiter) = (lane.Run, lane.Branch.Queue, lane.Branch.Group, lane.First!);
        _waiting.Remove(waiter.Task);
        Leave(waiter);
        HideLanes(run); // a heap bears no change to the order of what is in it
        run.Turn = ++_turns;
        var slot = new Slot(run, queue, group);
        _claimed.Add(waiter.Task, slot);
        Use(slot);
        ShowLanes(run);
        Reorder(queue);
        return new SlotRequest(run.Id, waiter.Index, waiter.Task, run.Priority, queue.Key, run.ParallelismMax) { TaskPriority = waiter.Priority, Group = group.Name };
    }

    private static void Use(Slot slot)
    {
        slot.Run.Used++;
        slot.Queue.Used++;
        slot.Group.Used++;
    }

    private void GiveBack(Slot slot)
    {
        slot.Run.Used--;
        slot.Queue.Used--;
        slot.Group.Used--;
        ShowLanes(slot.Run);
        Reorder(slot.Queue);
        Forget(slot.Run, slot.Queue);
    }

    private Lane LaneOf(SlotRequest request)
    {
        var (run, branch) = (RunOf(request), BranchOf(QueueOf(request.Queue), GroupOf(request.Group)));
        if (run.FirstLane is null)
        {
            run.Turn = ++_turns; // it begins to wait, behind all who wait already
        }

        for (var lane = run.FirstLane; lane is not null; lane = lane.Next)
        {
            if (lane.Branch == branch)
            {
                return lane;
            }
        }

        return run.FirstLane = new Lane(run, branch) { Next = run.FirstLane };
    }

    private GroupShare GroupOf(string name)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, name, out _);
        return group ??= new GroupShare(name);
    }

    private static Branch BranchOf(QueueShare queue, GroupShare group)
    {
        foreach (var branch in queue.Branches)
        {
            if (branch.Group == group)
            {
                return branch;
            }
        }

        var added = new Branch(queue, group);
        queue.Branches.Add(added);
        return added;
    }

    private RunShare RunOf(SlotRequest request)
    {
        ref var run = ref CollectionsMarshal.GetValueRefOrAddDefault(_runs, request.Run, out _);
        return run ??= new RunShare(request.Run, request.Priority, request.ParallelismMax);
    }

    private QueueShare QueueOf(QueueKey key)
    {
        ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_queues, key, out _);
        return queue ??= new QueueShare(key, tasksMaxOf(key));
    }

    /// <summary>Takes the waiter out of its lane, and an empty lane out of everything.</summary>
    private void Leave(Waiter waiter)
    {
        var lane = waiter.Lane;
        var wasFirst = lane.First == waiter;
        lane.Unlink(waiter);
        lane.Branch.Group.Waiting--;
        if (lane.First is null)
        {
            Hide(lane);
            lane.Run.Drop(lane);
        }
        else if (wasFirst && lane.Place >= 0)
        {
            lane.Branch.Lanes.Move(lane);
            Reorder(lane.Branch);
        }
    }

    /// <summary>The lanes of a run that has room stand in their queues.</summary>
    private void ShowLanes(RunShare run)
    {
        for (var lane = run.IsFull ? null : run.FirstLane; lane is not null; lane = lane.Next)
        {
            Show(lane);
        }
    }

    private void HideLanes(RunShare run)
    {
        for (var lane = run.FirstLane; lane is not null; lane = lane.Next)
        {
            Hide(lane);
        }
    }

    private void Show(Lane lane)
    {
        if (lane.Place < 0)
        {
            lane.Branch.Lanes.Add(lane);
            Reorder(lane.Branch);
        }
    }

    private void Hide(Lane lane)
    {
        if (lane.Place >= 0)
        {
            lane.Branch.Lanes.Remove(lane);
            Reorder(lane.Branch);
        }
    }

    private static void Reorder(QueueShare queue)
    {
        foreach (var branch in queue.Branches)
        {
            Reorder(branch);
        }
    }

    /// <summary>Open are the branches whose queue has room and that have somebody who may take it.</summary>
    private static void Reorder(Branch branch)
    {
        var isOpen = !branch.Queue.IsFull && branch.Lanes.First is not null;
        if (branch.Place < 0)
        {
            if (isOpen)
            {
                branch.Group.Open.Add(branch);
            }
        }
        else if (isOpen)
        {
            branch.Group.Open.Move(branch);
        }
        else
        {
            branch.Group.Open.Remove(branch);
        }
    }

    /// <summary>Runs and queues of which nothing waits and nothing runs.</summary>
    private void Forget(RunShare run, QueueShare queue)
    {
        if (run.Used == 0 && run.FirstLane is null)
        {
            _runs.Remove(run.Id);
        }

        if (queue.Used == 0 && queue.LaneCount == 0)
        {
            _queues.Remove(queue.Key);
        }
    }

    /// <summary>A slot that is taken, and whom it counts for.</summary>
    private readonly record struct Slot(RunShare Run, QueueShare Queue, GroupShare Group);

    private sealed class RunShare(RunId id, Priority priority, int parallelismMax)
    {
        public RunId Id => id;

        public Priority Priority => priority;

        public int ParallelismMax => parallelismMax;

        public int Used { get; set; }

        /// <summary>Whoever's number is lowest goes first.</summary>
        public long Turn { get; set; }

        public Lane? FirstLane { get; set; }

        public bool IsFull => parallelismMax > 0 && Used >= parallelismMax;

        public void Drop(Lane lane)
        {
            lane.Branch.Queue.LaneCount--;
            if (FirstLane == lane)
            {
                FirstLane = lane.Next;
                return;
            }

            var before = FirstLane;
            while (before!.Next != lane)
            {
                before = before.Next;
            }

            before.Next = lane.Next;
        }
    }

    private sealed class QueueShare(QueueKey key, int tasksMax)
    {
        public QueueKey Key => key;

        public int TasksMax { get; set; } = tasksMax;

        public int Used { get; set; }

        /// <summary>One for each group that was waited for.</summary>
        public List<Branch> Branches { get; } = [];

        /// <summary>All lanes of all branches.</summary>
        public int LaneCount { get; set; }

        public bool IsFull => TasksMax > 0 && Used >= TasksMax;
    }

    private sealed class GroupShare(string name)
    {
        public string Name => name;

        public int Slots { get; set; }

        public int Used { get; set; }

        public int Waiting { get; set; }

        /// <summary>The branches of queues that have room, with somebody who may take it.</summary>
        public PlacedHeap<Branch> Open { get; } = new();
    }

    private sealed class Branch(QueueShare queue, GroupShare group) : IPlaced<Branch>
    {
        public QueueShare Queue => queue;

        public GroupShare Group => group;

        /// <summary>The lanes of runs that have room.</summary>
        public PlacedHeap<Lane> Lanes { get; } = new();

        public int Place { get; set; } = -1;

        public bool IsBefore(Branch other) => Lanes.First!.IsBefore(other.Lanes.First!);
    }

    private sealed class Lane : IPlaced<Lane>
    {
        private readonly Waiters[] _byPriority = new Waiters[(int)Priority.Lowest + 1];

        public Lane(RunShare run, Branch branch)
        {
            Run = run;
            Branch = branch;
            branch.Queue.LaneCount++;
        }

        public RunShare Run { get; }

        public Branch Branch { get; }

        /// <summary>Another lane of the run.</summary>
        public Lane? Next { get; set; }

        public Waiter? First
        {
            get
            {
                foreach (var waiters in _byPriority)
                {
                    if (waiters.First is { } first)
                    {
                        return first;
                    }
                }

                return null;
            }
        }

        public int Place { get; set; } = -1;

        public bool IsBefore(Lane other) =>
            Run.Priority != other.Run.Priority ? Run.Priority < other.Run.Priority
            : Run.Turn != other.Run.Turn ? Run.Turn < other.Run.Turn
            : First!.IsBefore(other.First!); // lanes of one run

        public void Append(Waiter waiter)
        {
            ref var waiters = ref _byPriority[(int)waiter.Priority];
            waiter.Previous = waiters.Last;
            if (waiters.Last is null)
            {
                waiters.First = waiter;
            }
            else
            {
                waiters.Last.Next = waiter;
            }

            waiters.Last = waiter;
        }

        public void Unlink(Waiter waiter)
        {
            ref var waiters = ref _byPriority[(int)waiter.Priority];
            if (waiter.Previous is null)
            {
                waiters.First = waiter.Next;
            }
            else
            {
                waiter.Previous.Next = waiter.Next;
            }

            if (waiter.Next is null)
            {
                waiters.Last = waiter.Previous;
            }
            else
            {
                waiter.Next.Previous = waiter.Previous;
            }
        }

        /// <summary>Those of one priority, in the order in which they came.</summary>
        private struct Waiters
        {
            public Waiter? First;
            public Waiter? Last;
        }
    }

    private sealed class Waiter(Lane lane, int index, TaskId task, Priority priority, long arrival)
    {
        public Lane Lane => lane;

        public int Index => index;

        public TaskId Task => task;

        public Priority Priority => priority;

        public long Arrival => arrival;

        public Waiter? Previous { get; set; }

        public Waiter? Next { get; set; }

        public bool IsBefore(Waiter other) => Priority != other.Priority ? Priority < other.Priority : Arrival < other.Arrival;
    }
}
