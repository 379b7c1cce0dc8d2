using System.Diagnostics;
using System.Globalization;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Bench.Workloads;

/// <summary>What Core needs to decide one event, by shape and size of the run, in this process: an event's cost may not grow with the run.</summary>
internal static class Deciding
{
    private const int LayerWidth = 100;
    private const int LayerDegree = 10;
    private static readonly int[] Sizes = [1_000, 2_000, 5_000, 10_000];
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(400);

    public static void Measure(Trial trial)
    {
        foreach (var (name, edges) in new (string, Func<int, IEnumerable<Edge>>)[] { ("chain", Chain), ("fan", Fan), ("layers", Layers) })
        {
            var times = new List<double>();
            foreach (var size in Sizes)
            {
                times.Add(NanosecondsPerEvent(Compile(size, edges(size))));
                trial.Add(string.Create(CultureInfo.InvariantCulture, $"decide.{name}.{size}"), "ns/event", times[^1]);
            }

            trial.Add($"decide.{name}.growth", "ratio", times[^1] / times[0]);
        }
    }

    private static double NanosecondsPerEvent(TaskGraph graph)
    {
        _ = Drive(graph); // compiled code, warm caches
        var (events, watch) = (0L, Stopwatch.StartNew());
        while (watch.Elapsed < Duration)
        {
            events += Drive(graph);
        }

        return watch.Elapsed.TotalNanoseconds / events;
    }

    /// <summary>Takes a run from its start to its end, every event a decision of its own; how many events.</summary>
    private static int Drive(TaskGraph graph)
    {
        var at = DateTimeOffset.UnixEpoch;
        var exited = new AttemptOutcome.Exited(0);
        var todo = new Queue<Effect>();
        var decision = new Decision();
        var run = Run.Start(graph, FailureStrategy.Continue, at, decision);
        var events = 1;
        Keep(decision);
        while (todo.TryDequeue(out var effect))
        {
            RunEvent? e = effect switch
            {
                Effect.Enqueue enqueue => new RunEvent.Claimed(enqueue.Index, at),
                Effect.StartAttempt start => new RunEvent.AttemptEnded(start.Index, start.Attempt, exited, at),
                _ => null,
            };
            if (e is not null)
            {
                decision = new Decision();
                run.Decide(e, decision);
                events++;
                Keep(decision);
            }
        }

        return run.State == RunState.Succeeded ? events : throw new InvalidOperationException($"The run ended as {run.State}.");

        void Keep(Decision decided)
        {
            foreach (var effect in decided.Effects)
            {
                todo.Enqueue(effect);
            }
        }
    }

    private static TaskGraph Compile(int size, IEnumerable<Edge> edges)
    {
        var tasks = Enumerable.Range(1, size)
            .Select(static i => new TaskDefinition(
                new TaskCode(i), string.Create(CultureInfo.InvariantCulture, $"t-{i}"), "", TaskTypes.Shell, """{"rawScript":"/bin/true"}""", 0, TimeSpan.Zero, Priority.Medium))
            .ToList();
        var definition = new WorkflowDefinition("bench", "", tasks, edges.ToList(), "[]");
        return WorkflowValidation.Check(definition) is [var offence, ..] ? throw new InvalidOperationException(offence.Message) : TaskGraph.Of(definition);
    }

    private static IEnumerable<Edge> Chain(int size) => Enumerable.Range(1, size - 1).Select(static i => Between(i, i + 1));

    private static IEnumerable<Edge> Fan(int size) => Enumerable.Range(2, size - 2).SelectMany(i => new[] { Between(1, i), Between(i, size) });

    /// <summary>Each task waits for ten of the layer before.</summary>
    private static IEnumerable<Edge> Layers(int size) =>
        from to in Enumerable.Range(LayerWidth, size - LayerWidth)
        from k in Enumerable.Range(0, LayerDegree)
        let before = (((to / LayerWidth) - 1) * LayerWidth) + ((to + (k * LayerDegree)) % LayerWidth)
        select Between(before + 1, to + 1);

    private static Edge Between(int from, int to) => new(new TaskCode(from), new TaskCode(to));
}
