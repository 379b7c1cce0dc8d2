using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using static Porpoise.Core.Tests.Runs.Script;
using static Porpoise.Core.Tests.Workflows.Definitions;

namespace Porpoise.Core.Tests.Runs;

/// <summary>What takes more than one event to see of time limits.</summary>
public sealed class TimeLimitTests
{
    private static readonly AttemptOutcome Killed = new AttemptOutcome.Killed();

    [Fact]
    public void Nothing_is_watched_without_a_limit()
    {
        var run = Start([Shell(0, "a")], limit: null, out var started);
        Assert.Equal("Submitted a, Run Running, Enqueue a", started);
        Assert.Equal("AttemptStarted a#1, StartAttempt a#1", Decide(run, new RunEvent.Claimed(0, Now)));
    }

    [Fact]
    public void Each_attempt_has_the_whole_limit_and_the_last_one_that_exceeds_it_fails_the_task()
    {
        var run = Start([Shell(0, "a", retryMax: 1, retrySeconds: 5) with { TimeLimit = Limit(60) }], limit: null, out _);
        Assert.Equal("AttemptStarted a#1, StartAttempt a#1, WatchAttempt a#1 +60s", Decide(run, new RunEvent.Claimed(0, Now)));
        Assert.Equal("EndAttempt a#1", Decide(run, new RunEvent.AttemptTimeUp(0, 1, Now.AddSeconds(60))));
        Assert.Equal("AttemptFailed a#1 failures=1 +66s, FreeSlot a, WakeAt a +66s", Decide(run, new RunEvent.AttemptEnded(0, 1, Killed, Now.AddSeconds(61))));
        Decide(run, new RunEvent.RetryDue(0, Now.AddSeconds(66)));
        Assert.Equal("AttemptStarted a#2, StartAttempt a#2, WatchAttempt a#2 +130s", Decide(run, new RunEvent.Claimed(0, Now.AddSeconds(70))));
        Assert.Equal("", Decide(run, new RunEvent.AttemptTimeUp(0, 1, Now.AddSeconds(80)))); // of the first one
        Decide(run, new RunEvent.AttemptTimeUp(0, 2, Now.AddSeconds(130)));
        Assert.Equal("Ended a#2 Failed failures=2, Run Failed, FreeSlot a, AnnounceEnd Failed", Decide(run, new RunEvent.AttemptEnded(0, 2, Killed, Now.AddSeconds(131))));
    }

    [Theory]
    [InlineData(1, "1 s")]
    [InlineData(60, "1 m")]
    [InlineData(90, "1 m 30 s")]
    [InlineData(20 * 60, "20 m")]
    [InlineData(2 * 3600, "2 h")]
    [InlineData((30 * 3600) + 61, "30 h 1 m 1 s")]
    public void The_message_says_how_long_it_was_allowed_to_take(int seconds, string text)
    {
        var run = Start([Shell(0, "a") with { TimeLimit = Limit(seconds) }], limit: null, out _);
        Decide(run, new RunEvent.Claimed(0, Now));
        var ended = Assert.Single(Changes(run, new RunEvent.AttemptEnded(0, 1, Killed, Now.AddSeconds(seconds))));
        Assert.Equal($"timed out after {text}", ((TaskChange.Ended)ended).Message);

        run = Start([Shell(0, "a"), Shell(1, "b")], Limit(seconds), out _);
        Decide(run, new RunEvent.Claimed(0, Now));
        var waiting = Assert.Single(Changes(run, new RunEvent.RunTimeUp(Now.AddSeconds(seconds))));
        var running = Assert.Single(Changes(run, new RunEvent.AttemptEnded(0, 1, Killed, Now.AddSeconds(seconds + 1))));
        Assert.All(new[] { waiting, running }, c => Assert.Equal((TaskState.Killed, $"the run timed out after {text}"), (((TaskChange.Ended)c).State, ((TaskChange.Ended)c).Message)));
    }

    [Fact]
    public void A_run_over_its_limit_starts_nothing_more_and_fails_when_its_last_attempt_has_ended()
    {
        var run = Start([Shell(0, "a", retryMax: 5), Shell(1, "b"), Shell(2, "c")], Limit(60), out var started, Edge(0, 2));
        Assert.Equal("Submitted a, Submitted b, Run Running, Enqueue a, Enqueue b, WatchRun +60s", started);
        Decide(run, new RunEvent.Claimed(0, Now));
        Assert.Equal("Ended b Killed, EndAttempt a#1, Withdraw b", Decide(run, new RunEvent.RunTimeUp(Now.AddSeconds(60))));
        Assert.Equal("", Decide(run, new RunEvent.Claimed(1, Now.AddSeconds(60))));
        Assert.Equal("Ended a#1 Killed, Run Failed, FreeSlot a, AnnounceEnd Failed", Decide(run, new RunEvent.AttemptEnded(0, 1, Killed, Now.AddSeconds(61))));
    }

