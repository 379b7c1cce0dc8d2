using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Crashes;

/// <summary>kill -9 of the real server.</summary>
[Trait("lane", "slow")]
public sealed partial class KillTests : InstallationTest
{
    private const int Kills = 100;
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromMilliseconds(3);

    private string Witness => Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "witness");

    [Fact]
    public async Task A_hundred_kills_under_load_lose_nothing_acknowledged_and_start_no_attempt_twice()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        await Installation.StartAsync();
        var chain = await Dolphin.CreateAsync(new Workflow().Noop("a").Noop("b", "a").Noop("c", "b"));
        var script = $"echo \"$PORPOISE_TASK_ID $PORPOISE_ATTEMPT\" >>{Witness}";
        var shell = await Dolphin.CreateAsync(new Workflow().Shell("a", script).Shell("b", script + "; sleep 0.1", "a"));
        var flaky = await Dolphin.CreateAsync(new Workflow().Shell("a", script + "; test $PORPOISE_ATTEMPT -gt 1").WithNode("failRetryTimes", 50).Noop("b", "a"));

        var endless = await Dolphin.CreateAsync(new Workflow().Shell("a", script + "; sleep 600"));

        using var stop = new CancellationTokenSource();
        var load = new Load(Installation, stop.Token);
        Task[] clients =
        [
            load.StartAsync(chain, Dialect.Dolphin, 1),
            load.StartAsync(chain, Dialect.Cloud, 1),
            load.StartAsync(chain, Dialect.Cloud, 1),
            load.StartAsync(shell, Dialect.Cloud, 4),
            load.StartAsync(shell, Dialect.Dolphin, 8),
            load.StartAsync(flaky, Dialect.Dolphin, 8),
            load.StartAsync(endless, Dialect.Dolphin, 16, andStop: true),
        ];
        for (var i = 0; i < Kills; i++)
        {
            await Task.Delay(random.Next(0, 600), TestContext.Current.CancellationToken);
            await Installation.KillAndStartAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        var acknowledged = load.Acknowledged;
        Assert.True(acknowledged.Count > Kills, $"Only {acknowledged.Count} runs were started: that is no load.");
        var interrupted = Recovered().Count(Installation.Transcript);
        Assert.True(interrupted > Kills / 4, $"Only {interrupted} kills found runs under way: they prove little.");

        await Eventually.TrueAsync(async () => Unfinished(await Dolphin.CountAsync()) == 0, "every run ends", TimeSpan.FromMinutes(3));
        var counts = await Dolphin.CountAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{acknowledged.Count} acknowledged; {string.Join(", ", counts)}; {interrupted} kills found runs under way");

        // Every call had a token and was repeated until it was answered: so there is one run for each, and none besides.
        Assert.Equal(acknowledged.Count, counts.Values.Sum());
        Assert.Equal(acknowledged.Values.Count(c => c == endless), counts["STOP"]);
        Assert.Equal(acknowledged.Values.Count(c => c != endless), counts["SUCCESS"]);
        var ran = await AssertAllThereAsync(acknowledged);

        var lines = File.ReadAllLines(Witness);
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Empty(ran.Except(lines));
        Assert.True(load.Broken.IsEmpty, string.Join('\n', load.Broken));
    }

    [Fact]
    public async Task A_task_survives_three_kills_of_the_server_with_one_start_its_exit_code_and_its_whole_log()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", $"echo start; echo $PORPOISE_ATTEMPT >>{Witness}; sleep 20; echo out; exit 7"));
        await Dolphin.WaitForLogAsync(run, "a", "start");
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            await Installation.KillAndStartAsync();
            Assert.Equal("RUNNING_EXECUTION", await Dolphin.StateAsync(run));
        }

        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        var task = await Dolphin.TaskAsync(run, "a");
        Assert.Equal(7, task.GetProperty("exitCode").GetInt32());
        Assert.Equal(1, task.GetProperty("attempt").GetInt32());
        Assert.Matches(@"^start\nout\n\[porpoise\] failed after 2[0-9](\.[0-9]+)? s: exit code 7; the service was restarted meanwhile\n$", await Dolphin.LogAsync(task)); // the last line is the service's own
        Assert.Equal("1\n", File.ReadAllText(Witness));
    }

    [Fact]
    public async Task STOP_reaches_a_task_that_ignores_TERM_and_what_it_has_set_free_even_if_the_server_is_killed_meanwhile()
    {
        await Installation.StartAsync();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", """
            trap '' TERM
            setsid nohup sleep 999 >/dev/null 2>&1 &
            echo free $!
            while :; do sleep 1; done
            """).Noop("b", "a"));
        await Dolphin.WaitForLogAsync(run, "a", "free ");
        Assert.True(TaskProcesses.Find(Installation.Folder).Count >= 3, "Shim, script and sleep are not all there.");
        Assert.Equal(0, (await Dolphin.TryStopAsync(run)).Code);
        var asked = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await Installation.KillAndStartAsync();
        Assert.Equal("STOP", await Dolphin.WaitForStateAsync(run));
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(10), $"The run was stopped only after {asked.Elapsed}.");
        Assert.Empty(TaskProcesses.Find(Installation.Folder));
        Assert.Equal("KILL", Text(Assert.Single(await Dolphin.TasksAsync(run)), "state"));
    }

    /// <summary>Looks at every acknowledged run; the lines that its scripts must have written.</summary>
    private async Task<IReadOnlyCollection<string>> AssertAllThereAsync(ConcurrentDictionary<int, long> acknowledged)
    {
        var ran = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (pair, _) =>
        {
            var run = await Dolphin.GetRunAsync(pair.Key);
            Assert.Equal(pair.Value, run.GetProperty("processDefinitionCode").GetInt64());
            foreach (var task in await Dolphin.TasksAsync(pair.Key))
            {
                if (Text(task, "state") == "SUCCESS" && Text(task, "taskType") == "SHELL")
                {
                    ran.Add(string.Create(CultureInfo.InvariantCulture, $"{task.GetProperty("id").GetInt32()} {task.GetProperty("attempt").GetInt32()}"));
                }
            }
        });
        return ran;
    }

    [GeneratedRegex("Recovered: [1-9][0-9]* runs go on")]
    private static partial Regex Recovered();

    private static long Unfinished(IReadOnlyDictionary<string, long> counts) => counts["RUNNING_EXECUTION"] + counts["READY_STOP"];

    /// <summary>Clients that start runs for as long as they may, through all crashes, and note what was acknowledged.</summary>
    private sealed class Load(Installation installation, CancellationToken stop)
    {
        private int _clients;

        /// <summary>Runs, and the workflow that was asked for.</summary>
        public ConcurrentDictionary<int, long> Acknowledged { get; } = new();

        /// <summary>What no crash explains.</summary>
        public ConcurrentQueue<string> Broken { get; } = [];

        /// <summary>A client that starts the workflow again and again, and may stop the run then; <paramref name="pace"/> times slower than the fastest.</summary>
        public async Task StartAsync(long code, Dialect dialect, int pace, bool andStop = false)
        {
            var client = Interlocked.Increment(ref _clients);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var token = string.Create(CultureInfo.InvariantCulture, $"client {client} call {i}");
                var reply = await RepeatAsync(dialect, c => c.TryStartAsync(code, ("isProd", "true"), ("clientToken", token)));
                var run = reply.Data()[0].GetInt32();
                if (!Acknowledged.TryAdd(run, code))
                {
                    NoteBroken($"Run {run} was acknowledged twice, for different calls.");
                }

                await Task.Delay(BetweenStarts * pace, CancellationToken.None);
                if (andStop)
                {
                    await RepeatAsync(dialect, c => c.TryStopAsync(run));
                }
            }
        }

        /// <summary>Until it is answered, by whatever server. An error of the server's is noted, and does not count as an answer.</summary>
        private async Task<Reply> RepeatAsync(Dialect dialect, Func<ApiClient, Task<Reply>> call)
        {
            while (true)
            {
                try
                {
                    var reply = await call(dialect == Dialect.Cloud ? installation.Cloud : installation.Dolphin);
                    if (reply.Status == 200)
                    {
                        return reply;
                    }

                    NoteBroken(reply.ToString());
                }
                catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
                {
                    await Task.Delay(BetweenStarts, CancellationToken.None); // The server was killed in the middle of the call.
                }
            }
        }

        private void NoteBroken(string what) =>
            Broken.Enqueue(what + "\n" + string.Join('\n', installation.Server.Output.Split('\n').Where(l => l.Contains("fail:", StringComparison.Ordinal))));
    }
}
