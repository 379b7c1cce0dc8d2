using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Engine.Suite.Benches;

/// <summary>
/// A worker with the contract of the real one and no processes: what comes of an attempt is scripted by task name and attempt number,
/// success if nothing is said. Like processes, attempts outlive the engine; like the real worker, a new life follows none until it is asked to.
/// </summary>
public sealed class ScriptedWorker(Happenings happenings, TimeProvider clock) : IWorker
{
    private static readonly TimeSpan ReportAgainAfter = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<AttemptKey, Attempt> _attempts = [];
    private readonly Dictionary<(string Task, int Number), AttemptOutcome> _script = [];
    private readonly HashSet<string> _held = [];
    private readonly List<AttemptOrder> _starts = [];
    private readonly List<AttemptOrder> _resumes = [];
    private readonly List<AttemptOrder> _ends = [];
    private IAttemptReports? _reports;
    private int _life;
    private int _running;
    private int _runningMax;
    private int _reportsSent;

    /// <summary>Attempts that really started, in order; each key at most once, as the claim on disk guarantees.</summary>
    public IReadOnlyList<AttemptOrder> Starts => Locked(() => _starts.ToArray());

    public IReadOnlyList<AttemptOrder> Resumes => Locked(() => _resumes.ToArray());

    public IReadOnlyList<AttemptOrder> Ends => Locked(() => _ends.ToArray());

    public int StartCount => Locked(() => _starts.Count);

    public int Running => Locked(() => _running);

    public int RunningMax => Locked(() => _runningMax);

    /// <summary>Reports that were made, acknowledged or not.</summary>
    public int ReportsSent => Volatile.Read(ref _reportsSent);

    /// <summary>True: processes ignore the request to end until <see cref="LetEnd"/>.</summary>
    public bool IsStubborn { get; set; }

    /// <summary>A new engine; what ran goes on, but nobody follows it.</summary>
    public void Attach(IAttemptReports? reports)
    {
        lock (_gate)
        {
            _reports = reports;
            _life++;
        }
    }

    public void Script(string task, int attempt, AttemptOutcome outcome)
    {
        lock (_gate)
        {
            _script[(task, attempt)] = outcome;
        }
    }

    public void Fail(string task, params ReadOnlySpan<int> attempts)
    {
        foreach (var attempt in attempts)
        {
            Script(task, attempt, new AttemptOutcome.Exited(3));
        }
    }

    /// <summary>Attempts of these tasks run until they are released.</summary>
    public void Hold(params ReadOnlySpan<string> tasks)
    {
        lock (_gate)
        {
            foreach (var task in tasks)
            {
                _held.Add(task);
            }
        }
    }

    public void Release(string task)
    {
        lock (_gate)
        {
            _held.Remove(task);
        }

        Finish(a => a.Order.TaskName == task, a => Outcome(a.Order));
    }

    /// <summary>What runs now ends; what is held stays held.</summary>
    public void FinishRunning() => Finish(_ => true, a => Outcome(a.Order));

    /// <summary>Processes that ignored their end give in.</summary>
    public void LetEnd() => Finish(a => a.IsToEnd, _ => new AttemptOutcome.Killed());

    public Task StartedAsync(string task, int attempt = 1) =>
        happenings.UntilAsync(() => Locked(() => _starts.Exists(o => o.TaskName == task && o.Key.Number == attempt)), $"the start of '{task}', attempt {attempt}");

    public void Start(AttemptOrder order) => Take(order, _ => null, isStart: true);

    public void Resume(AttemptOrder order)
    {
        Locked(() => { _resumes.Add(order); return 0; });
        Take(order, attempt => attempt is null ? new AttemptOutcome.Lost("never started") : null, isStart: false);
    }

    public void End(AttemptOrder order)
    {
        Locked(() => { _ends.Add(order); return 0; });
        Take(order, attempt => attempt is null || !IsStubborn ? new AttemptOutcome.Killed() : null, isStart: false);
        Locked(() => _attempts[order.Key].IsToEnd = true);
        happenings.Note();
    }

    private void Take(AttemptOrder order, Func<Attempt?, AttemptOutcome?> newOutcome, bool isStart)
    {
        lock (_gate)
        {
            var known = _attempts.GetValueOrDefault(order.Key);
            var attempt = known ?? new Attempt(order);
            var wasOver = attempt.Outcome is not null;
            var wasFollowed = attempt.FollowedIn == _life;
            attempt.FollowedIn = _life;
            if (known is null)
            {
                _attempts.Add(order.Key, attempt);
                if (isStart)
                {
                    _starts.Add(order);
                    _runningMax = Math.Max(_runningMax, ++_running);
                    attempt.Outcome = _held.Contains(order.TaskName) ? null : Outcome(order);
                    _running -= attempt.Outcome is null ? 0 : 1;
                }
                else
                {
                    attempt.Outcome = newOutcome(null);
                }
            }
            else if (!wasOver && newOutcome(attempt) is { } outcome)
            {
                attempt.Outcome = outcome;
                _running--;
            }

            if (attempt.Outcome is not null && !(wasOver && wasFollowed))
            {
                _ = ReportAsync(attempt, attempt.Outcome, _life);
            }
        }

        happenings.Note();
    }

    private void Finish(Func<Attempt, bool> which, Func<Attempt, AttemptOutcome> outcome)
    {
        lock (_gate)
        {
            foreach (var attempt in _attempts.Values.Where(a => a.Outcome is null && which(a)))
            {
                attempt.Outcome = outcome(attempt);
                _running--;
                if (attempt.FollowedIn == _life)
                {
                    _ = ReportAsync(attempt, attempt.Outcome, _life);
                }
            }
        }

        happenings.Note();
    }

    private AttemptOutcome Outcome(AttemptOrder order) => _script.GetValueOrDefault((order.TaskName, order.Key.Number)) ?? new AttemptOutcome.Exited(0);

    private async Task ReportAsync(Attempt attempt, AttemptOutcome outcome, int life)
    {
        var at = clock.GetUtcNow();
        await Task.Yield(); // every call to a worker returns at once
        while (Locked(() => life == _life ? _reports : null) is { } reports)
        {
            try
            {
                var acknowledged = reports.ReportAsync(attempt.Order, outcome, at);
                Interlocked.Increment(ref _reportsSent);
                happenings.Note();
                await acknowledged;
                happenings.Note();
                return;
            }
            catch (Exception)
            {
                await Task.Delay(ReportAgainAfter);
            }
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private sealed class Attempt(AttemptOrder order)
    {
        public AttemptOrder Order { get; } = order;

        public AttemptOutcome? Outcome { get; set; }

        public bool IsToEnd { get; set; }

        public int FollowedIn { get; set; }
    }
}
