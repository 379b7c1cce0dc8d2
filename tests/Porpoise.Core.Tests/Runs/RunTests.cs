using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Runs.Script;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>What takes more than one event to see: starts, retries, failures, stops and ends.</summary>
public sealed class RunTests
{
    private static readonly AttemptOutcome Succeeded = new AttemptOutcome.Exited(0);
    private static readonly AttemptOutcome Failed = new AttemptOutcome.Exited(1);
    private static readonly AttemptOutcome Lost = new AttemptOutcome.Lost("the worker is gone");
    private static readonly AttemptOutcome Killed = new AttemptOutcome.Killed();

    private string[] _names = [];
    private Run? _run;

    public static TheoryData<RunState> FinalStates => [RunState.Succeeded, RunState.Failed, RunState.Stopped];

    private Run Run => _run!;

    [Fact]
    public void A_start_submits_the_roots_and_nothing_else() => Assert.Equal(
        "Submitted a, NoopStarted b, Run Running, Enqueue a, CompleteNoop b",
        Start(FailureStrategy.End, [Shell(0, "a"), Noop(1, "b"), Shell(2, "c")], Edge(0, 2), Edge(1, 2)));

    [Fact]
    public void Ends_that_are_heard_in_another_order_count_from_the_latest()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b"), Shell(2, "c") with { Delay = TimeSpan.FromSeconds(60) }], Edge(0, 2), Edge(1, 2));
        Claim(0);
        Claim(1);
        Decide(new RunEvent.AttemptEnded(1, 1, Succeeded, Now.AddSeconds(50)));
        Assert.Equal("Ended a#1 Succeeded code=0, Submitted c +110s, FreeSlot a, WakeAt c +110s", Decide(new RunEvent.AttemptEnded(0, 1, Succeeded, Now.AddSeconds(10))));
        Assert.Equal(Now.AddSeconds(10), Run.Task(0).EndedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_ends_with_the_last_end_of_its_tasks(bool isReadAgain)
    {
        Start(FailureStrategy.Continue, [Shell(0, "a"), Shell(1, "b")]);
        Claim(0);
        Claim(1);
        Decide(new RunEvent.AttemptEnded(1, 1, Succeeded, Now.AddSeconds(50)));
        if (isReadAgain)
        {
            _run = Run.Restore(Run.Graph, FailureStrategy.Continue, Run.State, Now, [Run.Task(0), Run.Task(1)]);
        }

        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, Succeeded, Now.AddSeconds(10)), decision);
        Assert.Equal((RunState.Succeeded, Now.AddSeconds(50)), (decision.State, decision.StateAt));
    }

    [Fact]
    public void A_task_starts_after_its_last_predecessor()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b"), Shell(2, "c")], Edge(0, 2), Edge(1, 2));
        Claim(0);
        Claim(1);
        Assert.Equal("Ended b#1 Succeeded code=0, FreeSlot b", Report(1, 1, Succeeded));
        Assert.Equal("Ended a#1 Succeeded code=0, Submitted c, FreeSlot a, Enqueue c", Report(0, 1, Succeeded));
    }

    [Fact]
    public void The_last_success_ends_the_run()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Assert.Equal("AttemptStarted a#1, StartAttempt a#1", Claim(0));
        Assert.Equal("Ended a#1 Succeeded code=0, Run Succeeded, FreeSlot a, AnnounceEnd Succeeded", Report(0, 1, Succeeded));
    }

    [Fact]
    public void A_task_without_retries_fails_at_once()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        Assert.Equal("Ended a#1 Failed code=1 failures=1, Run Failed, FreeSlot a, AnnounceEnd Failed", Report(0, 1, Failed));
    }

    [Fact]
    public void An_attempt_never_ends_before_its_start()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, Succeeded, Now.AddMilliseconds(-3)), decision);
        Assert.Equal(Now, Assert.IsType<TaskChange.Ended>(Assert.Single(decision.Changes)).At);
        Assert.Equal(Now, decision.StateAt);
    }

    [Fact]
    public void What_a_task_gives_reaches_those_behind_it_and_nobody_else_also_after_a_restart()
    {
        Start(FailureStrategy.Continue, [Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Shell(3, "other"), Noop(4, "d")], Edge(0, 1), Edge(1, 2), Edge(0, 2), Edge(2, 4));
        Claim(0);
        Report(0, 1, Gives(("x", "1"), ("y", "a")));
        Claim(1);
        Report(1, 1, Gives(("x", "2")));
        Assert.Equal(["x=1", "y=a"], InheritedBy(Run, 1));
        Assert.Equal(["x=2", "y=a"], InheritedBy(Run, 2));
        Assert.Empty(InheritedBy(Run, 3));

        var again = Run.Restore(Run.Graph, FailureStrategy.Continue, Run.State, Now, Enumerable.Range(0, 4).Select(Run.Task));
        Assert.Equal(["x=2", "y=a"], InheritedBy(again, 2));
        Claim(2);
        Report(2, 1, Succeeded);
        Assert.Equal(["x=2", "y=a"], InheritedBy(Run, 4)); // a NOOP hands on what it got
    }

    [Fact]
    public void Outputs_that_cannot_be_taken_fail_the_attempt()
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 1), Shell(1, "b")], Edge(0, 1));
        Claim(0);
        Report(0, 1, new AttemptOutcome.Exited(0) { OutputsFault = "too long" });
        Claim(0);
        var ended = Assert.IsType<TaskChange.Ended>(Assert.Single(Decision(new RunEvent.AttemptEnded(0, 2, new AttemptOutcome.Exited(0) { OutputsFault = "too long" }, Now)).Changes));
        Assert.Equal((TaskState.Failed, 0, "too long"), (ended.State, ended.ExitCode, ended.Message));
    }

    [Fact]
    public void The_outputs_of_a_whole_run_are_bounded()
    {
        const int Fit = TaskOutputs.RunLengthMax / TaskOutputs.LengthMax;
        Start(FailureStrategy.Continue, [.. Enumerable.Range(0, Fit + 1).Select(i => Shell(i, $"t{i}"))]);
        var full = Gives(("x", new string('v', TaskOutputs.LengthMax - 1)));
        for (var i = 0; i <= Fit; i++)
        {
            Claim(i);
            var ended = Assert.IsType<TaskChange.Ended>(Decision(new RunEvent.AttemptEnded(i, 1, full, Now)).Changes[0]);
            Assert.Equal(i < Fit ? TaskState.Succeeded : TaskState.Failed, ended.State);
        }
    }

    [Fact]
    public void A_task_has_one_attempt_more_than_retries()
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 2)]);
        Claim(0);
        Assert.Equal("AttemptFailed a#1 code=1 failures=1, FreeSlot a, Enqueue a", Report(0, 1, Failed));
        Assert.Equal("AttemptStarted a#2, StartAttempt a#2", Claim(0));
        Assert.Equal("AttemptFailed a#2 code=1 failures=2, FreeSlot a, Enqueue a", Report(0, 2, Failed));
        Claim(0);
        Assert.Equal("Ended a#3 Failed code=1 failures=3, Run Failed, FreeSlot a, AnnounceEnd Failed", Report(0, 3, Failed));
    }

    [Fact]
    public void A_retry_waits_for_its_time()
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 1, retrySeconds: 30)]);
        Claim(0);
        Assert.Equal("AttemptFailed a#1 code=1 failures=1 +30s, FreeSlot a, WakeAt a +30s", Report(0, 1, Failed));
        Assert.Equal("WakeAt a +30s", Decide(new RunEvent.RetryDue(0, Now.AddSeconds(30).AddTicks(-1))));
        Assert.Equal("", Claim(0));
        Assert.Equal("Requeued a, Enqueue a", Decide(new RunEvent.RetryDue(0, Now.AddSeconds(30))));
        Assert.Equal("", Decide(new RunEvent.RetryDue(0, Now.AddSeconds(31))));
        Assert.Equal("AttemptStarted a#2, StartAttempt a#2", Claim(0));
    }

    [Fact]
    public void A_lost_attempt_uses_no_retry_and_waits_for_nothing()
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 1, retrySeconds: 30)]);
        Claim(0);
        Assert.Equal("AttemptFailed a#1 losses=1, FreeSlot a, Enqueue a", Report(0, 1, Lost));
        Claim(0);
        Assert.Equal("AttemptFailed a#2 code=1 failures=1 losses=1 +30s, FreeSlot a, WakeAt a +30s", Report(0, 2, Failed));
    }

    [Fact]
    public void A_task_whose_attempts_are_always_lost_fails_some_time()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        for (var attempt = 1; attempt <= Run.LossesMax; attempt++)
        {
            Claim(0);
            Assert.StartsWith("AttemptFailed", Report(0, attempt, Lost), StringComparison.Ordinal);
        }

        Claim(0);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, Run.LossesMax + 1, Lost, Now), decision);
        Assert.Equal("Ended a#21 Failed losses=21, Run Failed, FreeSlot a, AnnounceEnd Failed", Write(decision, _names));
        Assert.Equal("the worker is gone (given up after 21 lost attempts)", ((TaskChange.Ended)decision.Changes[0]).Message);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "exit code 1")]
    [InlineData(128, "exit code 128")]
    [InlineData(127, "exit code 127 (a command was not found)")]
    [InlineData(137, "exit code 137 (ended by signal 9, KILL)")]
    [InlineData(150, "exit code 150 (ended by signal 22)")]
    [InlineData(255, "exit code 255")]
    public void An_exit_code_is_explained(int code, string message)
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(code), Now), decision);
        var ended = Assert.IsType<TaskChange.Ended>(Assert.Single(decision.Changes));
        Assert.Equal((code, message, Now), (ended.ExitCode, ended.Message, ended.At));
    }

    [Fact]
    public void Below_the_reason_stands_the_end_of_the_log()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(3) { LastLines = "one\ntwo" }, Now), decision);
        Assert.Equal("exit code 3\none\ntwo", Assert.IsType<TaskChange.Ended>(Assert.Single(decision.Changes)).Message);
    }

    [Fact]
    public void What_the_runner_says_is_the_reason()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(3) { Reason = "no such table: nowhere", LastLines = "one\ntwo" }, Now), decision);
        Assert.Equal("no such table: nowhere\none\ntwo", Assert.IsType<TaskChange.Ended>(Assert.Single(decision.Changes)).Message);
    }

    [Fact]
    public void The_end_of_a_log_is_bounded_whatever_a_worker_sends() =>
        Assert.Equal(AttemptOutcome.LastLinesMax, new AttemptOutcome.Killed { LastLines = new string('x', 5000) }.LastLines.Length);

    [Fact]
    public void Under_END_a_failure_ends_everything_else()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b"), Shell(2, "c"), Noop(3, "n"), Shell(4, "d", 1, 10), Shell(5, "e")], Edge(1, 5));
        Claim(0);
        Claim(1);
        Claim(4);
        Report(4, 1, Failed);
        var decision = new Decision();
        Run.Decide(new RunEvent.AttemptEnded(0, 1, Failed, Now), decision);
        Assert.Equal("Ended a#1 Failed code=1 failures=1, Ended c Killed, Ended n Killed, Ended d Killed failures=1, FreeSlot a, EndAttempt b#1, Withdraw c, Withdraw d", Write(decision, _names));
        Assert.Equal("task 'a' failed", ((TaskChange.Ended)decision.Changes[1]).Message);
        Assert.Equal("Ended b#1 Killed, Run Failed, FreeSlot b, AnnounceEnd Failed", Report(1, 1, Killed));
        Assert.Equal(TaskState.Waiting, Run.Task(5).State);
    }

    [Fact]
    public void Under_END_a_success_that_was_faster_than_the_kill_counts_and_starts_no_successor()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b"), Shell(2, "c")], Edge(1, 2));
        Claim(0);
        Claim(1);
        Report(0, 1, Failed);
        Assert.Equal("Ended b#1 Succeeded code=0, Run Failed, FreeSlot b, AnnounceEnd Failed", Report(1, 1, Succeeded));
        Assert.Equal(TaskState.Waiting, Run.Task(2).State);
    }

    [Fact]
    public void Under_CONTINUE_other_branches_go_on_and_only_the_successors_never_start()
    {
        Start(FailureStrategy.Continue, [Shell(0, "a"), Shell(1, "b"), Shell(2, "after a"), Shell(3, "after b"), Shell(4, "after both")], Edge(0, 2), Edge(1, 3), Edge(0, 4), Edge(1, 4));
        Claim(0);
        Claim(1);
        Assert.Equal("Ended a#1 Failed code=1 failures=1, FreeSlot a", Report(0, 1, Failed));
        Assert.Equal("Ended b#1 Succeeded code=0, Submitted after b, FreeSlot b, Enqueue after b", Report(1, 1, Succeeded));
        Claim(3);
        Assert.Equal("Ended after b#1 Succeeded code=0, Run Failed, FreeSlot after b, AnnounceEnd Failed", Report(3, 1, Succeeded));
        Assert.Equal([TaskState.Waiting, TaskState.Waiting], [Run.Task(2).State, Run.Task(4).State]);
    }

    [Fact]
    public void An_attempt_that_was_killed_without_being_asked_for_fails_the_run_in_the_end()
    {
        Start(FailureStrategy.Continue, [Shell(0, "a")]);
        Claim(0);
        Assert.Equal("Ended a#1 Killed, Run Failed, FreeSlot a, AnnounceEnd Failed", Report(0, 1, Killed));
    }

    [Fact]
    public void A_stop_with_nothing_running_ends_the_run_at_once()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b")], Edge(0, 1));
        var decision = new Decision();
        Run.Decide(new RunEvent.StopRequested(Now), decision);
        Assert.Equal("Ended a Killed, Run Stopped, Withdraw a, AnnounceEnd Stopped", Write(decision, _names));
        Assert.Equal("the run was stopped", ((TaskChange.Ended)decision.Changes[0]).Message);
        Assert.Equal(RunState.Stopped, Run.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_stop_waits_for_the_attempts_that_run(int exitCode)
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 3), Shell(1, "b")], Edge(0, 1));
        Claim(0);
        Assert.Equal("Run Stopping, EndAttempt a#1", Stop());
        Assert.Equal("", Stop());
        Assert.EndsWith("Run Stopped, FreeSlot a, AnnounceEnd Stopped", Report(0, 1, new AttemptOutcome.Exited(exitCode)), StringComparison.Ordinal);
        Assert.Equal(TaskState.Waiting, Run.Task(1).State);
    }

    [Fact]
    public void A_stop_that_comes_after_the_last_task_has_succeeded_in_fact_changes_nothing_of_the_result()
    {
        Start(FailureStrategy.End, [Shell(0, "a")]);
        Claim(0);
        Stop();
        Assert.Equal("Ended a#1 Succeeded code=0, Run Succeeded, FreeSlot a, AnnounceEnd Succeeded", Report(0, 1, Succeeded));
    }

    [Fact]
    public void A_failing_run_that_is_stopped_ends_as_stopped()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b")]);
        Claim(0);
        Claim(1);
        Report(0, 1, Failed);
        Assert.Equal("Run Stopping, EndAttempt b#1", Stop());
        Assert.Equal("Ended b#1 Killed, Run Stopped, FreeSlot b, AnnounceEnd Stopped", Report(1, 1, Killed));
    }

    [Fact]
    public void A_report_counts_once_and_never_for_another_attempt()
    {
        Start(FailureStrategy.End, [Shell(0, "a", retryMax: 1), Shell(1, "b")]);
        Claim(0);
        Report(0, 1, Failed);
        Assert.Equal("FreeSlot a", Report(0, 1, Failed));
        Claim(0);
        Assert.Equal("", Report(0, 1, Succeeded));
        Assert.Equal("", Report(0, 3, Succeeded));
        Assert.Equal("Ended a#2 Succeeded code=0 failures=1, FreeSlot a", Report(0, 2, Succeeded));
        Assert.Equal("FreeSlot a", Report(0, 2, Succeeded));
    }

    [Fact]
    public void NOOPs_follow_each_other_one_commit_each()
    {
        Start(FailureStrategy.End, [Noop(0, "a"), Noop(1, "b"), Shell(2, "c")], Edge(0, 1), Edge(1, 2));
        Assert.Equal("Ended a Succeeded, NoopStarted b, CompleteNoop b", Decide(new RunEvent.NoopDue(0, Now)));
        Assert.Equal("", Decide(new RunEvent.NoopDue(0, Now)));
        Assert.Equal("Ended b Succeeded, Submitted c, Enqueue c", Decide(new RunEvent.NoopDue(1, Now)));
        Assert.Equal("", Decide(new RunEvent.NoopDue(2, Now)));
    }

    [Theory]
    [MemberData(nameof(FinalStates))]
    public void An_ended_run_writes_nothing_any_more(RunState state)
    {
        var graph = Graph([Shell(0, "a"), Shell(1, "b")], Edge(0, 1));
        var task = state switch { RunState.Succeeded => TaskState.Succeeded, RunState.Failed => TaskState.Failed, _ => TaskState.Killed };
        var tasks = Enumerable.Range(0, state == RunState.Succeeded ? 2 : 1).Select(i => new TaskSnapshot(i, task, 1, 0, 0, null));
        _run = Run.Restore(graph, FailureStrategy.End, state, Now, tasks);
        _names = ["a", "b"];
        Assert.Equal("", Claim(0));
        Assert.Equal("FreeSlot a", Report(0, 1, Succeeded));
        Assert.Equal("FreeSlot a", Report(0, 1, Lost));
        Assert.Equal("", Decide(new RunEvent.NoopDue(0, Now)));
        Assert.Equal("", Decide(new RunEvent.RetryDue(0, Now)));
        Assert.Equal("", Stop());
        Assert.Equal($"AnnounceEnd {state}", Decide(new RunEvent.Resumed(Now)));
        Assert.Equal(state, Run.State);
    }

    [Fact]
    public void Several_events_can_share_one_decision()
    {
        Start(FailureStrategy.End, [Shell(0, "a"), Shell(1, "b")]);
        var decision = new Decision();
        foreach (var e in new RunEvent[] { new RunEvent.Claimed(0, Now), new RunEvent.Claimed(1, Now), new RunEvent.AttemptEnded(0, 1, Succeeded, Now), new RunEvent.AttemptEnded(1, 1, Succeeded, Now) })
        {
            Run.Decide(e, decision);
        }

        Assert.Equal(4, decision.Changes.Count);
        Assert.Equal(RunState.Succeeded, decision.State);
        Assert.True(decision.HasChanges);
    }

    private string Start(FailureStrategy strategy, IReadOnlyList<TaskDefinition> tasks, params IReadOnlyList<Edge> edges)
    {
        var decision = new Decision();
        _names = [.. tasks.Select(t => t.Name)];
        _run = Run.Start(Graph(tasks, edges), strategy, Now, decision);
        return Write(decision, _names);
    }

    private string Decide(RunEvent e)
    {
        var decision = new Decision();
        Run.Decide(e, decision);
        return Write(decision, _names);
    }

    private static AttemptOutcome.Exited Gives(params (string Name, string Value)[] outputs) => new(0) { Outputs = outputs.ToDictionary(o => o.Name, o => o.Value) };

    private static IEnumerable<string> InheritedBy(Run run, int index) => run.InheritedBy(index).All.Select(v => $"{v.Key}={v.Value}").Order();

    private Decision Decision(RunEvent e)
    {
        var decision = new Decision();
        Run.Decide(e, decision);
        return decision;
    }

    private string Claim(int index) => Decide(new RunEvent.Claimed(index, Now));

    private string Report(int index, int attempt, AttemptOutcome outcome) => Decide(new RunEvent.AttemptEnded(index, attempt, outcome, Now));

    private string Stop() => Decide(new RunEvent.StopRequested(Now));
}
