using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

public sealed class CommandReferenceTests : IDisposable
{
    private readonly CommandProcess _terminal = new();

    [Theory]
    [InlineData("cli")]
    [InlineData("configuration")]
    [InlineData("operations")]
    [InlineData("errors")]
    public async Task The_page_says_what_the_code_says(string name)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "reference", name + ".md"), TestContext.Current.CancellationToken);
        var written = (await _terminal.RunAsync("reference", name)).Done().Output;
        Assert.True(page == written, $"docs/reference/{name}.md is out of date: ./run porpoise reference {name} > docs/reference/{name}.md");
    }

    /// <summary>Nobody has to know the source to know what can be set: each option of the server is there, and each variable that the code reads.</summary>
    [Fact]
    public async Task Every_setting_that_help_names_is_on_the_page()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "reference", "configuration.md"), TestContext.Current.CancellationToken);
        var help = (await _terminal.RunAsync("serve", "--help")).Done().Output;
        var options = System.Text.RegularExpressions.Regex.Matches(help, "--[a-z-]+").Select(m => m.Value).Where(o => o != "--help").Distinct().ToList();
        Assert.True(options.Count > 20);
        Assert.All(options, o => Assert.Contains($"| `{o}` |", page, StringComparison.Ordinal));
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
