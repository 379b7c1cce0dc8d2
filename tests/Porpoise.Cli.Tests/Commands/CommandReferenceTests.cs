using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

public sealed class CommandReferenceTests : IDisposable
{
    private readonly CommandProcess _terminal = new();

    [Fact]
    public async Task The_page_says_what_the_commands_say()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "cli.md"), TestContext.Current.CancellationToken);
        var written = (await _terminal.RunAsync("reference", "cli")).Done().Output;
        Assert.True(page == written, "docs/reference/cli.md is out of date: ./run porpoise reference cli > docs/reference/cli.md");
    }

    [Fact]
    public async Task Every_option_of_every_command_is_described()
    {
        var written = (await _terminal.RunAsync("reference", "cli")).Done().Output;
        Assert.DoesNotContain("|  |\n", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("porpoise user se", "set-password")]
    [InlineData("porpoise member add --as Data", "DataScience")]
    [InlineData("porpoise ", "policy")]
    public async Task A_shell_is_told_how_a_line_goes_on(string line, string expected)
    {
        var suggested = (await _terminal.RunAsync($"[suggest:{line.Length}]", line)).Done().Output;
        Assert.Contains(expected, suggested.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Bash_completes_with_the_script()
    {
        var done = await _terminal.RunScriptAsync("""
            eval "$(porpoise completion bash)"
            COMP_WORDS=(porpoise key cre); COMP_CWORD=2; COMP_LINE="porpoise key cre"; COMP_POINT=${#COMP_LINE}
            _porpoise
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        Assert.Equal("create\n", done.Done().Output);
    }

    public void Dispose() => _terminal.Dispose();
}
