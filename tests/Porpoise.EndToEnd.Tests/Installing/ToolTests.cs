using System.Diagnostics;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>The package for <c>dotnet tool install</c>.</summary>
[Trait("lane", "slow")]
public sealed class ToolTests(Published published)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task It_installs_from_a_folder_and_runs()
    {
        var packages = await published.MakeAsync("tool");
        var folder = Directory.CreateTempSubdirectory("porpoise-tool-");
        try
        {
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
            var tools = Path.Combine(folder.FullName, "tools");
            var sources = Path.Combine(folder.FullName, "nuget.config");
            await File.WriteAllTextAsync(sources, $"<configuration><packageSources><clear /><add key=\"folder\" value=\"{packages}\" /></packageSources></configuration>", TestContext.Current.CancellationToken);
            var start = new ProcessStartInfo("dotnet", ["tool", "install", "Porpoise", "--tool-path", tools, "--configfile", sources]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["NUGET_PACKAGES"] = Path.Combine(folder.FullName, "cache"); // a package of the same version from yesterday must not be taken
            using (var install = Process.Start(start)!)
            {
                var (output, error) = (install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
                await install.WaitForExitAsync().WaitAsync(Patience);
                Assert.True(install.ExitCode == 0, await output + await error);
            }

            Assert.Single(Directory.EnumerateFiles(tools, "libduckdb.so", SearchOption.AllDirectories));
            var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
            await using var place = new CleanPlace(Path.Combine(tools, "porpoise"), root is null ? "" : "DOTNET_ROOT=" + root);
            await using var installation = place.Install();
            await installation.StartAsync(); // tools are for who installed them: others may not execute them, and so tasks have no user of their own here
            await Workout.DoAsync(installation, place.Database);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
