using System.Globalization;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Commands;

/// <summary>The pages' commands, run as they stand there.</summary>
public sealed class PageTests : TerminalTest
{
    /// <summary>The pages whose blocks of bash are run here, from the first to the last.</summary>
    internal static readonly string[] Run = ["guide/first-workflow.md", "guide/repair.md", "operate/access.md", "operate/backup.md", "reference/yaml.md"];

    [Fact]
    public async Task The_commands_about_access_do_what_the_page_says()
    {
        var result = await RunAsync("operate/access.md", blocks: 10);
        Assert.Contains("Allowed: emr-serverless-spark:StartProcessInstance", result.Output, StringComparison.Ordinal);
        Assert.Contains("Denied: ram:CreateUser", result.Output, StringComparison.Ordinal);
        Assert.Contains("AliyunEMRServerlessSparkDeveloperAccess", result.Output, StringComparison.Ordinal);
        Assert.Contains("ram:CreateUser", await File.ReadAllTextAsync(Path.Combine(Terminal.Home, "ram.ndjson"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_workflow_of_the_guide_runs()
    {
        var result = await RunAsync("guide/first-workflow.md", blocks: 4);
        Assert.Matches("Berlin: between [0-9]+ and [0-9]+ degrees", result.Output);
        Assert.Contains("+  city: Dresden", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_failed_run_of_the_guide_is_repaired()
    {
        var result = await RunAsync("guide/repair.md", blocks: 4);
        Assert.Contains("No such file or directory", result.Output, StringComparison.Ordinal);
        Assert.Contains("exho: command not found", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 SUCCESS\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_about_backups_do_what_the_page_says()
    {
        await RunAsync("operate/backup.md", blocks: 3);
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
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, ".porpoise"), Installation.Folder);
        var result = await RunAsync("reference/yaml.md", blocks: 1);
        Assert.Contains("word-count", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Terminal.Home, "nightly.yaml")));
    }

    [Fact]
    public async Task The_commands_of_the_readme_start_a_run()
    {
        await BeginAsync();
        var result = await RunLinesAsync("README.md", "./run porpoise ");
        Assert.Matches("[0-9]+ SUCCESS\n$", result.Output);
    }

    [Fact]
    public async Task An_export_of_DolphinSchedulers_form_is_applied()
    {
        await BeginAsync();
        var code = await Installation.Dolphin.CreateAsync(new Workflow("moved").Shell("a", "true").Shell("b", "true", "a"));
        var definitions = $"/dolphinscheduler/projects/{Installation.Key.WorkspaceId}/process-definition";
        using (var export = await Installation.Dolphin.SendRawAsync(HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"{definitions}/batch-export?codes={code}")))
        {
            await File.WriteAllBytesAsync(Path.Combine(Terminal.Home, "export.json"), await export.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        (await Installation.Dolphin.TryReleaseAsync(code, "OFFLINE")).Data();
        (await Installation.Dolphin.CallAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{definitions}/{code}"))).Data();
        (await Terminal.RunAsync("configure", "--data", "data")).Done();
        await RunLinesAsync("guide/from-dolphinscheduler.md", "porpoise ");
        Assert.Contains("moved", (await Terminal.RunAsync("workflow", "list")).Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_master_key_is_changed_as_the_page_says()
    {
        await BeginAsync();
        var lines = Documents.CommandsOf("operate/master-key.md").Where(c => c.Place == CommandPlace.Block).Select(c => c.Line.Replace("DIR", "data", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count);
        (await Terminal.RunScriptAsync(lines[0])).Done();
        await Installation.KillAndStartAsync();
        Assert.Contains("1 secrets were encrypted under the new master key", Installation.Transcript, StringComparison.Ordinal);
        (await Terminal.RunScriptAsync(lines[1])).Done();
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(Installation.Folder, "master.key"), TestContext.Current.CancellationToken));
        await Installation.KillAndStartAsync();
        (await Installation.Cloud.TryGenerateCodesAsync(1)).Data();
    }

    [Fact]
    public async Task The_profiles_of_the_page_are_made()
    {
        await BeginAsync();
        Terminal.Variables["SECRET"] = "a secret";
        await RunLinesAsync("reference/cli.md", "porpoise configure --data", "printf ");
        var shown = (await Terminal.RunAsync("configure", "list")).Done().Output;
        Assert.Contains("https://porpoise.example.com", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_development_task_of_the_page_is_made()
    {
        await BeginAsync();
        await File.WriteAllTextAsync(Path.Combine(Terminal.Home, "daily.sql"), "select 1", TestContext.Current.CancellationToken);
        (await Terminal.RunAsync("configure", "--data", "data")).Done();
        Assert.Contains("TSK-", (await RunLinesAsync("reference/spark.md", "porpoise task ")).Output, StringComparison.Ordinal);
    }

    /// <summary>Runs those lines of a page's other blocks that begin like this.</summary>
    private async Task<CommandResult> RunLinesAsync(string page, params string[] beginnings)
    {
        var lines = Documents.CommandsOf(page).Where(c => c.Place == CommandPlace.Block && beginnings.Any(b => c.Line.StartsWith(b, StringComparison.Ordinal))).Select(c => c.Line).ToList();
        Assert.NotEmpty(lines);

        // ./run porpoise is the program that is tested.
        var runner = Path.Combine(Terminal.Home, "run");
        await File.WriteAllTextAsync(runner, "#!/bin/sh\nshift\nexec porpoise \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(runner, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return (await Terminal.RunScriptAsync("set -x\n" + string.Join('\n', lines))).Done();
    }

    /// <param name="page">Its commands, with a server whose data folder is <c>./data</c>.</param>
    /// <param name="blocks">How many there are at least.</param>
    private async Task<CommandResult> RunAsync(string page, int blocks)
    {
        Assert.Contains(page, Run);
        await BeginAsync();
        var found = Documents.ScriptsOf(page);
        Assert.True(found.Count >= blocks, $"The page has {found.Count} blocks of commands.");
        return (await Terminal.RunScriptAsync("set -x\n" + string.Join('\n', found))).Done();
    }

    private async Task BeginAsync()
    {
        await Installation.StartAsync();
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, "data"), Installation.Folder);
        Directory.CreateSymbolicLink(Path.Combine(Terminal.Home, "examples"), Path.Combine(AppContext.BaseDirectory, "examples"));
        Terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
    }
}
