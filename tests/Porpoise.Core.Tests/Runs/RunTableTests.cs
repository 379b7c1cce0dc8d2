using System.Diagnostics;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Runs.Script;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>Sets up each pair of <see cref="RunTable"/> and compares what the run decides.</summary>
public sealed class RunTableTests
{
    private const int S = 1;

    private static readonly string[] Names = ["p", "s", "t", "o", "f"];
    private static readonly DateTimeOffset Due = Now.AddSeconds(10);
    private static readonly DateTimeOffset RunStart = Now.AddSeconds(-50);
    private static readonly DateTimeOffset AttemptStart = Now.AddSeconds(-30);
    private static readonly TimeLimit RunLimit = new(TimeSpan.FromSeconds(50), TimeLimitAction.Fail);

    private enum Phase
    {
        Running,
        Stopping,
        Failing,
        Overdue,
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
        foreach (var (phase, expected) in new[] { (Phase.Running, row.Running), (Phase.Stopping, row.Stopping), (Phase.Failing, row.Failing), (Phase.Overdue, row.Failing) })
        {
            if (expected is not null && (phase != Phase.Overdue || RunLimitOf(happening) is null or { Fails: true, After.TotalSeconds: 50 }))
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

        // Other tests hold the end of a run, the start of a NOOP and what is run again.
        var words = RunTable.Rows.SelectMany(r => new[] { r.Running, r.Stopping, r.Failing }).OfType<string>().SelectMany(text => text.Split(", ")).Select(part => part.Split(' ')[0]).ToHashSet();
        Assert.Superset(CasesOf<Effect>().Except([nameof(Effect.AnnounceEnd)]).ToHashSet(), words);
        Assert.Superset(CasesOf<TaskChange>().Except([nameof(TaskChange.NoopStarted), nameof(TaskChange.Reset)]).ToHashSet(), words);
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
        var s = (subject == Subject.NoopRunning ? Noop(S, "s") : Shell(S, "s", 2, wait)) with { TimeLimit = AttemptLimitOf(happening) };
        var definition = Of([Shell(0, "p"), s, Shell(2, "t"), Shell(3, "o"), Shell(4, "f")], Edge(0, S), Edge(S, 2));
        var graph = TaskGraph.Of(definition with { TimeLimit = RunLimitOf(happening) ?? (phase == Phase.Overdue ? RunLimit : null) });
        var tasks = new List<TaskSnapshot>
        {
            new(0, subject == Subject.Waiting ? TaskState.Running : TaskState.Succeeded, 1, 0, 0, null) { StartedAt = RunStart },
            new(3, TaskState.Running, 1, 0, 0, null) { StartedAt = RunStart },
            new(4, phase == Phase.Failing ? TaskState.Failed : TaskState.Succeeded, 1, 0, 0, null),
        };
        if (subject != Subject.Waiting)
        {
            var failures = happening is Happening.Exited1TheLastTime or Happening.Exited1TheLastTimeUnderContinue ? 2 : 1;
            var losses = happening == Happening.LostTheLastTime ? Run.LossesMax : 0;
            tasks.Add(subject switch
            {
                Subject.NoopRunning => new TaskSnapshot(S, TaskState.Running, 0, 0, 0, null) { StartedAt = AttemptStart },
                Subject.Queued => new TaskSnapshot(S, TaskState.Queued, 1, failures, losses, null),
                Subject.RetryWaiting => new TaskSnapshot(S, TaskState.RetryWaiting, 1, failures, losses, Due),
                Subject.ToStop => new TaskSnapshot(S, TaskState.Running, 2, failures, losses, null) { StartedAt = AttemptStart, IsStopRequested = true },
                _ => new TaskSnapshot(S, StateOf(subject), 2, failures, losses, null) { StartedAt = AttemptStart },
            });
        }

        var run = Run.Restore(graph, strategy, StateOf(phase), RunStart, tasks);
        if (phase == Phase.Overdue)
        {
            run.Decide(new RunEvent.RunTimeUp(Now), new Decision());
        }

        return run;
    }

    /// <summary>Over now, or in half a minute.</summary>
    private static TimeLimit? AttemptLimitOf(Happening happening) => happening switch
    {
        Happening.AttemptTimeUp or Happening.AttemptTimeUpTooEarly or Happening.AttemptTimeUpOfAnOlderAttempt or Happening.KilledByItsLimit => new(TimeSpan.FromSeconds(30), TimeLimitAction.Fail),
        Happening.AttemptTimeUpAndWarn => new(TimeSpan.FromSeconds(30), TimeLimitAction.WarnAndFail),
        Happening.AttemptTimeUpOnlyWarn or Happening.ResumedTooLateForAWarning => new(TimeSpan.FromSeconds(30), TimeLimitAction.Warn),
        Happening.ResumedInTime => new(TimeSpan.FromSeconds(60), TimeLimitAction.Fail),
        Happening.ResumedInTimeForAWarning => new(TimeSpan.FromSeconds(60), TimeLimitAction.Warn),
        _ => null,
    };

