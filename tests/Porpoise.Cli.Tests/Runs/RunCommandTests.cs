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

    [Fact]
    public async Task Tables_are_whole_on_a_narrow_terminal()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script, which makes a pseudo-terminal.");
        var run = await Dolphin.StartAsync(new Workflow().Noop("a"));
        foreach (var columns in (int[])[40, 80])
        {
            var lines = (await _terminal.RunScriptAsync($"script -qec 'stty cols {columns}; porpoise run list --page-size 1; porpoise audit list --limit 1; porpoise token create root --name of-a-test' /dev/null")).Done().Output.ReplaceLineEndings("\n").Split('\n');
            Assert.Contains(lines, l => l.Contains("ID  NAME", StringComparison.Ordinal) && l.EndsWith("BY", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.Contains("WHO", StringComparison.Ordinal) && l.EndsWith("CODE", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith(Text(run) + "  ", StringComparison.Ordinal) && l.EndsWith("root", StringComparison.Ordinal));
            Assert.Contains(lines, l => System.Text.RegularExpressions.Regex.IsMatch(l, "^token +[0-9a-f]{32}$"));
            Assert.DoesNotContain(lines, l => l.Contains('\u2026', StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task On_a_terminal_a_log_has_colours_and_nothing_else_that_it_obeys()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script, which makes a pseudo-terminal.");
        const string Bytes = "\u001b]0;title\u0007\u001b[1;31mred\u001b[0m\u001b[2Jend";
        var run = await Dolphin.StartAsync(new Workflow().Shell("a", "printf '\\033]0;title\\007\\033[1;31mred\\033[0m\\033[2Jend\\n'"));
        foreach (var follow in (string[])["-f", ""])
        {
            Assert.Contains(Bytes, (await _terminal.RunScriptAsync($"porpoise run logs {run} {follow} --task a | cat")).Done().Output, StringComparison.Ordinal);
            Assert.Contains("\ufffd]0;title\ufffd\u001b[1;31mred\u001b[0m\ufffd[2Jend", (await _terminal.RunScriptAsync($"script -qec 'porpoise run logs {run} {follow} --task a' /dev/null")).Done().Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task On_a_terminal_what_a_failed_task_wrote_is_harmless_too()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script, which makes a pseudo-terminal.");
        var workflow = new Workflow().Shell("bad", "printf '\\033]0;title\\007wrong\\n'; exit 3");
        await Dolphin.CreateAsync(workflow);
        var shown = (await _terminal.RunScriptAsync($"script -qec 'porpoise run start {workflow.Name} --wait' /dev/null || true")).Done().Output;
        Assert.Contains("\ufffd]0;title\ufffdwrong", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0;", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_follows_ends_when_its_reader_has_gone_and_the_run_goes_on()
    {
        var workflow = new Workflow().Shell("long", "echo started; exec sleep 600");
        await Dolphin.CreateAsync(workflow);
        var waited = (await _terminal.RunScriptAsync($"set +o pipefail; porpoise run start {workflow.Name} --wait 2>&1 | head -1; echo ${{PIPESTATUS[0]}}")).Done().Output.Split('\n');
        Assert.StartsWith("Run ", waited[0], StringComparison.Ordinal);
        Assert.Equal("141", waited[1]);
        var id = int.Parse(waited[0][4..], CultureInfo.InvariantCulture);
        Assert.Equal("long | started\n141\n", (await _terminal.RunScriptAsync($"set +o pipefail; porpoise run logs {id} -f | head -1; echo ${{PIPESTATUS[0]}}")).Done().Output);
        Assert.Equal("RUNNING_EXECUTION", await Dolphin.StateAsync(id));
        (await _terminal.RunAsync("run", "stop", Text(id), "--wait")).Done();
    }

    [Fact]
    public async Task Whoever_interrupts_the_waiting_is_told_that_the_run_goes_on()
    {
        var workflow = new Workflow().Shell("long", "exec sleep 600");
        await Dolphin.CreateAsync(workflow);

        // A shell lets its jobs ignore interrupts, and whoever runs the tests in the background lets the shell.
        var said = (await _terminal.RunScriptAsync($$"""
            mkfifo lines
            env --default-signal=INT porpoise run start {{workflow.Name}} --wait 2> lines &
            while read -r line; do echo "$line"; case "$line" in *running*) kill -INT $!;; esac; done < lines
            wait $! || echo "code $?"
            """)).Done().Output;
        var id = int.Parse(said.Split('\n')[0][4..], CultureInfo.InvariantCulture);
        Assert.Contains($"Run {id} goes on: porpoise run logs {id} -f, porpoise run stop {id}\n", said, StringComparison.Ordinal);
        Assert.Contains("code 130", said, StringComparison.Ordinal);
        (await _terminal.RunAsync("run", "stop", Text(id), "--wait")).Done();
    }

    [Fact]
    public async Task What_succeeded_runs_again_with_all_only_and_what_is_not_there_has_its_code()
    {
        var workflow = new Workflow().Shell("a", "echo x");
        await Dolphin.CreateAsync(workflow);
        var id = (await _terminal.RunAsync("run", "start", workflow.Name, "--wait")).Done().Output.Split(' ')[0];
        Assert.Contains("--all runs all of it again.", (await _terminal.RunAsync("run", "rerun", id)).Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _terminal.RunAsync("run", "logs", id, "--task", "nope")).Code);
        Assert.Equal(3, (await _terminal.RunAsync("run", "logs", id, "--task", "nope", "-f")).Code);
        Assert.Equal(3, (await _terminal.RunAsync("run", "logs", id, "--attempt", "9")).Code);
    }

    [Fact]
    public async Task Who_may_start_and_neither_look_nor_list_names_the_workspace_and_the_code()
    {
        var workflow = new Workflow().Noop("a");
        await Dolphin.CreateAsync(workflow);
        var code = (await _terminal.RunAsync("workflow", "list", "--search", workflow.Name, "--json")).Done().Json.GetProperty("totalList")[0].GetProperty("code").ToString();
        (await _terminal.RunAsync("workflow", "publish", workflow.Name)).Done();
        var name = "u" + Guid.NewGuid().ToString("N")[..12];
        await File.WriteAllTextAsync(
            Path.Combine(_terminal.Home, "p.json"),
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":["emr-serverless-spark:StartProcessInstance","emr-serverless-spark:GetProcessInstance"],"Resource":"*"},{"Effect":"Deny","Action":"emr-serverless-spark:ListWorkspaces","Resource":"*"}]}""",
            TestContext.Current.CancellationToken);
        (await _terminal.RunAsync("user", "create", name)).Done();
        (await _terminal.RunAsync("policy", "create", name, "--document", "p.json")).Done();
        (await _terminal.RunAsync("policy", "attach", name, "--user", name)).Done();
        (await _terminal.RunAsync("member", "add", "--user", name, "--as", "DataEngineering")).Done();
        _terminal.Variables["PORPOISE_TOKEN"] = (await _terminal.RunAsync("token", "create", name, "--name", "t", "--json")).Done().Json.GetProperty("token").GetString()!;
        (await _terminal.RunAsync("run", "start", code)).Done();
        _terminal.Variables.Remove("PORPOISE_WORKSPACE");
        var refused = await _terminal.RunAsync("run", "start", code);
        Assert.Equal(4, refused.Code);
        Assert.Contains("name one with --workspace", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "list", "--workflow", "99999")]
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
