using CsCheck;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Runs;

/// <summary>Random graphs and random histories; what must hold after each event is checked in <see cref="RandomHistory"/>.</summary>
public sealed class RunPropertyTests
{
    private static readonly Gen<(WorkflowDefinition Definition, FailureStrategy Strategy, ulong Seed)> Case = Gen.Select(RandomDefinition.Any, RandomDefinition.Strategy, Gen.ULong);

    /// <summary>Nothing ends such a run as a whole but its own failure.</summary>
    private static readonly Gen<(WorkflowDefinition Definition, FailureStrategy Strategy, ulong Seed)> Unstopped = Case.Select(c => c with { Definition = c.Definition with { TimeLimit = null } });

    [Fact]
    public void Every_run_ends_and_the_generator_uses_up_retries()
    {
        var (runs, usedUp, succeeded, stopped, timeOuts, overdue, reruns) = (0, 0, 0, 0, 0, 0, 0);
        Case.Sample(
            c =>
            {
                var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: true).PlayToTheEnd();
                Interlocked.Increment(ref runs);
                Interlocked.Add(ref usedUp, history.UsedUpRetries ? 1 : 0);
                Interlocked.Add(ref succeeded, history.Run.State == RunState.Succeeded ? 1 : 0);
                Interlocked.Add(ref stopped, history.Run.State == RunState.Stopped ? 1 : 0);
                Interlocked.Add(ref timeOuts, history.TimeOuts > 0 ? 1 : 0);
                Interlocked.Add(ref overdue, history.IsOverdue ? 1 : 0);
                Interlocked.Add(ref reruns, history.Reruns);
            },
            iter: 4000);
        Assert.True(usedUp > runs / 10, $"Only {usedUp} of {runs} runs used up the retries of a task.");
        Assert.True(succeeded > runs / 10, $"Only {succeeded} of {runs} runs succeeded.");
        Assert.True(stopped > runs / 10, $"Only {stopped} of {runs} runs were stopped.");
        Assert.True(timeOuts > runs / 10, $"Only in {timeOuts} of {runs} runs did an attempt take too long.");
        Assert.True(overdue > runs / 50, $"Only {overdue} of {runs} runs took too long.");
        Assert.True(reruns > runs / 3, $"Only {reruns} reruns of {runs} runs.");
    }

    [Fact]
    public void An_ended_run_changes_nothing_any_more() => Case.Sample(
        c =>
        {
            var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: true).PlayToTheEnd();
            var (state, tasks) = (history.Run.State, history.Tasks.ToList());
            var late = Enumerable.Range(0, 20).Select(_ => history.Noise()).Concat(history.Events.Where(e => e is not (RunEvent.SuccessForced or RunEvent.RerunRequested))).Append(new RunEvent.StopRequested(Script.Now)).Append(new RunEvent.Resumed(Script.Now));
            foreach (var e in late)
            {
                var decision = new Decision();
                history.Run.Decide(e, decision);
                Assert.False(decision.HasChanges, e.ToString());
                Assert.All(decision.Effects, effect => Assert.True(effect is Effect.FreeSlot or Effect.AnnounceEnd, effect.ToString()));
            }

            Assert.Equal(state, history.Run.State);
            Assert.Equal(tasks, history.Tasks);
        },
        iter: 500);

    [Fact]
    public void A_run_without_a_stop_comes_to_what_the_slow_interpreter_says() => Unstopped.Sample(
        c =>
        {
            var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: false).PlayToTheEnd();
            var expected = new Interpreter(c.Definition, c.Strategy, Script.Now);
            expected.Play(history.Events);
            Assert.Equal(expected.Result, history.Run.State);
            Assert.Equal(c.Definition.Tasks.Select(expected.StateOf), history.Tasks.Select(t => t.State));
        },
        iter: 2000);

    /// <summary>The interpreter agrees in the middle of a history too.</summary>
    [Fact]
    public void A_run_stands_at_every_moment_where_the_slow_interpreter_says() => Unstopped.Sample(
        c =>
        {
            var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: false).Play((int)(c.Seed % 30));
            var expected = new Interpreter(c.Definition, c.Strategy, Script.Now);
            expected.Play(history.Events);
            Assert.Equal(c.Definition.Tasks.Select(expected.StateOf), history.Tasks.Select(t => t.State));
        },
        iter: 2000);

    [Fact]
    public void A_run_read_from_its_rows_sets_going_exactly_what_is_outstanding() => Case.Sample(
        c =>
        {
            var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: true).Play((int)(c.Seed % 40));
            history.NoticeTheTime();
            var restored = Run.Restore(history.Graph, history.Strategy, history.Rows.State, history.StartedAt, history.Rows.Tasks);
            foreach (var run in new[] { restored, history.Run })
            {
                var decision = new Decision();
                run.Resume(history.Now, decision);
                Assert.False(decision.HasChanges);
                IReadOnlyList<Effect> end = run.State.IsFinal() ? [new Effect.AnnounceEnd(run.State)] : []; // said again: whoever waits may not have heard it
                Assert.Equal(history.Outstanding.Concat(end), decision.Effects.Select(Outstanding.WithoutReason));
            }
        },
        iter: 3000);

    /// <summary>Nothing that a run knows is missing in the rows: the one that was read decides like the one that lived.</summary>
    [Fact]
    public void A_run_read_from_its_rows_goes_on_like_the_one_that_lived() => Case.Sample(
        c =>
        {
            var history = new RandomHistory(c.Definition, c.Strategy, c.Seed, stops: true).Play((int)(c.Seed % 40));
            history.NoticeTheTime();
            var restored = Run.Restore(history.Graph, history.Strategy, history.Rows.State, history.StartedAt, history.Rows.Tasks);
            restored.Resume(history.Now, new Decision());
            var from = history.Events.Count;
            history.PlayToTheEnd();
            foreach (var e in history.Events.Skip(from))
            {
                restored.Decide(e, new Decision());
            }

            Assert.Equal(history.Run.State, restored.State);
            Assert.Equal(history.Tasks, Enumerable.Range(0, history.Graph.Count).Select(restored.Task));
        },
        iter: 1000);

    [Fact]
    public void A_wide_fan_costs_each_leaf_the_same()
    {
        const int leaves = 5000;
        var definition = Workflows.Definitions.Of(
            [.. Enumerable.Range(0, leaves + 2).Select(i => Workflows.Definitions.Shell(i, $"t{i}"))],
            [.. Enumerable.Range(1, leaves).SelectMany(i => new[] { Workflows.Definitions.Edge(0, i), Workflows.Definitions.Edge(i, leaves + 1) })]);
        var run = Run.Start(TaskGraph.Of(definition), FailureStrategy.End, Script.Now, new Decision());
        Assert.Equal(2, CostOf(run, new RunEvent.Claimed(0, Script.Now)));
        Assert.Equal(2 + (2 * leaves), CostOf(run, Success(0)));
        for (var i = 1; i <= leaves; i++)
        {
            Assert.Equal(2, CostOf(run, new RunEvent.Claimed(i, Script.Now)));
            Assert.Equal(i < leaves ? 2 : 4, CostOf(run, Success(i)));
        }
    }

    private static int CostOf(Run run, RunEvent e)
    {
        var decision = new Decision();
        run.Decide(e, decision);
        return decision.Changes.Count + decision.Effects.Count;
    }

    private static RunEvent.AttemptEnded Success(int index) => new(index, 1, new AttemptOutcome.Exited(0), Script.Now);
}
