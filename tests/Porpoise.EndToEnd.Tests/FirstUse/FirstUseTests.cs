using System.Diagnostics;
using Porpoise.EndToEnd.Tests.RealClients;

namespace Porpoise.EndToEnd.Tests.FirstUse;

/// <summary>The README's way, from nothing.</summary>
[Trait("lane", "slow")]
public sealed class FirstUseTests
{
    /// <summary>All packages are fetched and everything is compiled, on a machine that may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    [Fact]
    public async Task A_fresh_clone_with_an_empty_home_gets_to_a_run_of_its_own()
    {
        var start = new ProcessStartInfo(Path.Combine(NodeSession.Repository, "tests", "first-use", "first-use.sh"), [NodeSession.Repository]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var stranger = Process.Start(start)!;
        var (output, error) = (stranger.StandardOutput.ReadToEndAsync(), stranger.StandardError.ReadToEndAsync());
        await stranger.WaitForExitAsync().WaitAsync(Patience);
        var said = await output;
        Assert.True(stranger.ExitCode == 0, $"{said}\n{await error}");
        Assert.EndsWith("first use: done\n", said, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', said.Split('\n').Where(line => line.Contains(" s: ", StringComparison.Ordinal))));
    }
}
