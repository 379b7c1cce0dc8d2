using System.Globalization;
using Porpoise.Core.Library;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;
using Porpoise.Worker.Runners.Spark;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>The driver is in the cluster: what became of it is for the cluster to say, and never for the exit code of whatever submitted it.</summary>
public sealed class ClusterModeTests : SparkTest
{
    [Theory]
    [InlineData("FINISHED", "SUCCEEDED", 0)]
    [InlineData("FINISHED", "FAILED", 1)]
    [InlineData("FAILED", "FAILED", 1)]
    [InlineData("KILLED", "KILLED", 1)]
    public async Task On_Yarn_the_resource_manager_says_the_outcome_though_the_submission_ended_with_0(string state, string final, int expected)
    {
        await using var yarn = new FakeYarn(Home);
        NewSparkWorker(OnYarn(yarn)).Start(CloudOrder(Python("pass")));
        await SubmittedAsync();
        yarn.Set("RUNNING", "UNDEFINED");
        await EventuallyAsync(() => ReadLog().Contains("RUNNING", StringComparison.Ordinal));
        yarn.Set(state, final, "it was so");
        Assert.Equal(expected, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
        Assert.Contains("it was so", ReadLog(), StringComparison.Ordinal);
        Assert.Contains("spark.yarn.submit.waitAppCompletion=false", SettingsOf(1));
        Assert.Equal(1, Submitted);
    }

    [Fact]
    public async Task A_submission_that_fails_and_of_which_Yarn_knows_nothing_has_failed()
    {
        await using var yarn = new FakeYarn(Home);
        await File.WriteAllTextAsync(Path.Combine(Home, "fails"), "", TestContext.Current.CancellationToken);
        Assert.Equal(1, await ExitOfAsync(CloudOrder(Python("pass")), OnYarn(yarn)));
        Assert.Contains("Nothing was submitted", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_Yarn_has_forgotten_is_neither_a_success_nor_tried_again()
    {
        await using var yarn = new FakeYarn(Home);
        NewSparkWorker(OnYarn(yarn)).Start(CloudOrder(Python("pass")));
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("ACCEPTED", StringComparison.Ordinal));
        yarn.Forget();
        Assert.Contains("Nobody can say what became of application_1_1", Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_is_over_when_Yarn_says_that_the_application_is()
    {
        await using var yarn = new FakeYarn(Home);
        var (worker, order) = (NewSparkWorker(OnYarn(yarn)), CloudOrder(Python("pass")));
        worker.Start(order);
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("ACCEPTED", StringComparison.Ordinal));
        worker.End(order);
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.Equal(["application_1_1"], yarn.Killed);
        Assert.Contains("application_1_1 has ended in the cluster: KILLED", ReadLog(), StringComparison.Ordinal);
        Assert.Equal("GET /ws/v1/cluster/apps/application_1_1", yarn.Calls[^1]);
    }

    [Fact]
    public async Task A_stop_reaches_the_application_also_when_its_watcher_is_gone()
    {
        await using var yarn = new FakeYarn(Home);
        var (worker, order) = (NewSparkWorker(OnYarn(yarn)), CloudOrder(Python("pass")));
        worker.Start(order);
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("ACCEPTED", StringComparison.Ordinal));
        await worker.DisposeAsync();
        TaggedProcesses().ForEach(pid => Libc.Kill(pid, Libc.SigKill));
        NewSparkWorker(OnYarn(yarn)).End(order);
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.Equal(["application_1_1"], yarn.Killed);
    }

    [Fact]
    public async Task What_a_lost_attempt_has_submitted_is_taken_up_and_not_submitted_again()
    {
        await using var yarn = new FakeYarn(Home);
        await LoseFirstAsync(OnYarn(yarn), Python("pass"));
        var second = CloudOrder(Python("pass"), attempt: 2);
        NewSparkWorker(OnYarn(yarn)).Start(second);
        await EventuallyAsync(() => LogHas(2, "is taken up instead of submitting it again"));
        yarn.Set("FINISHED", "SUCCEEDED");
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(second.Key));
        Assert.Equal(1, Submitted);
    }

    [Fact]
    public async Task What_ended_while_nobody_watched_is_not_run_again()
    {
        await using var yarn = new FakeYarn(Home);
        await LoseFirstAsync(OnYarn(yarn), Python("pass"));
        yarn.Set("FINISHED", "SUCCEEDED");
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Python("pass"), attempt: 2), OnYarn(yarn)));
        Assert.Equal(1, Submitted);
    }

    [Fact]
    public async Task A_retry_of_what_has_failed_is_submitted_anew()
    {
        await using var yarn = new FakeYarn(Home);
        yarn.Set("FAILED", "FAILED");
        Assert.Equal(1, await ExitOfAsync(CloudOrder(Python("pass")), OnYarn(yarn)));
        NewSparkWorker(OnYarn(yarn)).Start(CloudOrder(Python("pass"), attempt: 2));
        await EventuallyAsync(() => Submitted == 2);
    }

    [Fact]
    public async Task A_server_that_was_killed_meanwhile_hears_the_outcome()
    {
        await using var yarn = new FakeYarn(Home);
        var (first, order) = (NewSparkWorker(OnYarn(yarn)), CloudOrder(Python("pass")));
        first.Start(order);
        await SubmittedAsync();
        await first.DisposeAsync();
        yarn.Set("FINISHED", "SUCCEEDED");
        NewSparkWorker(OnYarn(yarn)).Resume(order with { Program = TaskProgram.None });
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        Assert.Equal(1, Submitted);
    }

    [Theory]
    [InlineData("FINISHED", "", 0)]
    [InlineData("FAILED", "", 1)]
    [InlineData("ERROR", "java.io.FileNotFoundException: x.jar", 1)]
    [InlineData("KILLED", "", 1)]
    public async Task A_standalone_masters_gateway_says_the_outcome(string state, string message, int expected)
    {
        await using var gateway = new FakeGateway();
        NewSparkWorker(OnStandalone(gateway)).Start(CloudOrder(Jar() with { Arguments = ["a b", ""] }));
        await EventuallyAsync(() => gateway.Created.Count == 1);
        gateway.Set(state, message);
        Assert.Equal(expected, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
        Assert.Contains(message, ReadLog(), StringComparison.Ordinal);
        var created = gateway.Created.Single();
        Assert.Equal(("CreateSubmissionRequest", "x.jar", "org.X"), (created.GetProperty("action").GetString(), created.GetProperty("appResource").GetString(), created.GetProperty("mainClass").GetString()));
        Assert.Equal(["a b", ""], created.GetProperty("appArgs").EnumerateArray().Select(a => a.GetString()));
        var properties = created.GetProperty("sparkProperties");
        Assert.Equal($"jar [{AttemptTag()}]", properties.GetProperty("spark.app.name").GetString());
        Assert.Contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", properties.GetProperty("spark.driver.extraJavaOptions").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_the_gateway_does_not_know_any_more_is_neither_a_success_nor_tried_again()
    {
        await using var gateway = new FakeGateway();
        NewSparkWorker(OnStandalone(gateway)).Start(CloudOrder(Jar()));
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("SUBMITTED", StringComparison.Ordinal));
        gateway.Forget();
        Assert.Contains("driver-1", Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Unknown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "refuses the submission (HTTP 400)")]
    [InlineData(468, "another version of the gateway's protocol")]
    public async Task What_the_gateway_refuses_has_failed(int status, string said)
    {
        await using var gateway = new FakeGateway { CreateStatus = status };
        Assert.Equal("", Assert.IsType<AttemptOutcome.Exited>(await RunAsync(CloudOrder(Jar()), OnStandalone(gateway))).Unknown);
        Assert.Contains(said, ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_whose_answer_does_not_arrive_may_have_been_made()
    {
        await using var gateway = new FakeGateway { CreateStatus = 500 };
        Assert.Contains("answer to the submission did not arrive", Assert.IsType<AttemptOutcome.Exited>(await RunAsync(CloudOrder(Jar()), OnStandalone(gateway))).Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_master_that_cannot_be_reached_has_got_nothing()
    {
        var outcome = Assert.IsType<AttemptOutcome.Exited>(await RunAsync(CloudOrder(Jar()), s => s with { Master = "spark://127.0.0.1:1", DeployMode = "cluster", RestUrl = "http://127.0.0.1:1" }));
        Assert.Equal((1, ""), (outcome.Code, outcome.Unknown));
        Assert.Contains("cannot be reached", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_kills_a_standalone_driver()
    {
        await using var gateway = new FakeGateway();
        var (worker, order) = (NewSparkWorker(OnStandalone(gateway)), CloudOrder(Jar()));
        worker.Start(order);
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("SUBMITTED", StringComparison.Ordinal));
        worker.End(order);
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.Contains("POST /v1/submissions/kill/driver-1", gateway.Calls);
        Assert.StartsWith("GET /v1/submissions/status/", gateway.Calls[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standalone_driver_of_a_lost_attempt_is_taken_up()
    {
        await using var gateway = new FakeGateway();
        await LoseFirstAsync(OnStandalone(gateway), Jar());
        gateway.Set("FINISHED");
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Jar(), attempt: 2), OnStandalone(gateway)));
        Assert.Single(gateway.Created);
    }

    [Theory]
    [InlineData("Succeeded", 0)]
    [InlineData("Failed", 1)]
    public async Task On_Kubernetes_the_phase_of_the_drivers_pod_is_the_outcome(string phase, int expected)
    {
        NewSparkWorker(OnKubernetes).Start(CloudOrder(Python("pass")));
        await EventuallyAsync(() => File.Exists(Pod()));
        var ended = Path.Combine(Home, "ended");
        await File.WriteAllTextAsync(ended, $"\t phase: {phase}\n\t container status: \n\t\t exit code: {expected}\n", TestContext.Current.CancellationToken);
        File.Move(ended, Pod(), overwrite: true);
        Assert.Equal(expected, Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Code);
        Assert.Contains($"spark.kubernetes.driver.label.porpoise-attempt={AttemptTag()}", SettingsOf(1));
        Assert.Contains($"exit code {expected}", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_is_gone_is_neither_a_success_nor_tried_again()
    {
        NewSparkWorker(OnKubernetes).Start(CloudOrder(Python("pass")));
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("pod Running", StringComparison.Ordinal));
        File.Delete(Pod());
        Assert.Contains(AttemptTag(), Assert.IsType<AttemptOutcome.Exited>(await Reports.OfAsync(Key)).Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_deletes_the_pod()
    {
        var (worker, order) = (NewSparkWorker(OnKubernetes), CloudOrder(Python("pass")));
        worker.Start(order);
        await EventuallyAsync(() => File.Exists(Folder.Log) && ReadLog().Contains("pod Running", StringComparison.Ordinal));
        worker.End(order);
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.False(File.Exists(Pod()));
    }

    private static Func<SparkSettings, SparkSettings> OnYarn(FakeYarn yarn) => s => s with { Master = "yarn", DeployMode = "cluster", YarnUrl = yarn.Url.ToString() };

    private static Func<SparkSettings, SparkSettings> OnStandalone(FakeGateway gateway) => s => s with { Master = "spark://127.0.0.1:7077", DeployMode = "cluster", RestUrl = gateway.Url.ToString() };

    private static SparkSettings OnKubernetes(SparkSettings s) => s with { Master = "k8s://https://127.0.0.1:6443", DeployMode = "cluster" };

    private string Pod(int attempt = 1) => Path.Combine(Home, "pods", "default:" + AttemptTag(attempt));

    private Task SubmittedAsync() => EventuallyAsync(() => Submitted == 1);

    private bool LogHas(int attempt, string text) => File.Exists(new Worker.Attempts.AttemptFolder(Root, Key with { Number = attempt }).Log) && LogOf(attempt).Contains(text, StringComparison.Ordinal);

    /// <summary>A first attempt whose watcher is killed when it has seen its application.</summary>
    private async Task LoseFirstAsync(Func<SparkSettings, SparkSettings> change, DevelopmentTask task)
    {
        NewSparkWorker(change).Start(CloudOrder(task));
        await EventuallyAsync(() => Submission.Read(Folder.Path) is { IsSeen: true });
        var watcher = ProcessTable.Read(0).Single(p => p.IsAlive && ProcessTable.ReadTag(p.Identity.Pid) == Tag && IsTaskRunner(p.Identity.Pid));
        Libc.Kill(watcher.Identity.Pid, Libc.SigKill);
        Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key));
    }

    private static bool IsTaskRunner(int pid) => File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Contains("\0run-task\0", StringComparison.Ordinal)
        && !File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).StartsWith("/bin/", StringComparison.Ordinal);
}
