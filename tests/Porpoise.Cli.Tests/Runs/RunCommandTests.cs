using System.Globalization;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Runs;

/// <summary>Runs from the command line: started, waited for, read, stopped.</summary>
public sealed class RunCommandTests : SharedServerTest, IDisposable
{
    private const int RunFailed = 6;
    private const int NotEnded = 7;

    private readonly CommandProcess _terminal = new();

    public RunCommandTests(SharedServer shared)
        : base(shared)
    {
        _terminal.Variables["PORPOISE_TOKEN"] = Installation.Key.Token;
        _terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
        _terminal.Variables["PORPOISE_WORKSPACE"] = Installation.Key.WorkspaceId;
    }

    [Fact]
    public async Task A_run_is_started_by_name_with_parameters_and_waited_for()
    {
        var workflow = new Workflow().Shell("hello", "echo hello ${who}").Noop("end", "hello").With("globalParams", """[{"prop":"who","direct":"IN","type":"VARCHAR","value":"nobody"}]""");
        await Dolphin.CreateAsync(workflow);
        var result = (await _terminal.RunAsync("run", "start", workflow.Name, "--param", "who=the = world", "--wait")).Done();
        var words = result.Output.Trim().Split(' ');
        Assert.Equal("SUCCESS", words[1]);
        Assert.Contains("hello  SUCCESS", result.Error, StringComparison.Ordinal);
        Assert.Equal("hello the = world\n", (await _terminal.RunAsync("run", "logs", words[0], "--task", "hello")).Done().Output);
        Assert.Contains("who=the = world", (await _terminal.RunAsync("run", "show", words[0])).Done().Output, StringComparison.Ordinal);
        var shown = (await _terminal.RunAsync("run", "show", words[0], "--json")).Done().Json;
        Assert.Equal(["hello", "end"], shown.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        var listed = (await _terminal.RunAsync("run", "list", "--workflow", workflow.Name, "--json")).Done().Json;
        Assert.Equal(words[0], Assert.Single(listed.GetProperty("totalList").EnumerateArray()).GetProperty("id").ToString());
    }

    [Fact]
    public async Task A_run_is_started_for_another_day()
    {
        var workflow = new Workflow().Shell("day", "echo ${day}").With("globalParams", """[{"prop":"day","direct":"IN","type":"VARCHAR","value":"$[yyyy-MM-dd HH:mm]"}]""");
        await Dolphin.CreateAsync(workflow);
        foreach (var (date, printed) in ((string, string)[])[("2026-11-01", "2026-11-01 00:00"), ("2026-11-01 06:30", "2026-11-01 06:30")])
        {
            var run = (await _terminal.RunAsync("run", "start", workflow.Name, "--date", date, "--wait")).Done().Output.Split(' ')[0];
            Assert.Equal(printed + "\n", (await _terminal.RunAsync("run", "logs", run, "--task", "day")).Done().Output);
            Assert.Contains(printed + ":00 UTC", (await _terminal.RunAsync("run", "show", run)).Done().Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_failed_run_ends_the_command_with_its_code_and_the_last_lines_of_what_failed()
    {
        var workflow = new Workflow().Shell("good", "echo fine").Shell("bad", "seq 1 100; echo it went wrong >&2; exit 3", "good").Noop("never", "bad");
        await Dolphin.CreateAsync(workflow);
        var result = await _terminal.RunAsync("run", "start", workflow.Name, "--wait", "--json");
        Assert.Equal(RunFailed, result.Code);
        Assert.Equal("FAILURE", result.Json.GetProperty("state").GetString());
        Assert.Contains("bad ended with FAILURE", result.Error, StringComparison.Ordinal);
        Assert.Contains("  it went wrong\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("  100\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("  50\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fine", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_failed_runs_again_when_it_is_repaired_and_nothing_else_does()
    {
        var (cause, count) = (Path.Combine(_terminal.Home, "cause"), Path.Combine(_terminal.Home, "count"));
        File.SetUnixFileMode(_terminal.Home, (UnixFileMode)0b111_111_111); // tasks may have a user of their own
        var workflow = new Workflow().Shell("good", $"echo once >> {count}").Shell("bad", $"ls {cause}", "good");
        await Dolphin.CreateAsync(workflow);
        var failed = await _terminal.RunAsync("run", "start", workflow.Name, "--wait", "--json");
        Assert.Equal(RunFailed, failed.Code);
        await File.WriteAllTextAsync(cause, "", TestContext.Current.CancellationToken);
        var id = Text(failed.Json.GetProperty("id").GetInt32());
        Assert.Equal($"{id} SUCCESS", (await _terminal.RunAsync("run", "rerun", id, "--wait")).Done().Output.Trim());
        Assert.Equal("once\n", await File.ReadAllTextAsync(count, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whoever_waits_no_longer_leaves_the_run_running_and_can_stop_it()
    {
        var workflow = new Workflow().Shell("long", "echo started; exec sleep 600");
        await Dolphin.CreateAsync(workflow);
        var result = await _terminal.RunAsync("run", "start", workflow.Name, "--wait", "--timeout", "1s", "--json");
        Assert.Equal(NotEnded, result.Code);
        var id = result.Json.GetProperty("id").GetInt32();
        Assert.Equal("RUNNING_EXECUTION", await Dolphin.StateAsync(id));
        Assert.Equal("STOP", (await _terminal.RunAsync("run", "stop", Text(id), "--wait")).Done().Output.Trim());
    }

    [Fact]
    public async Task Logs_of_several_tasks_are_followed_together_to_the_end()
    {
        var run = await Dolphin.StartAsync(new Workflow().Shell("one", "echo a; sleep 1; echo b").Shell("two", "echo c").Shell("three", "printf no-line-end", "one", "two"));
        var lines = (await _terminal.RunAsync("run", "logs", Text(run), "-f")).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["one | a", "one | b", "three | no-line-end", "two | c"], lines.Order(StringComparer.Ordinal));
        Assert.Equal(lines.Order(StringComparer.Ordinal), (await _terminal.RunAsync("run", "logs", Text(run))).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_client_token_is_one_run()
    {
        var workflow = new Workflow().Noop("a");
        await Dolphin.CreateAsync(workflow);
        var token = Guid.NewGuid().ToString("N");
        var first = (await _terminal.RunAsync("run", "start", workflow.Name, "--client-token", token)).Done().Output;
        Assert.Equal(first, (await _terminal.RunAsync("run", "start", workflow.Name, "--client-token", token)).Done().Output);
        Assert.NotEqual(first, (await _terminal.RunAsync("run", "start", workflow.Name)).Done().Output);
    }

    [Theory]
    [InlineData(3, "start", "no such workflow")]
    [InlineData(3, "show", "2000000000")]
    [InlineData(2, "start", "w", "--param", "novalue")]
    [InlineData(2, "start", "w", "--param", "a=1", "--param", "a=2")]
    [InlineData(2, "start", "w", "--timeout", "soon")]
    [InlineData(2, "start", "w", "--date", "tomorrow")]
    public async Task What_cannot_be_done_is_told_by_the_code(int code, params string[] arguments) => Assert.Equal(code, (await _terminal.RunAsync(["run", .. arguments])).Code);

    [Fact]
    public async Task Queues_are_listed_made_and_limited_and_workers_shown()
    {
        var name = "q-" + Guid.NewGuid().ToString("N");
        Assert.Equal(3, (await _terminal.RunAsync("queue", "create", name, "--tasks-max", "3", "--json")).Done().Json.GetProperty("tasksMax").GetInt32());
        (await _terminal.RunAsync("queue", "update", name, "--tasks-max", "5")).Done();
        var listed = (await _terminal.RunAsync("queue", "list", "--json")).Done().Json.EnumerateArray().Single(q => q.GetProperty("name").GetString() == name);
        Assert.Equal(5, listed.GetProperty("tasksMax").GetInt32());
        Assert.Equal(3, (await _terminal.RunAsync("queue", "update", "none", "--tasks-max", "5")).Code);
        Assert.Contains("16", (await _terminal.RunAsync("worker", "list")).Done().Output, StringComparison.Ordinal);
    }

    void IDisposable.Dispose()
    {
        _terminal.Dispose();
        Dispose();
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
