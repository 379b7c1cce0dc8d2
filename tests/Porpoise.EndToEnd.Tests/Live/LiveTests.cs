using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;
using static Porpoise.LiveServer.Callers.ApiClient;

namespace Porpoise.EndToEnd.Tests.Live;

/// <summary>Runs and logs, watched.</summary>
public sealed class LiveTests(SharedServer shared) : SharedServerTest(shared)
{
    private string Base => $"/porpoise/v1/workspaces/{Dolphin.Workspace}";

    [Fact]
    public async Task A_run_is_told_from_how_it_stands_to_its_end()
    {
        using var gate = new Gate();
        var run = await Dolphin.StartAsync(new Workflow()
            .Noop("first").Shell("waits", gate.Wait, "first")
            .Shell("fails", "test $PORPOISE_ATTEMPT = 2", "waits").WithNode("failRetryTimes", 1).WithNode("failRetryInterval", "0").Noop("last", "fails"));
        await using var events = await WatchAsync(run);
        await events.UntilAsync(e => e.Name == "run");
        Assert.Equal("RUNNING_EXECUTION", Text(events.Data, "state"));
        await events.UntilAsync(e => e.IsTask("first", "SUCCESS"));
        await events.UntilAsync(e => e.IsTask("waits", "RUNNING_EXECUTION"));
        gate.Open();
        var seen = new List<string>();
        await events.UntilAsync(e =>
        {
            seen.Add(e.Name == "task" ? $"{Text(e.Data, "name")} {Text(e.Data, "state")} {e.Data.GetProperty("attempt").GetInt32()}" : $"{e.Name} {Text(e.Data, "state")}");
            return e.Name == "end";
        });
        Assert.False(await events.NextAsync());
        Assert.Equal(
            [
                "waits SUCCESS 1", "fails SUBMITTED_SUCCESS 0", "fails RUNNING_EXECUTION 1", "fails SUBMITTED_SUCCESS 1", "fails RUNNING_EXECUTION 2", "fails SUCCESS 2",
                "last RUNNING_EXECUTION 0", "last SUCCESS 0", "run SUCCESS", "end SUCCESS",
            ],
            seen.Where(s => s != "waits RUNNING_EXECUTION 1"));
    }

