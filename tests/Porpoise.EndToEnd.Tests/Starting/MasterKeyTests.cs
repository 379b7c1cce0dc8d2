using System.Diagnostics;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Starting;

public sealed class MasterKeyTests : InstallationTest
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string KeyFile => Path.Combine(Installation.Folder, "master.key");

    [Fact]
    public async Task A_rotated_key_takes_over_at_the_next_start_and_the_old_one_can_go()
    {
        await Installation.StartAsync();
        var old = Assert.Single(await File.ReadAllLinesAsync(KeyFile, Ct));
        var (code, output) = await RotateAsync();
        Assert.Equal(0, code);
        Assert.Contains("Restart the server", output, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(KeyFile, Ct);
        Assert.Equal([lines[0], old], lines);
        Assert.NotEqual(old, lines[0]);
        Assert.Equal(OwnerFile, File.GetUnixFileMode(KeyFile));
        Assert.All(lines, key => Assert.DoesNotContain(key, output, StringComparison.Ordinal));
        (await Cloud.TryGenerateCodesAsync(1)).Data(); // the running server goes on with the old one

        await Installation.KillAndStartAsync();
        (await Cloud.TryGenerateCodesAsync(1)).Data();
        Assert.Contains($"1 secrets were encrypted under the new master key; the other lines of {KeyFile} can be removed", Installation.Server.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(KeyFile, lines[0] + "\n", Ct);
        await Installation.KillAndStartAsync();
        (await Cloud.TryGenerateCodesAsync(1)).Data();
        Assert.DoesNotContain("master key", Installation.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_was_removed_too_early_is_missed_at_the_start()
    {
        await Installation.StartAsync();
        await Installation.Server.KillAsync();
        Assert.Equal(0, (await RotateAsync()).Code);
        var lines = await File.ReadAllLinesAsync(KeyFile, Ct);
        await File.WriteAllTextAsync(KeyFile, lines[0] + "\n", Ct);
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, "http://127.0.0.1:0");
        Assert.Equal(1, exit.Code);
        Assert.Contains($"The master key {KeyFile} is not the one of this store.", exit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", exit.Output, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(KeyFile, lines, Ct);
        await Installation.StartAsync();
        (await Cloud.TryGenerateCodesAsync(1)).Data();
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var (code, output) = await RotateAsync();
        Assert.Equal(1, code);
        Assert.Contains(KeyFile, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Installation.Folder));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<(int Code, string Output)> RotateAsync()
    {
        var start = new ProcessStartInfo(ServerProcess.Binary, ["master-key", "rotate", "--data", Installation.Folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("PORPOISE_MASTER_KEY_FILE");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output + await errors);
    }
}
