using System.Text.RegularExpressions;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>The pages' commands, run as they stand there.</summary>
public sealed partial class PageTests : TerminalTest
{
    [Fact]
    public async Task The_commands_about_access_do_what_the_page_says()
    {
        var result = await RunAsync("access.md", blocks: 10);
        Assert.Contains("Allowed: emr-serverless-spark:StartProcessInstance", result.Output, StringComparison.Ordinal);
        Assert.Contains("Denied: ram:CreateUser", result.Output, StringComparison.Ordinal);
        Assert.Contains("AliyunEMRServerlessSparkDeveloperAccess", result.Output, StringComparison.Ordinal);
        Assert.Contains("ram:CreateUser", await File.ReadAllTextAsync(Path.Combine(Terminal.Home, "ram.ndjson"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_workflow_of_the_guide_runs()
    {
        var result = await RunAsync("first-workflow.md", blocks: 4);
        Assert.Matches("Berlin: between [0-9]+ and [0-9]+ degrees", result.Output);
        Assert.Contains("+  city: Dresden", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_failed_run_of_the_guide_is_repaired()
    {
        var result = await RunAsync("repair.md", blocks: 4);
        Assert.Contains("No such file or directory", result.Output, StringComparison.Ordinal);
        Assert.Contains("exho: command not found", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 SUCCESS\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_about_backups_do_what_the_page_says()
    {
        await RunAsync("backup.md", blocks: 3);
        var (first, second) = (Path.Combine(Terminal.Home, "data"), new Installation(Path.Combine(Terminal.Home, "restored")));
        await using (second)
        {
            File.Copy(Path.Combine(first, "root-key.json"), Path.Combine(second.Folder, "root-key.json"));
            await second.StartAsync();
            (await second.Cloud.TryGenerateCodesAsync(1)).Data();
        }
    }

    [Fact]
    public async Task The_commands_about_workflow_files_do_what_the_page_says()
    {
        await Installation.StartAsync();
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, ".porpoise"), Installation.Folder);
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, "examples"), Path.Combine(AppContext.BaseDirectory, "examples"));
        Terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "yaml.md"), TestContext.Current.CancellationToken);
        var result = (await Terminal.RunScriptAsync("set -x\n" + Assert.Single(Block().Matches(page)).Groups["commands"].Value)).Done();
        Assert.Contains("word-count", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Terminal.Home, "nightly.yaml")));
    }

    /// <param name="page">Its commands, with a server whose data folder is <c>./data</c>.</param>
    /// <param name="blocks">How many there are at least.</param>
    private async Task<CommandResult> RunAsync(string page, int blocks)
    {
        await Installation.StartAsync();
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, "data"), Installation.Folder);
        Terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, page), TestContext.Current.CancellationToken);
        var found = Block().Matches(text).Select(m => m.Groups["commands"].Value).ToList();
        Assert.True(found.Count >= blocks, $"The page has {found.Count} blocks of commands.");
        return (await Terminal.RunScriptAsync("set -x\n" + string.Join('\n', found))).Done();
    }

    [GeneratedRegex("^```bash\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
