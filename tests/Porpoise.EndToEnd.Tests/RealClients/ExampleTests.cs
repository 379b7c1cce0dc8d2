using System.Diagnostics;
using System.Text.RegularExpressions;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.RealClients;

/// <summary>What README.md and the guide show of the vendor's client, run as it stands there; only the address is another.</summary>
public sealed partial class ExampleTests(SharedServer shared, NodeSession node) : SharedServerTest(shared)
{
    private const string Address = "127.0.0.1:12345";

    [Fact]
    public async Task The_lines_of_the_readme_start_a_run()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(NodeSession.Repository, "README.md"), TestContext.Current.CancellationToken);
        var shown = JavaScript().Match(readme).Groups["text"].Value;
        Assert.InRange(shown.Split('\n').Length, 5, 11); // ten lines, so that it is read
        Assert.Contains($"'{Address}'", shown, StringComparison.Ordinal);
        var code = await Dolphin.CreateAsync(new LiveServer.Callers.Workflow().Noop("a"));
        var values = $"const [accessKeyId, accessKeySecret, workspaceId, processDefinitionCode] = ['{Installation.Key.AccessKeyId}', process.env.SECRET, '{Installation.Key.WorkspaceId}', '{code}'];\n";
        var said = await RunAsync(values + shown.Replace(Address, Installation.Url.Authority, StringComparison.Ordinal));
        Assert.Contains("code: 1000000", said, StringComparison.Ordinal);
        Assert.Matches(@"data: \[ [0-9]+ \]", said);
    }

    [Fact]
    public async Task The_example_creates_a_workflow_and_starts_it()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(NodeSession.Repository, "docs", "guide", "from-emr-serverless-spark.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"node examples/start-with-official-client.mjs ./data/root-key.json {Address}", guide, StringComparison.Ordinal);
        var example = await File.ReadAllTextAsync(Path.Combine(NodeSession.Repository, "examples", "start-with-official-client.mjs"), TestContext.Current.CancellationToken);
        var said = await RunAsync(example, Path.Combine(Installation.Folder, "root-key.json"), Installation.Url.Authority);
        Assert.Matches(@"started \{[^}]*data: \[ [0-9]+ \]", said);
    }

    /// <summary>In a folder beside which Node finds the clients that the tests have installed.</summary>
    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        await node.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("porpoise-example-");
        try
        {
            folder.CreateSubdirectory("examples");
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), Path.Combine(NodeSession.Clients, "node_modules"));
            var file = Path.Combine(folder.FullName, "examples", "script.mjs");
            await File.WriteAllTextAsync(file, script);
            var start = new ProcessStartInfo("node", [file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["SECRET"] = Installation.Key.AccessKeySecret;
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(process.ExitCode == 0, $"It ended with {process.ExitCode}:\n{await output}\n{await error}");
            return await output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("^```js\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JavaScript();
}