    [Fact]
    public async Task A_run_that_is_over_is_told_at_once()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "exit 3"));
        Assert.Equal("FAILURE", await Dolphin.WaitForStateAsync(run));
        await using var events = await WatchAsync(run);
        await events.UntilAsync(e => e.IsTask("a", "FAILURE"));
        Assert.Equal(3, events.Data.GetProperty("exitCode").GetInt32());
        await events.UntilAsync(e => e.Name == "end");
        Assert.False(await events.NextAsync());
    }

    [Fact]
    public async Task A_log_is_sent_as_it_grows_and_goes_on_where_the_reader_was()
    {
        using var gate = new Gate();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", $"echo 工作; {gate.Wait}; echo done; printf end"));
        var task = await RunningTaskAsync(run, "a");
        string id;
        await using (var first = await FollowAsync(task))
        {
            await first.UntilAsync(e => e.Name == "log");
            Assert.Equal("工作\n", Text(first.Data, "text"));
            id = first.Id!;
        }

        await using var second = await FollowAsync(task, lastId: id);
        gate.Open();
        var text = new StringBuilder();
        await second.UntilAsync(e =>
        {
            text.Append(Text(e.Data, "text"));
            return e.Name == "end";
        });
        Assert.Equal("done\nend", text.ToString());
        Assert.Equal(15, second.Data.GetProperty("offset").GetInt64());
        Assert.False(await second.NextAsync());
    }

    [Fact]
    public async Task A_log_may_be_followed_before_its_task_has_a_slot()
    {
        using var gate = new Gate();
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", gate.Wait).Shell("b", "echo mine"), ("failureStrategy", "CONTINUE"));
        var task = await RunningTaskAsync(run, "a");
        await using var events = await FollowAsync(task);
        gate.Open();
        await events.UntilAsync(e => e.Name == "end");
        Assert.Equal(0, events.Data.GetProperty("offset").GetInt64());
        await using var other = await FollowAsync((await Dolphin.TaskAsync(run, "b")).GetProperty("id").GetInt32());
        await other.UntilAsync(e => e.Name == "log");
        Assert.Equal("mine\n", Text(other.Data, "text"));
    }

    [Fact]
    public async Task Streams_of_what_is_not_there_are_refused_as_any_call()
    {
        (await Dolphin.GetAsync($"{Base}/runs/2147483647/events")).Refused(50001);
        var reply = await Cloud.GetAsync($"{Base}/task-instances/2147483647/log/events");
        Assert.Equal(JsonValueKind.False, reply.Json.GetProperty("success").ValueKind);
    }

    [Fact]
    public async Task Many_events_of_a_wide_run_all_arrive()
    {
        const int Width = 1_000;
        using var gate = new Gate();
        var workflow = new Workflow().Shell("gate", gate.Wait);
        for (var i = 0; i < Width; i++)
        {
            workflow.Noop(string.Create(CultureInfo.InvariantCulture, $"t{i}"), "gate");
        }

        var run = await Dolphin.StartAsync(workflow);
        await using var events = await WatchAsync(run);
        await events.UntilAsync(e => e.IsTask("gate", "RUNNING_EXECUTION"));
        gate.Open();
        var done = new HashSet<string>();
        await events.UntilAsync(e =>
        {
            if (e.Name == "task" && Text(e.Data, "state") == "SUCCESS")
            {
                done.Add(Text(e.Data, "name"));
            }

            return e.Name == "end";
        });
        Assert.Equal(Width + 1, done.Count);
    }

    [Fact]
    public async Task A_server_that_stops_does_not_wait_for_those_who_watch()
    {
        await using var installation = new Installation();
        await installation.StartAsync();
        using var gate = new Gate();
        var run = await installation.Dolphin.StartAsync(new Workflow().Shell("a", gate.Wait));
        await using var events = await EventReader.OpenAsync(installation.Url, installation.Key.Token, $"/porpoise/v1/workspaces/{installation.Dolphin.Workspace}/runs/{run}/events");
        await events.UntilAsync(e => e.IsTask("a", "RUNNING_EXECUTION"));
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, (await installation.Server.StopAsync()).Code);
        while (await events.NextAsync())
        {
            Assert.Equal("task", events.Name); // the start of the task, told once more: how it stood, and that it came to that
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"Stopping took {watch.Elapsed}.");
        gate.Open();
    }

    private Task<EventReader> WatchAsync(int run) => EventReader.OpenAsync(Installation.Url, Installation.Key.Token, $"{Base}/runs/{run}/events");

    private Task<EventReader> FollowAsync(int task, string? lastId = null) => EventReader.OpenAsync(Installation.Url, Installation.Key.Token, $"{Base}/task-instances/{task}/log/events", lastId);

    private async Task<int> RunningTaskAsync(int run, string name)
    {
        await using var events = await WatchAsync(run);
        await events.UntilAsync(e => e.IsTask(name, "RUNNING_EXECUTION"));
        return events.Data.GetProperty("id").GetInt32();
    }

    /// <summary>Holds a task back without a sleep: it reads from a pipe that the test opens.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-gate-");
        private bool _isOpen;

        public Gate()
        {
            Process.Start("chmod", ["755", _folder.FullName])!.WaitForExit(); // tasks may run as another user
            Process.Start("mkfifo", ["-m", "666", Pipe])!.WaitForExit();
        }

        /// <summary>What the script does.</summary>
        public string Wait => $"read -r line < {Pipe}";

        private string Pipe => Path.Combine(_folder.FullName, "gate");

        public void Open()
        {
            File.WriteAllText(Pipe, "go\n");
            _isOpen = true;
        }

        public void Dispose()
        {
            if (!_isOpen)
            {
                using var writer = new FileStream(Pipe, FileMode.Open, FileAccess.ReadWrite); // a reader that came is let go, and nobody need come
            }

            _folder.Delete(recursive: true);
        }
    }
}