    /// <summary>Over now, or in ten seconds.</summary>
    private static TimeLimit? RunLimitOf(Happening happening) => happening switch
    {
        Happening.RunTimeUp or Happening.RunTimeUpTooEarly or Happening.ResumedTooLate => RunLimit,
        Happening.RunTimeUpAndWarn => RunLimit with { Action = TimeLimitAction.WarnAndFail },
        Happening.RunTimeUpOnlyWarn or Happening.ResumedTooLateForAWarning => RunLimit with { Action = TimeLimitAction.Warn },
        Happening.ResumedInTime => new(TimeSpan.FromSeconds(60), TimeLimitAction.Fail),
        Happening.ResumedInTimeForAWarning => new(TimeSpan.FromSeconds(60), TimeLimitAction.Warn),
        _ => null,
    };

    private static RunEvent EventOf(Happening happening) => happening switch
    {
        Happening.Claimed => new RunEvent.Claimed(S, Now),
        Happening.Exited0 => Report(new AttemptOutcome.Exited(0)),
        Happening.Exited1 or Happening.Exited1WithoutWait or Happening.Exited1TheLastTime or Happening.Exited1TheLastTimeUnderContinue => Report(new AttemptOutcome.Exited(1)),
        Happening.Lost or Happening.LostTheLastTime => Report(new AttemptOutcome.Lost("gone")),
        Happening.Killed or Happening.KilledByItsLimit => Report(new AttemptOutcome.Killed()),
        Happening.ReportOfAnOlderAttempt => new RunEvent.AttemptEnded(S, 1, new AttemptOutcome.Exited(0), Now),
        Happening.NoopDue => new RunEvent.NoopDue(S, Now),
        Happening.RetryDue => new RunEvent.RetryDue(S, Due),
        Happening.RetryDueTooEarly => new RunEvent.RetryDue(S, Due.AddTicks(-1)),
        Happening.AttemptTimeUp or Happening.AttemptTimeUpAndWarn or Happening.AttemptTimeUpOnlyWarn or Happening.AttemptTimeUpWithoutLimit => new RunEvent.AttemptTimeUp(S, 2, Now),
        Happening.AttemptTimeUpTooEarly => new RunEvent.AttemptTimeUp(S, 2, Now.AddTicks(-1)),
        Happening.AttemptTimeUpOfAnOlderAttempt => new RunEvent.AttemptTimeUp(S, 1, Now),
        Happening.RunTimeUp or Happening.RunTimeUpAndWarn or Happening.RunTimeUpOnlyWarn or Happening.RunTimeUpWithoutLimit => new RunEvent.RunTimeUp(Now),
        Happening.RunTimeUpTooEarly => new RunEvent.RunTimeUp(Now.AddTicks(-1)),
        Happening.StopRequested => new RunEvent.StopRequested(Now),
        Happening.TaskStopRequested => new RunEvent.TaskStopRequested(S, Now),
        Happening.SuccessForced => new RunEvent.SuccessForced(S, Now),
        Happening.RerunRequested => new RunEvent.RerunRequested(RerunScope.FromFailure, Now),
        Happening.Resumed or Happening.ResumedInTime or Happening.ResumedInTimeForAWarning or Happening.ResumedTooLate or Happening.ResumedTooLateForAWarning => new RunEvent.Resumed(Now),
        _ => throw new UnreachableException(),
    };

    private static RunEvent.AttemptEnded Report(AttemptOutcome outcome) => new(S, 2, outcome, Now);

    private static TaskState StateOf(Subject subject) => subject switch
    {
        Subject.Waiting => TaskState.Waiting,
        Subject.Queued => TaskState.Queued,
        Subject.Running or Subject.ToStop or Subject.NoopRunning => TaskState.Running,
        Subject.RetryWaiting => TaskState.RetryWaiting,
        Subject.Succeeded => TaskState.Succeeded,
        Subject.Failed => TaskState.Failed,
        Subject.Killed => TaskState.Killed,
        _ => throw new UnreachableException(),
    };

    private static RunState StateOf(Phase phase) => phase == Phase.Stopping ? RunState.Stopping : RunState.Running;
}
