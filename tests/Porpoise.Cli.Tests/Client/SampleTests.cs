using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Client;

/// <summary>The samples of the client library do what they say.</summary>
public sealed class SampleTests(SharedServer shared) : SharedServerTest(shared)
{
    /// <summary>Where the build puts it: beside the tests, in the same configuration.</summary>
    private static string Sample { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "StartAndWatch", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, "StartAndWatch"));

    [Fact]
    public async Task A_workflow_is_started_and_watched()
    {
        using var terminal = new CommandProcess();
        terminal.Variables["PORPOISE_ENDPOINT"] = Installation.Url.ToString();
        terminal.Variables["PORPOISE_ACCESS_KEY_ID"] = Installation.Key.AccessKeyId;
        terminal.Variables["PORPOISE_ACCESS_KEY_SECRET"] = Installation.Key.AccessKeySecret;
        var workflow = new Workflow().Shell("hello", "echo hello").Noop("end", "hello");
        await Dolphin.CreateAsync(workflow);
        var result = (await terminal.RunScriptAsync($"'{Sample}' {Installation.Key.WorkspaceId} {workflow.Name}")).Done();
        Assert.Contains("end: SUCCESS", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("SUCCESS\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await terminal.RunScriptAsync($"'{Sample}' {Installation.Key.WorkspaceId} 'no such workflow'")).Code);
    }
}
