using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Suite.Runs;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Runs;

/// <summary>A run of 2,000 tasks of all kinds that run anywhere, whose processes fail, vanish and are stopped as was drawn before, ends as the simple interpreter of the graph says.</summary>
[Trait("lane", "slow")]
public sealed class LargeRunTests : InstallationTest
{
    private const int Tasks = 2_000;
    private const int RoundsMax = 40;
    private static readonly TimeSpan RoundMax = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, int> _kinds = [];

    private string DatabaseFile => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "work.db");

    [Theory]
    [InlineData(11)]
    public async Task It_ends_as_the_interpreter_says_and_so_does_each_rerun_from_the_failure(int seed)
    {
        await Installation.StartAsync("--slots", "8");
        var plan = new LargePlan(seed, Tasks, failPercent: 12, stops: 12);
        var drawn = plan.Stopped;
        plan.Interpret();
        var stopped = drawn.Where(i => plan.Now[i].State == TaskState.Killed).ToHashSet(); // the others are not reached in the first round
        await using var site = new PlannedSite(plan);
        var code = await Dolphin.CreateAsync(Draw(plan, stopped, site.Url, await CreateSourceAsync()));
        Assert.All((string[])["NOOP", "SHELL", "PYTHON", "HTTP", "SQL", "DUCKDB"], kind => Assert.True(_kinds.GetValueOrDefault(kind) > 40, $"{kind}: {_kinds.GetValueOrDefault(kind)}"));
        var run = await Dolphin.StartAsync(code, ("failureStrategy", "CONTINUE"));
        Assert.NotEmpty(stopped);
        foreach (var task in stopped)
        {
            await StopAsync(run, task);
        }

        await AssertEndAsync(run, plan);
        for (var rounds = 0; !plan.HasSucceeded; rounds++)
        {
            Assert.True(rounds < RoundsMax, "It never succeeds.");
            plan.Interpret();
            (await Dolphin.PostAsync($"/dolphinscheduler/projects/{Dolphin.Workspace}/executors/execute", ("processInstanceId", run), ("executeType", "START_FAILURE_TASK_PROCESS"))).Data();
            await AssertEndAsync(run, plan);
        }

        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", _kinds)}; {plan.Now.Sum(n => n.Attempts)} attempts, {plan.Now.Count(n => n.Attempts > 1)} tasks with more than one"));
    }

    private Workflow Draw(LargePlan plan, HashSet<int> stopped, string url, int source)
    {
        var workflow = new Workflow();
        for (var i = 0; i < Tasks; i++)
        {
            var task = plan.Definition.Tasks[i];
            var (type, taskParams) = task.Type == TaskTypes.Noop ? ("NOOP", []) : DrawBody(plan, i, stopped.Contains(i), url, source);
            _kinds[type] = _kinds.GetValueOrDefault(type) + 1;
            workflow.Add(task.Name, type, taskParams, [.. plan.Definition.Edges.Where(e => e.To == task.Code).Select(e => plan.Definition.Tasks.First(t => t.Code == e.From).Name)])
                .WithNode("failRetryTimes", task.RetryMax).WithNode("failRetryInterval", 0).WithNode("flag", task.IsDisabled ? "NO" : "YES").WithNode("taskPriority", task.Priority.ToString().ToUpperInvariant());
        }

        return workflow;
    }

    /// <summary>Something that ends, attempt by attempt, as was drawn. What has succeeded is not run again, so what would come after that does not matter.</summary>
    private static (string Type, JsonObject Params) DrawBody(LargePlan plan, int task, bool isStopped, string url, int source)
    {
        var outcomes = new List<AttemptOutcome>();
        do
        {
            outcomes.Add(plan.OutcomeOf(task, outcomes.Count + 1));
        }
        while (outcomes[^1] is not AttemptOutcome.Exited { Code: 0 } || (isStopped && outcomes.Count == 1)); // the first attempt of one that is stopped ends otherwise

        return (task % 20) switch
        {
            0 or 1 when !isStopped && !outcomes.OfType<AttemptOutcome.Lost>().Any() => ("HTTP", new JsonObject { ["url"] = string.Create(CultureInfo.InvariantCulture, $"{url}{task}") }),
            2 or 3 when !isStopped && outcomes.Count == 1 => ("SQL", new JsonObject { ["type"] = "SQLITE", ["datasource"] = source, ["sql"] = "select 1" }),
            4 or 5 when !isStopped && outcomes.Count == 1 => ("DUCKDB", new JsonObject { ["sql"] = "select 1" }),
            < 11 => ("PYTHON", new JsonObject { ["rawScript"] = Python(outcomes, isStopped) }),
            _ => ("SHELL", new JsonObject { ["rawScript"] = Shell(outcomes, isStopped) }),
        };
    }

    /// <summary>Killing its parent makes an attempt vanish: that is the process that watches over it.</summary>
    private static string Shell(List<AttemptOutcome> outcomes, bool isStopped) => $"""
        case $PORPOISE_ATTEMPT in
        {(isStopped ? "1) exec sleep 600 ;;" : "")}
        {Numbers<AttemptOutcome.Lost>(outcomes, "|")}) kill -9 $PPID; exec sleep 600 ;;
        {Numbers<AttemptOutcome.Exited>(outcomes, "|")}) exit 1 ;;
        esac
        """;

    private static string Python(List<AttemptOutcome> outcomes, bool isStopped) => $$"""
        import os, sys, time
        attempt = int(os.environ['PORPOISE_ATTEMPT'])
        if attempt in [{{(isStopped ? 1 : 0)}}]: time.sleep(600)
        if attempt in [{{Numbers<AttemptOutcome.Lost>(outcomes, ",")}}]: os.kill(os.getppid(), 9); time.sleep(600)
        if attempt in [{{Numbers<AttemptOutcome.Exited>(outcomes, ",")}}]: sys.exit(1)
        """;

    /// <summary>Of the attempts that end so and do not succeed; 0, which no attempt has, is always there.</summary>
    private static string Numbers<T>(List<AttemptOutcome> outcomes, string separator)
        where T : AttemptOutcome =>
        string.Join(separator, outcomes.Select((o, i) => o is T and not AttemptOutcome.Exited { Code: 0 } ? i + 1 : 0).Distinct().DefaultIfEmpty(0));

    /// <summary>Once it is running.</summary>
    private async Task StopAsync(int run, int task)
    {
        var name = LargePlan.NameOf(task);
        var id = 0;
        await Eventually.TrueAsync(
            async () => (id = (await Dolphin.TasksAsync(run)).Where(t => Text(t, "name") == name && Text(t, "state") == "RUNNING_EXECUTION").Select(t => t.GetProperty("id").GetInt32()).FirstOrDefault()) > 0,
            $"{name} is running", RoundMax);
        (await Dolphin.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/dolphinscheduler/projects/{Dolphin.Workspace}/task-instances/{id}/stop"))).Data();
    }

    private async Task AssertEndAsync(int run, LargePlan plan)
    {
        var state = "";
        await Eventually.TrueAsync(async () => (state = Text((await Dolphin.TryGetRunAsync(run, waitSeconds: 30)).Data(), "state")) is "SUCCESS" or "FAILURE", "the run ends", RoundMax);
        Assert.Equal(plan.HasSucceeded ? "SUCCESS" : "FAILURE", state);
        var shown = (await Dolphin.TasksAsync(run)).ToDictionary(t => Text(t, "name"), t => new Standing(StateOf(Text(t, "state")), t.GetProperty("attempt").GetInt32()));
        var wrong = from i in Enumerable.Range(0, Tasks)
                    let name = LargePlan.NameOf(i)
                    let seen = shown.GetValueOrDefault(name)
                    where seen != plan.Now[i]
                    select $"{name}: {seen}; the interpreter says {plan.Now[i]}";
        Assert.Empty(wrong);
    }

    private static TaskState StateOf(string state) => state switch
    {
        "SUCCESS" => TaskState.Succeeded,
        "FAILURE" => TaskState.Failed,
        "KILL" => TaskState.Killed,
        _ => throw new InvalidDataException($"A task is {state} after the end of its run."),
    };

    private async Task<int> CreateSourceAsync()
    {
        await File.WriteAllTextAsync(DatabaseFile, "", TestContext.Current.CancellationToken);
        return (await Dolphin.PostAsync("/dolphinscheduler/datasources", ("type", "SQLITE"), ("name", "work"), ("database", DatabaseFile))).Data().GetProperty("id").GetInt32();
    }

    /// <summary>A web server whose answer to the nth call of a task is what was drawn for its nth attempt.</summary>
    private sealed class PlannedSite : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Dictionary<int, int> _calls = [];
        private readonly LargePlan _plan;
        private readonly Task _loop;

        public PlannedSite(LargePlan plan)
        {
            _plan = plan;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
            }

            _listener.Prefixes.Add(Url);
            _listener.Start();
            _loop = ServeAsync();
        }

        public string Url { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _loop;
            _listener.Close();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext call;
                try
                {
                    call = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return; // the test is over
                }

                var task = int.Parse(call.Request.Url!.AbsolutePath[1..], CultureInfo.InvariantCulture);
                var number = _calls[task] = _calls.GetValueOrDefault(task) + 1;
                call.Response.StatusCode = _plan.OutcomeOf(task, number) is AttemptOutcome.Exited { Code: 0 } ? 200 : 500;
                call.Response.Close(Encoding.UTF8.GetBytes("drawn"), willBlock: false);
            }
        }
    }
}
