using System.Text.RegularExpressions;
using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>A log explains itself: what the service knows of an attempt's end stands in its last line.</summary>
public sealed class ClosingLineTests : WorkerTest
{
    [Fact]
    public async Task The_log_of_a_success_is_what_the_task_wrote_and_nothing_else()
    {
        await RunAsync("echo done");
        Assert.Equal("", await Reports.LastLinesOfAsync(Key));
        Assert.Equal("done\n", ReadWholeLog());
    }

    [Theory]
    [InlineData("echo one; exit 3", "one\n[porpoise] failed after # s: exit code 3\n")]
    [InlineData("printf half; exit 3", "half\n[porpoise] failed after # s: exit code 3\n")]
    [InlineData("kill -9 $$", "[porpoise] failed after # s: exit code 137 (ended by signal 9, KILL)\n")]
    [InlineData("no-such-command", "*: command not found\n[porpoise] failed after # s: exit code 127 (a command was not found)\n")]
    public async Task A_failure_says_how_long_it_took_and_the_exit_code(string script, string expected)
    {
        await RunAsync(script);
        AssertLog(expected);
    }

    [Fact]
    public async Task A_stop_says_so_and_how_many_processes_were_ended()
    {
        await EndAsync(Order("echo working; sleep 60 & : >ready; wait"));
        Assert.Equal("working", await Reports.LastLinesOfAsync(Key));
        AssertLog("working\n[porpoise] ended after # s: somebody asked for it; ended 2 processes\n");
    }

    [Fact]
    public async Task The_reason_is_named()
    {
        await EndAsync(Order("echo working; sleep 60 & : >ready; wait"), "its time limit is 1 s");
        AssertLog("working\n[porpoise] ended after # s: its time limit is 1 s; ended 2 processes\n");
    }

    [Fact]
    public async Task So_it_is_by_the_next_worker_when_this_one_died_in_between()
    {
        var worker = NewWorker(o => o with { Grace = TimeSpan.FromMinutes(1) });
        worker.Start(Order("trap '' TERM; echo working; touch ready; while :; do sleep 0.1; done"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        worker.End(Order("") with { EndReason = "the run was stopped" });
        await EventuallyAsync(() => Folder.ReadStop() is { Length: > 0 });
        await worker.DisposeAsync();
        NewWorker().Resume(Order(""));
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        AssertLog("working\n[porpoise] ended after # s: the run was stopped; ended*\n"); // the sleep in between counts if it was there
    }

    [Fact]
    public async Task An_attempt_that_ran_on_over_a_restart_says_so_once()
    {
        var worker = NewWorker();
        worker.Start(Order("echo before; touch ready; until [ -e go ]; do sleep 0.02; done; echo after"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        await worker.DisposeAsync();
        File.WriteAllText(Path.Combine(Folder.Path, "go"), "");
        for (var life = 0; life < 2; life++)
        {
            var reports = new RecordedReports();
            var next = NewWorker(attach: false);
            next.Attach(reports);
            next.Resume(Order(""));
            await reports.OfAsync(Key);
        }

        AssertLog("before\nafter\n[porpoise] succeeded after # s; the service was restarted meanwhile\n");
    }

    [Fact]
    public async Task An_attempt_that_vanished_says_so()
    {
        await RunAsync("echo here; kill -9 $PPID; sleep 60");
        AssertLog("here\n[porpoise] lost after # s: The process that watched over it vanished without leaving an exit code (status 137).\n");
    }

    [Fact]
    public async Task The_last_lines_of_a_failure_are_few_short_and_harmless()
    {
        await RunAsync("seq 100; printf '\\033[31mred\\033[0m\\a\\tand\\r\\n\\n'; exit 1");
        Assert.Equal("97\n98\n99\n100\nred and", await Reports.LastLinesOfAsync(Key));
        var order = Order("head -c 100000 /dev/zero | tr '\\0' x; exit 1") with { Key = Key with { Number = 2 } };
        NewWorker().Start(order);
        var lines = await Reports.LastLinesOfAsync(order.Key);
        Assert.Equal(AttemptOutcome.LastLinesMax, lines.Length);
        Assert.Equal("…xxx", lines[..4]);
    }

    private async Task EndAsync(Engine.Dispatch.AttemptOrder order, string reason = "")
    {
        var worker = NewWorker();
        worker.Start(order);
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        worker.End(Order("") with { EndReason = reason });
        await Reports.OfAsync(Key);
    }

    private void AssertLog(string expected) =>
        Assert.Matches("^" + Regex.Escape(expected).Replace("\\#", "[0-9.]+", StringComparison.Ordinal).Replace("\\*", ".*", StringComparison.Ordinal) + "$", ReadWholeLog());
}
