using System.Text.Json;

namespace Porpoise.Cli.Tests.Machine;

public sealed class DoctorTests : TerminalTest
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task A_machine_with_a_running_server_has_no_problem()
    {
        await Installation.StartAsync();
        var result = await Terminal.RunAsync("doctor", "--json", "--data", Installation.Folder, "--urls", Installation.Url.ToString());
        Assert.True(result.Code == 0, result.Output);
        var findings = result.Json.EnumerateArray().ToDictionary(f => Text(f, "check"), f => Text(f, "level"));
        Assert.Superset(new HashSet<string>(["kernel", "user", "ICU", "time zones", "clock", "open files", "data folder", "disk", "master key", "address", "bash", "python3", "java", "Spark"]), findings.Keys.ToHashSet());
        Assert.All(result.Json.EnumerateArray(), f => Assert.True(Text(f, "level") == "ok" || Text(f, "remedy").Length > 10, f.ToString()));
    }

    [Fact]
    public async Task Each_problem_is_named_with_its_remedy()
    {
        await Installation.StartAsync();
        File.SetUnixFileMode(Installation.Folder, Everybody);
        File.SetUnixFileMode(Path.Combine(Installation.Folder, "master.key"), Everybody);
        Terminal.Variables["SPARK_HOME"] = "/nowhere";
        Terminal.Variables["PATH"] = "/nowhere";
        using var stranger = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        stranger.Start();
        var result = await Terminal.RunAsync("doctor", "--data", Installation.Folder, "--urls", $"http://{stranger.LocalEndpoint}");
        Assert.Equal(1, result.Code);
        foreach (var expected in (string[])["chmod 700", "chmod 600", "Install bash", "SPARK_HOME is /nowhere", "another program listens"])
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_is_to_come_is_looked_at_too()
    {
        var result = await Terminal.RunAsync("doctor", "--json", "--data", Path.Combine(Terminal.Home, "a", "b"), "--urls", "http://127.0.0.1:0");
        Assert.True(result.Code == 0, result.Output);
        Assert.Contains("is made at the first start", result.Output, StringComparison.Ordinal);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
