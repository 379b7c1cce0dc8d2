using System.Diagnostics;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Attempts;

namespace Porpoise.Worker.Tests.Attempts;

public class EndTests : WorkerTest
{
    private const string Stubborn = "trap '' TERM; setsid nohup sleep 999 & (trap '' TERM; setsid sh -c 'while :; do sleep 1; done') & ";

    [Fact]
    public async Task A_task_that_ignores_TERM_and_its_runaway_children_are_ended()
    {
        var worker = await StartAsync(ready => $"{Stubborn} echo >{ready}; while :; do sleep 1; done");
        await EventuallyAsync(() => TaggedProcesses().Count >= 4);
        worker.End(Order(""));
        await AssertKilledAsync();
    }

    [Fact]
    public async Task Ending_goes_on_after_a_restart_in_the_middle()
    {
        var worker = await StartAsync(ready => $"{Stubborn} echo >{ready}; while :; do sleep 1; done");
        worker.End(Order(""));
        await Task.Delay(50, TestContext.Current.CancellationToken); // The point of this test: somewhere in the grace.
        await worker.DisposeAsync();
        Assert.Empty(Reports.Accepted);
        NewWorker().End(Order(""));
        await AssertKilledAsync();
    }

    [Fact]
    public async Task Ending_goes_on_after_a_server_was_killed_in_the_middle()
    {
        var (ready, told) = (NewPipe(), NewPipe());
        var worker = NewWorker();
        worker.Start(Order($"{Stubborn} trap 'echo >{told}' TERM; echo >{ready}; while :; do sleep 0.1; done"));
        await ready.ReadAsync();
        await worker.DisposeAsync();
        using (var server = Victim.Launch(Root, InstallId, "", "end"))
        {
            await told.ReadAsync();
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(TaggedProcesses());
        NewWorker().End(Order(""));
        await AssertKilledAsync();
    }

    [Fact]
    public async Task An_attempt_that_died_of_a_broken_off_end_is_killed_not_failed()
    {
        var worker = await StartAsync(ready => $"echo >{ready}; sleep 60");
        worker.End(Order(""));
        await AssertKilledAsync();
        foreach (var act in new Action<LocalWorker>[] { again => again.End(Order("")), again => again.Resume(Order("")) })
        {
            Reports.Accepted.Clear();
            var again = NewWorker(attach: false);
            var reports = new RecordedReports();
            again.Attach(reports);
            act(again);
            Assert.Equal(new AttemptOutcome.Killed(), await reports.OfAsync(Key));
        }
    }

    [Fact]
    public async Task A_task_may_clean_up_within_the_grace_also_with_new_processes()
    {
        var worker = await StartAsync(ready => $"trap 'sleep 0.3; sh -c \"echo cleaned\"; exit 0' TERM; echo >{ready}; while :; do sleep 0.1; done");
        worker.End(Order(""));
        await AssertKilledAsync();
        Assert.Contains("cleaned\n", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_wiped_its_environment_is_found_by_its_session_or_its_parent()
    {
        var (first, second) = (NewPipe(), NewPipe());
        var worker = NewWorker();
        worker.Start(Order($"trap '' TERM; env -i sh -c 'echo $$ >{first}; exec sleep 60' & setsid env -i sh -c 'echo $$ >{second}; exec sleep 60' & wait"));
        var (one, two) = (await first.ReadPidAsync(), await second.ReadPidAsync());
        worker.End(Order(""));
        await AssertKilledAsync();
        Assert.False(IsAlive(one));
        Assert.False(IsAlive(two));
    }

    [Fact]
    public async Task A_task_cannot_run_away_by_forking_faster_than_it_is_looked_for()
    {
        var next = "(setsid sh \"$0\" next >/dev/null 2>&1 &)";
        var worker = await StartAsync(ready => $"trap '' TERM; [ \"$1\" = next ] || {{ {next}; echo >{ready}; sleep 60; }}; sleep 0.02; {next}");
        await EventuallyAsync(() => TaggedProcesses().Count >= 3); // A link of the chain is gone before the next one is there.
        worker.End(Order(""));
        await AssertKilledAsync();
    }

    [Fact]
    public async Task A_stopped_process_is_ended_too()
    {
        var worker = await StartAsync(ready => $"sh -c 'kill -STOP $$; sleep 60' & sh -c 'while ! grep -q \"State:.T\" /proc/'$!'/status; do :; done'; echo >{ready}; wait");
        worker.End(Order(""));
        await AssertKilledAsync();
    }

    [Fact]
    public async Task An_attempt_that_ended_by_itself_before_keeps_its_outcome()
    {
        await RunAsync("exit 6");
        var reports = new RecordedReports();
        var worker = NewWorker(attach: false);
        worker.Attach(reports);
        worker.End(Order(""));
        Assert.Equal(new AttemptOutcome.Exited(6), await reports.OfAsync(Key));
    }

    [Fact]
    public async Task An_attempt_that_never_started_is_revoked_and_killed()
    {
        NewWorker().End(Order(""));
        await AssertKilledAsync();
        Assert.IsType<Claim.Revoked>(Folder.ReadClaim());
    }

    [Fact]
    public async Task Ending_at_any_moment_of_the_start_leaves_nothing_and_is_reported()
    {
        var worker = NewWorker();
        for (var attempt = 1; attempt <= 40; attempt++)
        {
            var order = Order("sleep 60") with { Key = Key with { Number = attempt } };
            worker.Start(order);
            var asked = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(asked).TotalMicroseconds < attempt * 150)
            {
                Thread.SpinWait(20); // From before the spawn until after the claim.
            }

            worker.End(order);
            worker.End(order);
            Assert.Equal(new AttemptOutcome.Killed(), await Reports.OfAsync(order.Key));
        }

        // A second request that comes when the first is carried out already is answered again, with the same.
        Assert.All(Reports.Accepted, report => Assert.IsType<AttemptOutcome.Killed>(report.Outcome));
        Assert.Equal(40, Reports.Accepted.Select(report => report.Order.Key).Distinct().Count());
        Assert.Empty(TaggedProcesses());
    }

    [Fact]
    public async Task Other_attempts_are_not_touched()
    {
        var worker = await StartAsync(ready => $"echo >{ready}; sleep 60");
        var (ready, go) = (NewPipe(), NewPipe());
        var other = Order($"echo >{ready}; cat {go}") with { Key = Key with { Number = 11 } };
        worker.Start(other);
        await ready.ReadAsync();
        worker.End(Order(""));
        await AssertKilledAsync();
        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(other.Key));
    }

    [Fact]
    public async Task Ending_all_reports_nothing_and_the_next_start_finds_the_attempts_lost()
    {
        var worker = await StartAsync(ready => $"{Stubborn} echo >{ready}; while :; do sleep 1; done");
        var (ready, order) = (NewPipe(), Order("") with { Key = Key with { Number = 2 } });
        worker.Start(order with { Program = new TaskProgram(ProgramLanguage.Shell, $"echo >{ready}; sleep 60") });
        await ready.ReadAsync();
        await worker.EndAllAsync(TestContext.Current.CancellationToken);
        Assert.Empty(TaggedProcesses());
        await worker.DisposeAsync();
        Assert.Empty(Reports.Accepted);
        var next = NewWorker();
        next.Resume(Order(""));
        next.Resume(order);
        Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key));
        Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(order.Key));
    }

    private async Task<LocalWorker> StartAsync(Func<string, string> script)
    {
        var ready = NewPipe();
        var worker = NewWorker();
        worker.Start(Order(script(ready.ToString())));
        await ready.ReadAsync();
        return worker;
    }

    private async Task AssertKilledAsync()
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal(new AttemptOutcome.Killed(), await Reports.OfAsync(Key));
        Assert.Empty(TaggedProcesses());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }
}
