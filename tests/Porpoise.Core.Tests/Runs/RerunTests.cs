using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Runs.Script;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>What can still be asked of a run that has ended, and nodes that are run in an unusual way. The run is <c>a → b → c</c>.</summary>
public sealed class RerunTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void A_rerun_from_the_failure_keeps_what_succeeded_and_goes_on_with_the_numbers_of_attempts()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Failed);
        Assert.Equal("Reset b Failed, Submitted b, Run Running, Enqueue b", Decide(run, Rerun(RerunScope.FromFailure)));
        Assert.Equal("AttemptStarted b#3, StartAttempt b#3", Decide(run, new RunEvent.Claimed(1, Now)));
        Assert.Equal("Ended b#3 Succeeded code=0, Submitted c, FreeSlot b, Enqueue c", Decide(run, Success(1, 3)));
    }

    [Fact]
    public void What_a_task_gave_reaches_those_that_are_run_again()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Failed, new Dictionary<string, string> { ["k"] = "v" });
        Decide(run, Rerun(RerunScope.FromFailure));
        Assert.Equal("v", Assert.Single(run.InheritedBy(1).All).Value);
        Decide(run, new RunEvent.Claimed(1, Now));
        Decide(run, Success(1, 3));
        Assert.Equal("v", Assert.Single(run.InheritedBy(2).All).Value);
    }

    [Fact]
    public void A_rerun_of_everything_starts_with_the_roots_and_forgets_what_was_given()
    {
        var run = Restore(RunState.Succeeded, TaskState.Succeeded, TaskState.Succeeded, new Dictionary<string, string> { ["k"] = "v" }, TaskState.Succeeded);
        Assert.Equal("Reset a Succeeded, Reset b Succeeded, Reset c Succeeded, Submitted a, Run Running, Enqueue a", Decide(run, Rerun(RerunScope.All)));
        Decide(run, new RunEvent.Claimed(0, Now));
        Assert.Equal("Ended a#3 Succeeded code=0, Submitted b, FreeSlot a, Enqueue b", Decide(run, Success(0, 3)));
        Assert.Empty(run.InheritedBy(1).All);
    }

    [Fact]
    public void A_run_that_succeeded_has_no_failure_to_be_run_again_from() =>
        Assert.Equal("", Decide(Restore(RunState.Succeeded, TaskState.Succeeded, TaskState.Succeeded, c: TaskState.Succeeded), Rerun(RerunScope.FromFailure)));

    [Fact]
    public void A_stopped_run_goes_on_with_what_was_never_started() =>
        Assert.Equal("Submitted b, Run Running, Enqueue b", Decide(Restore(RunState.Stopped, TaskState.Succeeded, TaskState.Waiting), Rerun(RerunScope.FromFailure)));

    [Fact]
    public void A_time_limit_counts_anew()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Killed, limit: new TimeLimit(TimeSpan.FromSeconds(20), TimeLimitAction.Fail));
        Assert.Equal("Reset b Killed, Submitted b, Run Running, Enqueue b, WatchRun +20s", Decide(run, Rerun(RerunScope.FromFailure)));
        Assert.Equal("AttemptStarted b#3, StartAttempt b#3", Decide(run, new RunEvent.Claimed(1, Now)));
    }

    [Fact]
    public void A_forced_success_changes_the_task_of_an_ended_run_and_nothing_else_until_it_is_run_again()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Failed);
        Assert.Equal("SuccessForced b Failed", Decide(run, new RunEvent.SuccessForced(1, Now)));
        Assert.Equal(RunState.Failed, run.State);
        Assert.Equal("Submitted c, Run Running, Enqueue c", Decide(run, Rerun(RerunScope.FromFailure)));
    }

    [Fact]
    public void When_nothing_is_left_to_run_again_the_run_has_succeeded()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Succeeded, c: TaskState.Failed);
        Decide(run, new RunEvent.SuccessForced(2, Now));
        Assert.Equal("Run Succeeded, AnnounceEnd Succeeded", Decide(run, Rerun(RerunScope.FromFailure)));
    }

    [Fact]
    public void Whatever_changes_an_ended_run_takes_it_over()
    {
        var run = Restore(RunState.Failed, TaskState.Succeeded, TaskState.Failed);
        foreach (var e in (RunEvent[])[new RunEvent.SuccessForced(1, Now), Rerun(RerunScope.All)])
        {
            var decision = new Decision();
            run.Decide(e, decision);
            Assert.True(decision.IsAfterEnd);
        }

        var late = new Decision();
        run.Decide(new RunEvent.SuccessForced(1, Now), late);
        Assert.False(late.IsAfterEnd || late.HasChanges);
    }

    [Fact]
    public void A_delay_counts_from_when_the_node_is_ready()
    {
        var run = Run.Start(Graph([Shell(0, "a") with { Delay = TimeSpan.FromSeconds(60) }]), FailureStrategy.End, Now, new Decision());
        Assert.Equal("WakeAt a +60s", Decide(run, new RunEvent.RetryDue(0, Now.AddSeconds(59))));
        Assert.Equal("Requeued a, Enqueue a", Decide(run, new RunEvent.RetryDue(0, Now.AddSeconds(60))));
    }

    [Fact]
    public void A_NOOP_with_a_delay_runs_after_it()
    {
        var decision = new Decision();
        var run = Run.Start(Graph([Noop(0, "a") with { Delay = TimeSpan.FromSeconds(60) }]), FailureStrategy.End, Now, decision);
        Assert.Equal("Submitted a +60s, Run Running, WakeAt a +60s", Write(decision, Names));
        Assert.Equal("NoopStarted a, CompleteNoop a", Decide(run, new RunEvent.RetryDue(0, Now.AddSeconds(60))));
    }

    [Theory]
    [InlineData(0, "Submitted b, Run Running, Enqueue b")]
    [InlineData(1, "Submitted a, Run Running, Enqueue a")]
    public void A_disabled_node_is_passed_over(int disabled, string start)
    {
        var decision = new Decision();
        var tasks = Names.Select((name, i) => Shell(i, name) with { IsDisabled = i == disabled }).ToList();
        var run = Run.Start(Graph(tasks, Edge(0, 1), Edge(1, 2)), FailureStrategy.End, Now, decision);
        Assert.Equal(start, Write(decision, Names));
        foreach (var index in Enumerable.Range(0, 3).Where(i => i != disabled))
        {
            Decide(run, new RunEvent.Claimed(index, Now));
            Decide(run, Success(index, 1));
        }

        Assert.Equal(RunState.Succeeded, run.State);
        Assert.Equal(TaskState.Waiting, run.Task(disabled).State);
    }

    [Fact]
    public void A_long_chain_of_disabled_nodes_is_passed_over_at_once()
    {
        const int count = 10_000;
        var decision = new Decision();
        var tasks = Enumerable.Range(0, count).Select(i => Shell(i, $"t{i}") with { IsDisabled = i < count - 1 }).ToList();
        Run.Start(Graph(tasks, [.. Enumerable.Range(1, count - 1).Select(i => Edge(i - 1, i))]), FailureStrategy.End, Now, decision);
        Assert.Equal([new Effect.Enqueue(count - 1)], decision.Effects);
    }

    private static string Decide(Run run, RunEvent e)
    {
        var decision = new Decision();
        run.Decide(e, decision);
        return Write(decision, Names);
    }

    private static RunEvent.RerunRequested Rerun(RerunScope scope) => new(scope, Now);

    private static RunEvent.AttemptEnded Success(int index, int attempt) => new(index, attempt, new AttemptOutcome.Exited(0), Now);

    /// <summary>Each task that has a row has had two attempts; one of them failed.</summary>
    private static Run Restore(RunState state, TaskState a, TaskState b, IReadOnlyDictionary<string, string>? outputs = null, TaskState c = TaskState.Waiting, TimeLimit? limit = null)
    {
        var definition = Of([.. Names.Select((name, i) => Shell(i, name))], Edge(0, 1), Edge(1, 2)) with { TimeLimit = limit };
        var rows = new[] { a, b, c }.Select((s, i) => new TaskSnapshot(i, s, 2, 1, 0, null) { Outputs = i == 0 && outputs is not null ? outputs : TaskOutputs.None, EndedAt = Now.AddSeconds(-30) });
        return Run.Restore(TaskGraph.Of(definition), FailureStrategy.End, state, Now.AddSeconds(-100), rows.Where(r => r.State != TaskState.Waiting));
    }
}
