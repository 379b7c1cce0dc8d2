using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Porpoise.EndToEnd.Tests.RealClients;

namespace Porpoise.EndToEnd.Tests.FirstUse;

/// <summary>What a stranger runs first.</summary>
public sealed partial class DemoTests
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task The_demo_fetches_retries_aggregates_draws_and_reports()
    {
        var folder = Directory.CreateTempSubdirectory("porpoise-demo-test-");
        int? server = null;
        try
        {
            var (code, said) = await RunAsync("demo", "--keep", "--data", folder.FullName);
            server = RunningServer().Match(said) is { Success: true } process ? int.Parse(process.Groups[1].Value, CultureInfo.InvariantCulture) : null;
            Assert.True(code == 0, $"The demo ended with {code}:\n{said}");
            Assert.Contains("answered code 1000000: run 1", said, StringComparison.Ordinal);
            Assert.Contains("waits for its retry", said, StringComparison.Ordinal);
            Assert.Matches("report +done", said);
            var lake = Path.Combine(folder.FullName, "lake");
            Assert.All(["by-hour.png", "by-weekday.png", "airports.png"], picture => Assert.Equal(PngSignature, File.ReadAllBytes(Path.Combine(lake, picture)).AsSpan(0, 4)));
            var report = await File.ReadAllTextAsync(Path.Combine(lake, "report.html"), TestContext.Current.CancellationToken);
            Assert.Contains("2,999,850 flights", report, StringComparison.Ordinal);

            var commands = Commands().Matches(said).Select(m => m.Groups[1].Value.Split(' ')).ToList();
            Assert.Equal(2, commands.Count);
            var (shown, run) = await RunAsync(commands[0]);
            Assert.Equal(0, shown);
            Assert.Matches("state +SUCCESS", run);
            var (failed, broken) = await RunAsync(commands[1]);
            Assert.Equal(6, failed);
            Assert.Contains("Referenced column \"dealy\" not found", broken, StringComparison.Ordinal);
        }
        finally
        {
            if (server is { } id)
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            }

            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("the server runs on as process ([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex RunningServer();

    [GeneratedRegex(@"^ +\./run (porpoise .*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Commands();

    private static async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(NodeSession.Repository, "run"), words) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (process.ExitCode, await output + await error);
    }
}
