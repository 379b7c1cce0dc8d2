using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Runs;

/// <summary>What takes longer than its limit, of a task and of a whole run, is told of in the server's log, or ended, or both.</summary>
public sealed class TimeLimitTests : InstallationTest
{
    private string Gate => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "gate");

    private string UntilGate => $"echo begun; until [ -e {Gate} ]; do sleep 0.1; done; echo done";

    [Fact]
    public async Task A_task_with_WARN_goes_on_and_the_log_of_the_server_says_so()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(Limited(new Workflow().Shell("slow", UntilGate), "WARN"));
        await WarnedAsync("Task 'slow' of run");
        await OpenAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal("begun\ndone\n", await LogAsync(run));
        Assert.Equal(1, Warnings("takes longer than its limit of 00:00:01"));
    }

    [Theory]
    [InlineData("FAILED", 0)]
    [InlineData("WARNFAILED", 1)]
    public async Task A_task_that_is_to_fail_is_ended_with_all_it_has_begun_and_what_depends_on_it_is_not_run(string strategy, int warnings)
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(Limited(new Workflow().Shell("slow", UntilGate), strategy).Noop("after", "slow"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var task = Assert.Single(await Dolphin.TasksAsync(run), t => Text(t, "name") == "slow");
        Assert.Equal("FAILURE", Text(task, "state"));
        Assert.StartsWith("timed out after 1 s", Text(task, "message"), StringComparison.Ordinal);
        Assert.Matches(@"^begun\n(.*Terminated.*\n)?\[porpoise\] ended after [0-9.]+ s: its time limit is 1 s; ended [0-9]+ process(es)?\n$", await LogAsync(run));
        Assert.DoesNotContain(await Dolphin.TasksAsync(run), t => Text(t, "name") == "after" && Text(t, "state") == "SUCCESS");
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        Assert.Equal(warnings, Warnings("takes longer than its limit of 00:00:01"));
    }

    [Fact]
    public async Task A_task_that_ran_out_of_time_is_tried_again_as_one_that_failed()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(Limited(new Workflow().Shell("slow", "test $PORPOISE_ATTEMPT = 2 || sleep 600"), "FAILED").WithNode("failRetryTimes", 1).WithNode("failRetryInterval", 0));
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(2, (await Dolphin.TaskAsync(run, "slow")).GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task A_run_with_WARN_goes_on_and_the_log_of_the_server_says_so()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(LimitedRun(new Workflow().Shell("slow", UntilGate).Noop("after", "slow"), "WARN"));
        await WarnedAsync($"Run {run} of ");
        await OpenAsync();
        Assert.Equal("SUCCESS", await Dolphin.WaitForStateAsync(run));
        Assert.Equal(1, Warnings("takes longer than its limit of 00:00:01"));
    }

    [Theory]
    [InlineData("FAILED", 0)]
    [InlineData("WARNFAILED", 1)]
    public async Task A_run_that_is_to_fail_is_ended_with_all_of_its_tasks(string strategy, int warnings)
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(LimitedRun(new Workflow().Shell("slow", UntilGate).Shell("other", UntilGate).Noop("after", "slow"), strategy));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var tasks = (await Dolphin.TasksAsync(run)).Where(t => Text(t, "name") != "after").ToList();
        Assert.Equal(2, tasks.Count);
        Assert.All(tasks, t => Assert.StartsWith("the run timed out after 1 s", Text(t, "message"), StringComparison.Ordinal));
        Assert.All(tasks, t => Assert.Equal("KILL", Text(t, "state")));
        Assert.Matches(@"^begun\n(.*Terminated.*\n)?\[porpoise\] ended after [0-9.]+ s: the run timed out after 1 s; ended [0-9]+ process(es)?\n$", await LogAsync(run));
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        Assert.Equal(warnings, Warnings("takes longer than its limit of 00:00:01"));
    }

    /// <summary>A minute, said more exactly.</summary>
    private static Workflow Limited(Workflow workflow, string strategy) =>
        workflow.WithNode("timeoutFlag", "OPEN").WithNode("timeoutNotifyStrategy", strategy).WithNode("timeout", 1).WithNode("timeoutSeconds", 1);

    private static Workflow LimitedRun(Workflow workflow, string strategy) => workflow.With("timeout", 1).With("timeoutSeconds", 1).With("timeoutNotifyStrategy", strategy);

    private Task WarnedAsync(string text) => Eventually.TrueAsync(() => Warnings(text) == 1, $"the log says '{text}…'");

    private int Warnings(string text) => Installation.Transcript.Split('\n').Count(l => l.Contains(text, StringComparison.Ordinal));

    private Task OpenAsync() => File.WriteAllTextAsync(Gate, "", TestContext.Current.CancellationToken);

    private async Task<string> LogAsync(int run) => await Dolphin.LogAsync(await Dolphin.TaskAsync(run, "slow"));
}
