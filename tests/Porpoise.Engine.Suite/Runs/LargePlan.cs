using System.Globalization;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Suite.Benches;

namespace Porpoise.Engine.Suite.Runs;

/// <summary>Where a task should stand, and after how many attempts. Null state: it was never started.</summary>
public readonly record struct Standing(TaskState? State, int Attempts);

/// <summary>
/// A large random graph in layers, what comes of each attempt of each of its tasks, and a simple interpreter that says from these alone where every task
/// ends when other branches go on after a failure. It walks the nodes in their order, once: no queue, no slots, no events.
/// </summary>
public sealed class LargePlan
{
    private readonly Random _random;
    private readonly Dictionary<(int Task, int Attempt), AttemptOutcome> _outcomes = [];
    private readonly List<int>[] _before;
    private readonly int _failPercent;

    public LargePlan(int seed, int count, int failPercent, int stops)
    {
        _random = new Random(seed);
        _failPercent = failPercent;
        _before = new List<int>[count];
        Definition = Draw(count);
        var shells = Enumerable.Range(0, count).Where(i => Definition.Tasks[i] is { Type: TaskTypes.Shell, IsDisabled: false }).ToList();
        Stopped = Enumerable.Range(0, stops).Select(_ => shells[_random.Next(shells.Count)]).ToHashSet();
        Now = [.. Enumerable.Repeat(new Standing(null, 0), count)];
    }

    public WorkflowDefinition Definition { get; }

    /// <summary>Tasks that somebody stops in the first round.</summary>
    public IReadOnlySet<int> Stopped { get; private set; }

    /// <summary>Where every task stands after the rounds so far.</summary>
    public IReadOnlyList<Standing> Now { get; private set; }

    public bool HasSucceeded => Enumerable.Range(0, Now.Count).All(i => Definition.Tasks[i].IsDisabled || Now[i].State == TaskState.Succeeded);

    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index}");

    /// <summary>Drawn once, so that everybody sees the same.</summary>
    public AttemptOutcome OutcomeOf(int task, int attempt)
    {
        if (!_outcomes.TryGetValue((task, attempt), out var outcome))
        {
            var draw = _random.Next(100);
            outcome = draw < _failPercent ? new AttemptOutcome.Exited(1) : draw < _failPercent + 2 ? new AttemptOutcome.Lost("drawn") : new AttemptOutcome.Exited(0);
            _outcomes.Add((task, attempt), outcome);
        }

        return outcome;
    }

    public void Tell(ScriptedWorker worker, int attempts)
    {
        for (var task = 0; task < Now.Count; task++)
        {
            for (var attempt = 1; attempt <= attempts; attempt++)
            {
                worker.Script(NameOf(task), attempt, OutcomeOf(task, attempt));
            }
        }
    }

    /// <summary>One round: a start, or a rerun from the failure. What has succeeded stays.</summary>
    public void Interpret()
    {
        var now = Now.ToArray();
        for (var i = 0; i < now.Length; i++)
        {
            now[i] = now[i].State == TaskState.Succeeded || Definition.Tasks[i].IsDisabled || !Before(i).All(b => now[b].State == TaskState.Succeeded)
                ? now[i] with { State = now[i].State == TaskState.Succeeded ? TaskState.Succeeded : null }
                : Run(i, now[i].Attempts);
        }

        Now = now;
        Stopped = new HashSet<int>();
    }

    /// <summary>Which tasks a task waits for, through those that are not run.</summary>
    public IEnumerable<int> Before(int task) => _before[task].SelectMany(b => Definition.Tasks[b].IsDisabled ? Before(b) : [b]).Distinct();

    private Standing Run(int task, int attempts)
    {
        var node = Definition.Tasks[task];
        if (node.Type == TaskTypes.Noop)
        {
            return new Standing(TaskState.Succeeded, 0);
        }

        if (Stopped.Contains(task))
        {
            return new Standing(TaskState.Killed, attempts + 1);
        }

        for (var failures = 0; ;)
        {
            switch (OutcomeOf(task, ++attempts))
            {
                case AttemptOutcome.Exited { Code: 0 }:
                    return new Standing(TaskState.Succeeded, attempts);
                case AttemptOutcome.Exited when ++failures > node.RetryMax:
                    return new Standing(TaskState.Failed, attempts);
                default:
                    break;
            }
        }
    }

    private WorkflowDefinition Draw(int count)
    {
        var shape = new Shape("large");
        var layer = 0;
        for (var i = 0; i < count; i++)
        {
            var retries = _random.Next(3);
            shape = (_random.Next(4) == 0 ? shape.Noop(NameOf(i)) : shape.Shell(NameOf(i), retries)).With(t => t with
            {
                Priority = (Priority)_random.Next(5),
                IsDisabled = _random.Next(30) == 0,
            });
            layer = i % 40 == 0 ? i : layer;
            _before[i] = layer == 0 ? [] : [.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.Next(3) > 0 ? layer - 1 - _random.Next(Math.Min(layer, 40)) : _random.Next(layer)).Distinct()];
            foreach (var from in _before[i])
            {
                shape.Edge(NameOf(from), NameOf(i));
            }
        }

        return shape.Build();
    }
}
