using System.Diagnostics;
using Porpoise.EndToEnd.Tests.RealClients;

namespace Porpoise.EndToEnd.Tests.FirstUse;

/// <summary>What a stranger runs first.</summary>
public sealed class DemoTests
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task The_demo_fetches_retries_aggregates_draws_and_reports()
    {
        var folder = Directory.CreateTempSubdirectory("porpoise-demo-test-");
        try
        {
            var start = new ProcessStartInfo(Path.Combine(NodeSession.Repository, "run"), ["demo", "--data", folder.FullName]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var demo = Process.Start(start)!;
            var (output, error) = (demo.StandardOutput.ReadToEndAsync(), demo.StandardError.ReadToEndAsync());
            await demo.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
            var said = await output;
            Assert.True(demo.ExitCode == 0, $"The demo ended with {demo.ExitCode}:\n{said}\n{await error}");
            Assert.Contains("answered code 1000000: run 1", said, StringComparison.Ordinal);
            Assert.Contains("waits for its retry", said, StringComparison.Ordinal);
            Assert.Matches("report +done", said);
            var lake = Path.Combine(folder.FullName, "lake");
            Assert.All(["by-hour.png", "by-weekday.png", "airports.png"], picture => Assert.Equal(PngSignature, File.ReadAllBytes(Path.Combine(lake, picture)).AsSpan(0, 4)));
            var report = await File.ReadAllTextAsync(Path.Combine(lake, "report.html"), TestContext.Current.CancellationToken);
            Assert.Contains("2,999,850 flights", report, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