    [Fact]
    public void A_run_over_its_limit_with_nothing_running_fails_at_once()
    {
        var run = Start([Shell(0, "a")], Limit(60), out _);
        Assert.Equal("Ended a Killed, Run Failed, Withdraw a, AnnounceEnd Failed", Decide(run, new RunEvent.RunTimeUp(Now.AddSeconds(60))));
    }

    [Fact]
    public void A_claim_that_comes_after_the_time_of_the_run_starts_nothing()
    {
        var run = Start([Shell(0, "a"), Shell(1, "b")], Limit(60), out _);
        Decide(run, new RunEvent.Claimed(0, Now.AddSeconds(59)));
        Assert.Equal("Ended b Killed, EndAttempt a#1, Withdraw b", Decide(run, new RunEvent.Claimed(1, Now.AddSeconds(60))));
        Assert.Equal("", Decide(run, new RunEvent.RunTimeUp(Now.AddSeconds(60))));
    }

    [Fact]
    public void A_run_over_its_limit_fails_although_its_last_attempt_was_faster_than_its_end()
    {
        var run = Start([Shell(0, "a"), Shell(1, "b")], Limit(60), out _, Edge(0, 1));
        Decide(run, new RunEvent.Claimed(0, Now));
        Decide(run, new RunEvent.RunTimeUp(Now.AddSeconds(60)));
        Assert.Equal("Ended a#1 Succeeded code=0, Run Failed, FreeSlot a, AnnounceEnd Failed", Decide(run, new RunEvent.AttemptEnded(0, 1, new AttemptOutcome.Exited(0), Now.AddSeconds(61))));
    }

    /// <summary>What had succeeded after the limit started no successor; that is all the rows say, and the clock of the new owner is behind.</summary>
    [Fact]
    public void A_run_that_was_over_its_limit_ends_also_where_the_clock_went_back()
    {
        var graph = TaskGraph.Of(Of([Shell(0, "a"), Shell(1, "b"), Shell(2, "c")], Edge(0, 1)) with { TimeLimit = Limit(60) });
        var run = Run.Restore(graph, FailureStrategy.End, RunState.Running, Now,
        [
            new TaskSnapshot(0, TaskState.Succeeded, 1, 0, 0, null) { StartedAt = Now },
            new TaskSnapshot(2, TaskState.Running, 1, 0, 0, null) { StartedAt = Now },
        ]);
        var decision = new Decision();
        run.Resume(Now.AddSeconds(59), decision);
        Assert.Equal("ResumeAttempt c#1, WatchRun +60s", Write(decision, ["a", "b", "c"]));
        Assert.Equal("Ended c#1 Succeeded code=0, Run Failed, FreeSlot c, AnnounceEnd Failed", Decide(run, new RunEvent.AttemptEnded(2, 1, new AttemptOutcome.Exited(0), Now.AddSeconds(59))));
    }

    [Fact]
    public void A_stop_of_a_run_over_its_limit_still_counts()
    {
        var run = Start([Shell(0, "a")], Limit(60), out _);
        Decide(run, new RunEvent.Claimed(0, Now));
        Decide(run, new RunEvent.RunTimeUp(Now.AddSeconds(60)));
        Assert.Equal("Run Stopping, EndAttempt a#1", Decide(run, new RunEvent.StopRequested(Now.AddSeconds(61))));
        Assert.Equal("Ended a#1 Killed, Run Stopped, FreeSlot a, AnnounceEnd Stopped", Decide(run, new RunEvent.AttemptEnded(0, 1, Killed, Now.AddSeconds(61))));
    }

    private static TimeLimit Limit(int seconds) => new(TimeSpan.FromSeconds(seconds), TimeLimitAction.Fail);

    private static Run Start(IReadOnlyList<TaskDefinition> tasks, TimeLimit? limit, out string decided, params IReadOnlyList<Edge> edges)
    {
        var decision = new Decision();
        var run = Run.Start(TaskGraph.Of(Of(tasks, edges) with { TimeLimit = limit }), FailureStrategy.End, Now, decision);
        decided = Write(decision, ["a", "b", "c"]);
        return run;
    }

    private static string Decide(Run run, RunEvent e)
    {
        var decision = new Decision();
        run.Decide(e, decision);
        return Write(decision, ["a", "b", "c"]);
    }

    private static List<TaskChange> Changes(Run run, RunEvent e)
    {
        var decision = new Decision();
        run.Decide(e, decision);
        return decision.Changes;
    }
}
