using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Tests.Hosting;

namespace Porpoise.Engine.Tests.Dispatch;

/// <summary>How many tasks of a run and of a queue have slots at once.</summary>
public sealed class LimitsTests
{
    private readonly RecordingHost _host = new() { Answer = _ => new TaskCompletionSource().Task };
    private readonly Dictionary<string, int> _limits = [];
    private readonly WorkerGroupQueue _queue;

    public LimitsTests() =>
        _queue = new WorkerGroupQueue("default", 4, key => _limits.GetValueOrDefault(key.Name), new FakeTimeProvider(), NullLogger<WorkerGroupQueue>.Instance);

    [Fact]
    public void A_run_at_its_limit_leaves_the_slots_to_others()
    {
        Enqueue([Task(1, 0, max: 2), Task(1, 1, max: 2), Task(1, 2, max: 2), Task(2, 0)]);
        _queue.Open(_host);
        Assert.Equal([(1, 0), (2, 0), (1, 1)], _host.Claims);
        Assert.Equal(WaitReason.RunParallelism, _queue.WhyWaiting(Id(1, 2)));
        End(1, 0);
        Assert.Equal((1, 2), _host.Claims.Last());
        Assert.Null(_queue.WhyWaiting(Id(1, 2)));
    }

    [Fact]
    public void A_full_queue_keeps_out_its_own_tasks_only_also_those_of_higher_priority()
    {
        _limits["narrow"] = 1;
        Enqueue([Task(1, 0, queue: "narrow"), Task(2, 0, queue: "narrow", priority: Priority.Highest), Task(3, 0, queue: "narrow", priority: Priority.Highest), Task(4, 0, priority: Priority.Lowest)]);
        _queue.Open(_host);
        Assert.Equal([(2, 0), (4, 0)], _host.Claims);
        Assert.Equal(WaitReason.Queue, _queue.WhyWaiting(Id(3, 0)));
        End(2, 0);
        End(3, 0);
        Assert.Equal([(2, 0), (4, 0), (3, 0), (1, 0)], _host.Claims);
    }

    [Fact]
    public void A_run_goes_on_in_one_queue_while_it_waits_in_another()
    {
        _limits["narrow"] = 1;
        Enqueue([Task(1, 0, queue: "narrow"), Task(1, 1, queue: "narrow"), Task(1, 2), Task(1, 3)]);
        _queue.Open(_host);
        Assert.Equal([(1, 0), (1, 2), (1, 3)], _host.Claims);
    }

    [Fact]
    public void Whoever_was_held_up_by_a_limit_keeps_its_turn()
    {
        _limits["narrow"] = 1;
        Enqueue([Task(1, 0, queue: "narrow"), Task(2, 0, queue: "narrow"), Task(3, 0), Task(3, 1), Task(3, 2), Task(3, 3), Task(4, 0)]);
        _queue.Open(_host);
        Assert.Equal([(1, 0), (3, 0), (4, 0), (3, 1)], _host.Claims);
        End(1, 0);
        Assert.Equal((2, 0), _host.Claims.Last());
        End(3, 0);
        Assert.Equal((3, 2), _host.Claims.Last());
    }

    [Fact]
    public void Limits_are_in_force_as_soon_as_they_are_changed()
    {
        _limits["q"] = 1;
        Enqueue([.. Enumerable.Range(1, 6).Select(run => Task(run, 0, queue: "q"))]);
        _queue.Open(_host);
        Assert.Single(_host.Claims);
        SetLimit("q", 3);
        Assert.Equal(3, _host.Claims.Count());
        SetLimit("q", 2);
        End(1, 0);
        Assert.Equal(3, _host.Claims.Count()); // still two, as many as may
        End(2, 0);
        Assert.Equal(4, _host.Claims.Count());
        SetLimit("q", 0);
        Assert.Equal(6, _host.Claims.Count());
    }

    [Fact]
    public void What_ran_before_the_start_counts_for_its_run_and_its_queue()
    {
        _limits["narrow"] = 1;
        _queue.Occupy(Task(1, 0, max: 1));
        _queue.Occupy(Task(2, 0, queue: "narrow"));
        Enqueue([Task(1, 1, max: 1), Task(3, 0, queue: "narrow")]);
        _queue.Open(_host);
        Assert.Empty(_host.Claims);
        Assert.Equal([WaitReason.RunParallelism, WaitReason.Queue], [_queue.WhyWaiting(Id(1, 1)), _queue.WhyWaiting(Id(3, 0))]);
        _queue.Free(Id(2, 0));
        _queue.Free(Id(1, 0));
        Assert.Equal([(3, 0), (1, 1)], _host.Claims);
    }

    [Fact]
    public void Who_waits_for_a_slot_only_is_told_so()
    {
        Enqueue([Task(1, 0)]);
        Assert.Equal(WaitReason.Slot, _queue.WhyWaiting(Id(1, 0)));
        _queue.Withdraw(Id(1, 0));
        Assert.Null(_queue.WhyWaiting(Id(1, 0)));
    }

    [Fact]
    public void Many_that_wait_for_a_limit_are_no_burden_for_the_others()
    {
        _limits["narrow"] = 1;
        for (var run = 1; run <= 100_000; run++)
        {
            _queue.Enqueue(Task(run, 0, queue: "narrow", priority: Priority.Highest));
        }

        _queue.Open(_host);
        for (var run = 200_000; run < 300_000; run++)
        {
            // Looking through all who wait, for each of these, would take hours.
            _queue.Enqueue(Task(run, 0, priority: Priority.Lowest));
            End(run, 0);
        }

        Assert.Equal(100_001, _host.Claims.Count());
        Assert.Equal(99_999, _queue.Waiting);
    }

    private static TaskId Id(int run, int index) => new((run * 100) + index);

    private static SlotRequest Task(int run, int index, int max = 0, string queue = "wide", Priority priority = Priority.Medium) =>
        new(new RunId(run), index, Id(run, index), priority, new QueueKey(new WorkspaceId("w"), queue), max);

    /// <summary>The claim is taken, and the attempt that it starts is over.</summary>
    private void End(int run, int index)
    {
        _queue.Start(Task(run, index));
        _queue.Free(Id(run, index));
    }

    private void SetLimit(string queue, int limit)
    {
        _limits[queue] = limit;
        _queue.Refresh(new QueueKey(new WorkspaceId("w"), queue));
    }

    private void Enqueue(IEnumerable<SlotRequest> requests)
    {
        foreach (var request in requests)
        {
            _queue.Enqueue(request);
        }
    }
}
