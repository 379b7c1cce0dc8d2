using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Porpoise.Core.Queues;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Dispatch;
using Porpoise.Engine.Hosting;
using Porpoise.Engine.Runs;
using Porpoise.Storage;

namespace Porpoise.Engine.Tests.Dispatch;

/// <summary>Whatever happens in whatever order, the queue does what the naive one does, which hardly can be wrong: no limit exceeded, no slot idle that somebody may have, turns kept.</summary>
public sealed class WorkerGroupQueuePropertyTests
{
    private const int Histories = 1_000;
    private const int Slots = 4;
    private const int Runs = 7;
    private const int TasksPerRun = 6;
    private const int Queues = 3;

    private static int _limited;
    private static int _claimed;

    [Fact]
    public void The_queue_does_what_the_naive_one_does()
    {
        (_limited, _claimed) = (0, 0);
        Gen.Int[0, 999_999].Array[30, 250].Sample(steps => new History().Play(steps), iter: Histories);

        // A generator must reach: waiting for the limits of a run and of a queue has to be an everyday thing, and slots have to change hands.
        Assert.True(_limited > Histories * 10, $"Only {_limited} times did a task wait for a limit.");
        Assert.True(_claimed > Histories * 10, $"Only {_claimed} claims.");
    }

    private sealed class History : IRunHost
    {
        private readonly int[] _limits = [2, 1, 0];
        private readonly List<(SlotRequest Request, int Number, TaskCompletionSource Answer)> _open = [];
        private readonly List<SlotRequest> _claims = [];
        private readonly Dictionary<(RunId Waits, RunId Takes), int> _taken = [];
        private readonly WorkerGroupQueue _queue;
        private readonly NaiveQueue _naive;

        public History()
        {
            int TasksMaxOf(QueueKey key) => _limits[key.Name[1] - '0'];
            _queue = new WorkerGroupQueue("default", Slots, TasksMaxOf, new FakeTimeProvider(), NullLogger<WorkerGroupQueue>.Instance);
            _naive = new NaiveQueue(TasksMaxOf) { OnClaim = CheckTurn };
            _naive.SetSlots("default", Slots);
            SetSlots(2);
            _queue.Open(this);
        }

        public void Play(int[] steps)
        {
            foreach (var step in steps)
            {
                Take(step % 100, step / 100);
                ForgetTurnsOf(run => !_naive.Waiting.Any(w => w.Run == run && _naive.IsEligible(w)));
                Assert.Equal(_naive.Claims, _claims);
                Assert.Equal(_naive.Waiting.Count, _queue.Waiting);
                foreach (var request in _naive.Waiting)
                {
                    var why = _naive.WhyWaiting(request);
                    Assert.Equal(why, _queue.WhyWaiting(request.Task));
                    Interlocked.Add(ref _limited, why == WaitReason.Slot ? 0 : 1);
                }

                Assert.All(_naive.Used, u => Assert.Null(_queue.WhyWaiting(u.Task)));
                foreach (var group in new[] { "default", "other" })
                {
                    Assert.Equal(_naive.Taken.Count(t => t.Group == group), _queue.Count(group).Used);
                }
            }

            Interlocked.Add(ref _claimed, _claims.Count);
        }

        public void Begin(StartedRun run) => throw new NotSupportedException();

        public Task DeliverAsync(RunId run, RunEvent e)
        {
            var answer = new TaskCompletionSource();
            var request = Request(run.Value, ((RunEvent.Claimed)e).Index);
            _open.Add((request, _claims.Count, answer));
            _claims.Add(request);
            return answer.Task;
        }

