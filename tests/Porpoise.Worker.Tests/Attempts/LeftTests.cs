using Porpoise.Core.Tasks;

namespace Porpoise.Worker.Tests.Attempts;

/// <summary>What a script leaves running ends with it.</summary>
public class LeftTests : WorkerTest
{
    [Theory]
    [InlineData("sleep 60 & exit 0", 0, 1)]
    [InlineData("(while :; do sleep 0.1; done) & exit 3", 3, 1)]
    [InlineData("setsid nohup sleep 60 >/dev/null 2>&1 & sleep 0.2; exit 0", 0, 1)]
    [InlineData("env -i sleep 60 & sleep 60 & exit 0", 0, 2)]
    [InlineData("(trap '' TERM; while :; do sleep 0.1; done) & exit 0", 0, 1)]
    public async Task It_is_ended_before_the_report_and_the_log_says_so(string script, int code, int atLeast)
    {
        var outcome = Assert.IsType<AttemptOutcome.Exited>(await RunAsync(script));
        Assert.Equal(code, outcome.Code);
        Assert.Empty(TaggedProcesses());
        var log = ReadWholeLog();
        Assert.Matches($@"^\[porpoise\] {(code == 0 ? "succeeded" : "failed")} after .*; ended [{atLeast}-9] process(es)? that it left running\n$", log);
    }

    [Fact]
    public async Task Nothing_of_it_writes_into_a_log_that_is_over()
    {
        await RunAsync("(while :; do echo more; sleep 0.02; done) & sleep 0.2; exit 1");
        var log = ReadWholeLog();
        Assert.EndsWith("that it left running\n", log, StringComparison.Ordinal);
        await Task.Delay(200, TestContext.Current.CancellationToken); // The point of this test: nothing comes after it.
        Assert.Equal(log, ReadWholeLog());
    }

    [Fact]
    public async Task What_reads_the_scripts_output_may_finish()
    {
        await RunAsync("exec > >(while read -r line; do sleep 0.1; echo \"read $line\"; done); echo one; echo two; echo three");
        Assert.Equal("read one\nread two\nread three\n", ReadWholeLog());
    }

    [Fact]
    public async Task Also_by_the_next_worker_when_this_one_was_gone_by_then()
    {
        var worker = NewWorker();
        worker.Start(Order("touch ready; until [ -e go ]; do sleep 0.02; done; sleep 60 & exit 0"));
        await EventuallyAsync(() => File.Exists(Path.Combine(Folder.Path, "ready")));
        await worker.DisposeAsync();
        File.WriteAllText(Path.Combine(Folder.Path, "go"), "");
        await EventuallyAsync(() => Folder.ReadExit() is not null);
        Assert.NotEmpty(TaggedProcesses());
        NewWorker().Resume(Order(""));
        Assert.Equal(0, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
        Assert.Empty(TaggedProcesses());
    }

    [Fact]
    public async Task Orphans_that_ended_before_the_script_are_cleared_away()
    {
        await RunAsync("for i in 1 2 3 4 5 6 7 8; do (sleep 0.01 & exit 0); done; sleep 0.5; ps -o stat= --ppid $PPID | grep -c Z");
        Assert.StartsWith("0\n", ReadWholeLog(), StringComparison.Ordinal);
    }
}
