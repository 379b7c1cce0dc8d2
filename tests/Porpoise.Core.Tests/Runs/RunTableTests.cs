using System.Diagnostics;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using static Porpoise.Core.Tests.Runs.Script;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>Sets up each pair of <see cref="RunTable"/> and compares what the run decides.</summary>
public sealed class RunTableTests
{
    private const int S = 1;

    private static readonly string[] Names = ["p", "s", "t", "o", "f"];
    private static readonly DateTimeOffset Due = Now.AddSeconds(10);

    private enum Phase
    {
        Running,
        Stopping,
        Failing,
    }

    public static TheoryData<Happening, Subject> Pairs
    {
        get
        {
            var pairs = new TheoryData<Happening, Subject>();
            foreach (var happening in Enum.GetValues<Happening>())
            {
                foreach (var subject in Enum.GetValues<Subject>())
                {
                    pairs.Add(happening, subject);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_decides_what_the_table_says(Happening happening, Subject subject)
    {
        var row = Assert.Single(RunTable.Rows, r => r.Happening == happening && r.Subject == subject);
        foreach (var (phase, expected) in new[] { (Phase.Running, row.Running), (Phase.Stopping, row.Stopping), (Phase.Failing, row.Failing) })
        {
            if (expected is not null)
            {
                var run = Restore(happening, subject, phase);
                var decision = new Decision();
                run.Decide(EventOf(happening), decision);
                Assert.Equal($"{phase}: {expected}", $"{phase}: {Write(decision, Names)}");
            }
        }
    }

    [Fact]
    public void A_new_case_needs_rows()
    {
        var events = Enum.GetValues<Happening>().Select(h => EventOf(h)).ToList();
        AssertCovers<RunEvent>(events);
        AssertCovers<AttemptOutcome>(events.OfType<RunEvent.AttemptEnded>().Select(e => e.Outcome));
        Assert.Equal(Enum.GetValues<TaskState>().Order(), Enum.GetValues<Subject>().Select(StateOf).Distinct().Order());
        Assert.Equal(Enum.GetValues<RunState>().Where(s => !s.IsFinal()).Order(), Enum.GetValues<Phase>().Select(StateOf).Distinct().Order());

        // FinalRunTests and StartTests hold the end of a run and the start of a NOOP.
        var words = RunTable.Rows.SelectMany(r => new[] { r.Running, r.Stopping, r.Failing }).OfType<string>().SelectMany(text => text.Split(", ")).Select(part => part.Split(' ')[0]).ToHashSet();
        Assert.Superset(CasesOf<Effect>().Except([nameof(Effect.AnnounceEnd)]).ToHashSet(), words);
        Assert.Superset(CasesOf<TaskChange>().Except([nameof(TaskChange.NoopStarted)]).ToHashSet(), words);
    }

    [Fact]
    public void The_effects_of_ending_and_starting_are_in_the_other_tests()
    {
        var decision = new Decision();
        var run = Run.Start(Graph([Noop(0, "n")]), FailureStrategy.End, Now, decision);
        Assert.Equal("NoopStarted n, Run Running, CompleteNoop n", Write(decision, ["n"]));
        decision = new Decision();
        run.Decide(new RunEvent.NoopDue(0, Now), decision);
        Assert.Equal("Ended n Succeeded, Run Succeeded, AnnounceEnd Succeeded", Write(decision, ["n"]));
    }

    private static void AssertCovers<T>(IEnumerable<T> samples) => Assert.Equal(CasesOf<T>().Order(), samples.Select(s => s!.GetType().Name).Distinct().Order());

    private static IEnumerable<string> CasesOf<T>() => typeof(T).GetNestedTypes().Where(t => !t.IsAbstract && typeof(T).IsAssignableFrom(t)).Select(t => t.Name);

    private static Run Restore(Happening happening, Subject subject, Phase phase)
    {
        var strategy = happening == Happening.Exited1TheLastTimeUnderContinue || (subject == Subject.Failed && phase == Phase.Running) ? FailureStrategy.Continue : FailureStrategy.End;
        var wait = happening is Happening.Exited1WithoutWait ? 0 : 10;
        var s = subject == Subject.NoopRunning ? Noop(S, "s") : Shell(S, "s", 2, wait);
        var graph = Graph([Shell(0, "p"), s, Shell(2, "t"), Shell(3, "o"), Shell(4, "f")], Edge(0, S), Edge(S, 2));
        var tasks = new List<TaskSnapshot>
        {
            new(0, subject == Subject.Waiting ? TaskState.Running : TaskState.Succeeded, 1, 0, 0, null),
            new(3, TaskState.Running, 1, 0, 0, null),
            new(4, phase == Phase.Failing ? TaskState.Failed : TaskState.Succeeded, 1, 0, 0, null),
        };
        if (subject != Subject.Waiting)
        {
            var failures = happening is Happening.Exited1TheLastTime or Happening.Exited1TheLastTimeUnderContinue ? 2 : 1;
            var losses = happening == Happening.LostTheLastTime ? Run.LossesMax : 0;
            tasks.Add(subject switch
            {
                Subject.NoopRunning => new TaskSnapshot(S, TaskState.Running, 0, 0, 0, null),
                Subject.Queued => new TaskSnapshot(S, TaskState.Queued, 1, failures, losses, null),
                Subject.RetryWaiting => new TaskSnapshot(S, TaskState.RetryWaiting, 1, failures, losses, Due),
                _ => new TaskSnapshot(S, StateOf(subject), 2, failures, losses, null),
            });
        }

        return Run.Restore(graph, strategy, StateOf(phase), tasks);
    }

    private static RunEvent EventOf(Happening happening) => happening switch
    {
        Happening.Claimed => new RunEvent.Claimed(S, Now),
        Happening.Exited0 => Report(new AttemptOutcome.Exited(0)),
        Happening.Exited1 or Happening.Exited1WithoutWait or Happening.Exited1TheLastTime or Happening.Exited1TheLastTimeUnderContinue => Report(new AttemptOutcome.Exited(1)),
        Happening.Lost or Happening.LostTheLastTime => Report(new AttemptOutcome.Lost("gone")),
        Happening.Killed => Report(new AttemptOutcome.Killed()),
        Happening.ReportOfAnOlderAttempt => new RunEvent.AttemptEnded(S, 1, new AttemptOutcome.Exited(0), Now),
        Happening.NoopDue => new RunEvent.NoopDue(S, Now),
        Happening.RetryDue => new RunEvent.RetryDue(S, Due),
        Happening.RetryDueTooEarly => new RunEvent.RetryDue(S, Due.AddTicks(-1)),
        Happening.StopRequested => new RunEvent.StopRequested(Now),
        Happening.Resumed => new RunEvent.Resumed(Now),
        _ => throw new UnreachableException(),
    };

    private static RunEvent.AttemptEnded Report(AttemptOutcome outcome) => new(S, 2, outcome, Now);

    private static TaskState StateOf(Subject subject) => subject switch
    {
        Subject.Waiting => TaskState.Waiting,
        Subject.Queued => TaskState.Queued,
        Subject.Running or Subject.NoopRunning => TaskState.Running,
        Subject.RetryWaiting => TaskState.RetryWaiting,
        Subject.Succeeded => TaskState.Succeeded,
        Subject.Failed => TaskState.Failed,
        Subject.Killed => TaskState.Killed,
        _ => throw new UnreachableException(),
    };

    private static RunState StateOf(Phase phase) => phase == Phase.Stopping ? RunState.Stopping : RunState.Running;
}