        private void Take(int what, int which)
        {
            var request = Request(which % Runs, which / Runs % TasksPerRun);
            switch (what)
            {
                case < 5: // the rows are read again
                    _naive.EnqueueUnlessRunning(request);
                    _queue.EnqueueUnlessRunning(request);
                    break;
                case < 35:
                    Enqueue(request);
                    break;
                case < 42:
                    _naive.Withdraw(request.Task);
                    _queue.Withdraw(request.Task);
                    break;
                case < 60 when _open.Count > 0: // the driver committed the attempt
                    var committed = TakeOpen(which);
                    _naive.Start(committed.Request);
                    _queue.Start(committed.Request);
                    if (which % 2 == 0)
                    {
                        Free(committed.Request.Task); // and it has ended, and waits again, before the answer is heard
                        Enqueue(committed.Request);
                    }

                    Answer(committed);
                    break;
                case < 66 when _open.Count > 0: // the claim crossed a stop; perhaps the task waits again by then
                    var refused = TakeOpen(which);
                    if (which % 2 == 0)
                    {
                        Enqueue(refused.Request);
                    }

                    Answer(refused);
                    break;
                case < 72 when _open.Count > 0: // the commit failed; perhaps the run was read again before that was heard
                    var failed = TakeOpen(which);
                    if (which % 3 == 0)
                    {
                        Enqueue(failed.Request);
                    }
                    else if (which % 3 == 1)
                    {
                        Occupy(failed.Request);
                    }

                    _naive.Answer(failed.Request.Task, failed.Number);
                    failed.Answer.SetException(new StoreUnavailableException("no"));
                    break;
                case < 90 when _naive.Used.Count > 0:
                    Free(_naive.Used.OrderBy(u => u.Task.Value).ElementAt(which % _naive.Used.Count).Task);
                    break;
                case < 92:
                    Free(request.Task);
                    break;
                case < 94: // an attempt that ran before a restart
                    Occupy(request);
                    break;
                case 94:
                    SetSlots(which % 4);
                    break;
                default:
                    _limits[which % Queues] = which / Queues % 4;
                    _naive.HandOut();
                    _queue.Refresh(Queue(which % Queues));
                    break;
            }
        }

        /// <summary>Of the other group; 0: its tasks wait.</summary>
        private void SetSlots(int slots)
        {
            _naive.SetSlots("other", slots);
            _queue.SetSlots("other", slots);
        }

        private void Enqueue(SlotRequest request)
        {
            _naive.Enqueue(request);
            _queue.Enqueue(request);
        }

        private void Answer((SlotRequest Request, int Number, TaskCompletionSource Answer) claim)
        {
            _naive.Answer(claim.Request.Task, claim.Number);
            claim.Answer.SetResult();
        }

        private void Occupy(SlotRequest request)
        {
            _naive.Occupy(request);
            _queue.Occupy(request);
        }

        private void Free(TaskId task)
        {
            _naive.Free(task);
            _queue.Free(task);
        }

        private (SlotRequest Request, int Number, TaskCompletionSource Answer) TakeOpen(int which)
        {
            var open = _open[which % _open.Count];
            _open.Remove(open);
            return open;
        }

        /// <summary>While a run has a task that may run, no other run of its priority gets two slots of the same group.</summary>
        private void CheckTurn(SlotRequest next)
        {
            var eligible = _naive.Waiting.Where(r => r.Group == next.Group && _naive.IsEligible(r)).Select(r => (r.Run, r.Priority)).ToHashSet();
            ForgetTurnsOf(run => run == next.Run || !eligible.Any(e => e.Run == run));
            foreach (var (run, priority) in eligible)
            {
                Assert.True(next.Priority <= priority, $"Run {next.Run} with priority {next.Priority} goes before run {run} with {priority}.");
                if (run != next.Run && priority == next.Priority)
                {
                    var count = _taken[(run, next.Run)] = _taken.GetValueOrDefault((run, next.Run)) + 1;
                    Assert.True(count <= 1, $"Run {next.Run} gets a second slot while run {run} waits for its first.");
                }
            }
        }

        private void ForgetTurnsOf(Func<RunId, bool> which)
        {
            foreach (var key in _taken.Keys.Where(k => which(k.Waits)).ToList())
            {
                _taken.Remove(key);
            }
        }

        private static QueueKey Queue(int number) => new(new WorkspaceId("w"), $"q{number}");

        /// <summary>Two priorities; no limit, one, two or three tasks at once; the tasks of a run stand in different queues.</summary>
        private static SlotRequest Request(int run, int index) =>
            new(new RunId(run), index, new TaskId((run * 100) + index), (Priority)(run % 2), Queue(((index / 2) + run) % Queues), run % 4) { TaskPriority = (Priority)(index * 3 % 5), Group = index % 3 == 2 ? "other" : "default" };
    }
}
