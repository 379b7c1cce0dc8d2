using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Tests.Hosting;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Dispatch;

public sealed class WorkerGroupQueueTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordingHost _host = new() { Answer = _ => new TaskCompletionSource().Task };

    [Fact]
    public void Before_it_is_open_the_backlog_only_fills()
    {
        var queue = Queue(slots: 2);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 1, 1);
        Enqueue(queue, 2, 0);
        Assert.Equal(3, queue.Waiting);
        Assert.Empty(_host.Delivered);
        queue.Open(_host);
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public void An_attempt_that_ran_before_the_start_takes_a_slot()
    {
        var queue = Queue(slots: 1);
        queue.Occupy(Request(9, 0));
        Enqueue(queue, 1, 0);
        queue.Open(_host);
        Assert.Empty(_host.Claims);
        queue.Free(Id(9, 0));
        Assert.Equal([(1, 0)], _host.Claims);
    }

    [Fact]
    public void A_task_that_waits_already_is_not_added_again()
    {
        var queue = Queue(slots: 1);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 1, 0);
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public void A_task_that_was_withdrawn_gets_no_slot()
    {
        var queue = Queue(slots: 2);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 1, 1);
        queue.Withdraw(Id(1, 0));
        queue.Open(_host);
        Assert.Equal([(1, 1)], _host.Claims);
    }

    [Fact]
    public void Whatever_is_withdrawn_meanwhile_the_waiting_ones_keep_their_turn()
    {
        var queue = Queue(slots: 2);
        Enqueue(queue, 1, 0);
        for (var run = 10; run < 40_000; run++)
        {
            Enqueue(queue, run, 0);
            queue.Withdraw(Id(run, 0));
        }

        Enqueue(queue, 2, 0);
        Assert.Equal(2, queue.Waiting);
        queue.Open(_host);
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void A_task_that_was_withdrawn_and_added_again_is_claimed_once()
    {
        var queue = Queue(slots: 2);
        Enqueue(queue, 1, 0);
        queue.Withdraw(Id(1, 0));
        Enqueue(queue, 1, 0);
        queue.Open(_host);
        Assert.Equal([(1, 0)], _host.Claims);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public void Lower_numbers_of_priority_go_first_and_runs_take_turns_inside_one()
    {
        var queue = Queue(slots: 100);
        Enqueue(queue, 1, 0, Priority.Low);
        Enqueue(queue, 2, 0);
        Enqueue(queue, 2, 1);
        Enqueue(queue, 2, 2);
        Enqueue(queue, 3, 0);
        Enqueue(queue, 4, 0, Priority.Highest);
        queue.Open(_host);
        Assert.Equal([(4, 0), (2, 0), (3, 0), (2, 1), (2, 2), (1, 0)], _host.Claims);
    }

    [Fact]
    public void A_claim_that_fails_gives_its_slot_to_the_next()
    {
        var queue = Queue(slots: 1);
        _host.Answer = run => run.Value == 1 ? Task.FromException(new StoreUnavailableException("no")) : new TaskCompletionSource().Task;
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        queue.Open(_host);
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void A_claim_that_starts_nothing_gives_its_slot_to_the_next()
    {
        var queue = Queue(slots: 1);
        _host.Answer = run => run.Value == 1 ? Task.CompletedTask : new TaskCompletionSource().Task;
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        queue.Open(_host);
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void Any_number_of_claims_may_fail_at_once()
    {
        const int Runs = 200_000;
        var queue = Queue(slots: 1);
        _host.Answer = _ => Task.FromException(new KeyNotFoundException("gone"));
        for (var run = 1; run <= Runs; run++)
        {
            Enqueue(queue, run, 0);
        }

        queue.Open(_host);
        Assert.Equal(Runs, _host.Claims.Count());
        Assert.Equal((1, 0, 0), queue.Count("default"));
    }

    [Fact]
    public void A_claim_that_perhaps_no_driver_heard_is_made_again_later()
    {
        var queue = Queue(slots: 1);
        _host.Answer = _ => Task.FromException(new StoreUnavailableException("no"));
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        _host.Answer = _ => new TaskCompletionSource().Task;
        Enqueue(queue, 2, 0);
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 1, 1), queue.Count("default"));
        queue.Start(Request(2, 0));
        queue.Free(Id(2, 0));
        Assert.Equal([(1, 0), (2, 0), (1, 0)], _host.Claims);
    }

    [Fact]
    public void A_claim_for_a_run_that_is_gone_is_made_once()
    {
        var queue = Queue(slots: 1);
        _host.Answer = _ => Task.FromException(new KeyNotFoundException("There is no run 1."));
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([(1, 0)], _host.Claims);
        Assert.Equal((1, 0, 0), queue.Count("default"));
    }

    [Fact]
    public void While_no_claim_can_be_made_everybody_keeps_their_place()
    {
        var mayClaim = false;
        var queue = Queue(slots: 2, () => mayClaim);
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        Enqueue(queue, 3, 0);
        Assert.Empty(_host.Claims);
        mayClaim = true;
        queue.GoOn();
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void An_attempt_that_is_started_after_its_claim_was_given_up_takes_a_slot_all_the_same()
    {
        var queue = Queue(slots: 1);
        var answer = new TaskCompletionSource();
        _host.Answer = run => run.Value == 1 ? answer.Task : new TaskCompletionSource().Task;
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        answer.SetException(new StoreUnavailableException("The owner did not answer."));
        queue.Start(Request(1, 0));
        Enqueue(queue, 2, 0);
        Assert.Equal([(1, 0)], _host.Claims);
        queue.Free(Id(1, 0));
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void A_slot_on_its_way_to_a_task_is_not_free_whatever_is_said_of_the_task_meanwhile()
    {
        var queue = Queue(slots: 1);
        var answer = new TaskCompletionSource();
        _host.Answer = run => run.Value == 1 ? answer.Task : new TaskCompletionSource().Task;
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        queue.Withdraw(Id(1, 0)); // the run is stopped,
        queue.Free(Id(1, 0)); // read again,
        Enqueue(queue, 1, 0); // and run again: all of it faster than the claim
        queue.Start(Request(1, 0));
        answer.SetResult();
        Assert.Equal([(1, 0)], _host.Claims);
        queue.Free(Id(1, 0));
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void A_task_that_waits_again_while_its_claim_is_refused_is_claimed_again()
    {
        var queue = Queue(slots: 1);
        var answer = new TaskCompletionSource();
        _host.Answer = _ => answer.Task;
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 1, 0);
        var first = answer;
        answer = new TaskCompletionSource();
        first.SetResult();
        Assert.Equal([(1, 0), (1, 0)], _host.Claims);
    }

    [Fact]
    public void The_answer_to_a_claim_says_nothing_of_the_next_one()
    {
        var queue = Queue(slots: 1);
        var answer = new TaskCompletionSource();
        _host.Answer = _ => answer.Task;
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        var first = answer;
        answer = new TaskCompletionSource();
        queue.Start(Request(1, 0));
        queue.Free(Id(1, 0)); // its attempt failed, and it is tried again
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        first.SetResult();
        Assert.Equal([(1, 0), (1, 0)], _host.Claims);
        Assert.Equal((1, 1, 1), queue.Count("default"));
    }

    [Fact]
    public void A_claim_that_seemed_to_fail_keeps_the_slot_of_the_attempt_it_started()
    {
        var queue = Queue(slots: 1);
        var answer = new TaskCompletionSource();
        _host.Answer = _ => answer.Task;
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        queue.Open(_host);
        queue.Occupy(Request(1, 0));
        answer.SetException(new StoreUnavailableException("no"));
        Assert.Equal([(1, 0)], _host.Claims);
    }

    [Fact]
    public void Freeing_twice_frees_one_slot()
    {
        var queue = Queue(slots: 1);
        queue.Open(_host);
        Enqueue(queue, 1, 0);
        Enqueue(queue, 2, 0);
        Enqueue(queue, 3, 0);
        queue.Start(Request(1, 0));
        queue.Free(Id(1, 0));
        queue.Free(Id(1, 0));
        Assert.Equal([(1, 0), (2, 0)], _host.Claims);
    }

    [Fact]
    public void A_task_whose_driver_says_that_it_waits_has_no_slot_any_more()
    {
        var queue = Queue(slots: 1);
        queue.Occupy(Request(1, 0));
        queue.Open(_host);
        queue.EnqueueUnlessRunning(Request(1, 0));
        Assert.Empty(_host.Claims);
        Enqueue(queue, 1, 0);
        Assert.Equal([(1, 0)], _host.Claims);
    }

    [Fact]
    public void What_runs_does_not_wait()
    {
        var queue = Queue(slots: 1);
        Enqueue(queue, 1, 0);
        queue.Occupy(Request(1, 0));
        Assert.Equal(0, queue.Waiting);
        queue.Open(_host);
        Assert.Empty(_host.Claims);
    }

    [Fact]
    public void A_closed_queue_hands_out_nothing()
    {
        var queue = Queue(slots: 1);
        queue.Open(_host);
        queue.Close();
        Enqueue(queue, 1, 0);
        Assert.Empty(_host.Claims);
    }

    private WorkerGroupQueue Queue(int slots, Func<bool>? mayClaim = null) => new("default", slots, _ => 0, _clock, NullLogger<WorkerGroupQueue>.Instance) { MayClaim = mayClaim ?? (() => true) };

    private static TaskId Id(int run, int index) => new((run * 100) + index);

    private static SlotRequest Request(int run, int index, Priority priority = Priority.Medium) =>
        new(new RunId(run), index, Id(run, index), priority, new QueueKey(new WorkspaceId("w"), "q"), ParallelismMax: 0);

    private static void Enqueue(WorkerGroupQueue queue, int run, int index, Priority priority = Priority.Medium) => queue.Enqueue(Request(run, index, priority));
}
