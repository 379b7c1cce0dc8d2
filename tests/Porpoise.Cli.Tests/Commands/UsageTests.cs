using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>What is typed wrong is said in words of the command line, not of the program.</summary>
public sealed class UsageTests : TerminalTest
{
    private const int Usage = 2;

    [Theory]
    [InlineData("'abc' is no run: it takes the number of a run.", "run", "show", "abc")]
    [InlineData("'yesterday' cannot be --from: it takes a time such as 2026-11-24T06:00:00Z.", "audit", "list", "--from", "yesterday")]
    [InlineData("--page takes a number from 1 to 2147483647.", "user", "list", "--page", "many")]
    [InlineData("--timeout bounds how long --wait waits", "run", "start", "w", "--timeout", "3s")]
    [InlineData("--timeout bounds how long --wait waits", "run", "rerun", "1", "--timeout", "3s")]
    [InlineData("--timeout bounds how long --wait waits", "run", "stop", "1", "--timeout", "3s")]
    [InlineData("--follow shows every attempt", "run", "logs", "1", "-f", "--attempt", "1")]
    [InlineData("--state takes RUNNING_EXECUTION, READY_STOP, SUCCESS, FAILURE, STOP, several with commas; not 'FOO'.", "run", "list", "--state", "SUCCESS,FOO")]
    [InlineData("--type takes SQL, JAR, PYTHON; not 'FOO'.", "task", "create", "x", "--type", "FOO")]
    [InlineData("--slots takes a number from ", "serve", "--slots", "many")]
    [InlineData("'some' cannot be --max-session-seconds: it takes a whole number.", "role", "update", "x", "--max-session-seconds", "some")]
    [InlineData("--urls takes addresses such as http://127.0.0.1:12345 (TLS is a proxy's work), not 'junk'.", "serve", "--urls", "junk")]
    [InlineData("not 'https://127.0.0.1:1'.", "serve", "--urls", "http://127.0.0.1:1;https://127.0.0.1:1")]
    [InlineData("not 'http://127.0.0.1:99999'.", "serve", "--urls", "http://127.0.0.1:99999")]
    [InlineData("not 'http://127.0.0.1:1/base'.", "serve", "--urls", "http://127.0.0.1:1/base")]
    [InlineData("not ''.", "serve", "--urls", ";")]
    public async Task A_wrong_value_is_named_with_what_would_be_right(string says, params string[] line)
    {
        var result = await Terminal.RunAsync(line);
        Assert.Equal((Usage, ""), (result.Code, result.Output));
        Assert.Contains(says, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy  ")]
    [InlineData("rerun ", "run")]
    public async Task Whoever_names_no_command_is_shown_which_there_are(string command, params string[] line)
    {
        var result = await Terminal.RunAsync(line);
        Assert.Equal((Usage, ""), (result.Code, result.Output));
        Assert.Contains(command, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_said_to_be_so()
    {
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, "http://192.0.2.1:12345"); // of the range for examples
        Assert.Equal(1, exit.Code);
        Assert.Contains("http://192.0.2.1:12345 cannot be listened at", exit.Output, StringComparison.Ordinal);
    }
}
