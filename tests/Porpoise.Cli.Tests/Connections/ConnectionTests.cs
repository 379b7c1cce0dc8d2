using Porpoise.LiveServer.Servers;

namespace Porpoise.Cli.Tests.Connections;

/// <summary>Where a command calls, and as whom.</summary>
public sealed class ConnectionTests(SharedServer shared) : SharedServerTest(shared), IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly CommandProcess _terminal = new();

    private string Url => Installation.Url.ToString();

    [Fact]
    public async Task A_profile_is_made_from_the_servers_own_file_and_used_from_then_on()
    {
        (await _terminal.RunAsync("configure", "--data", Installation.Folder, "--endpoint", Url)).Done();
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(_terminal.Home, ".porpoise", "config.json")));
        Assert.True((await _terminal.RunAsync("user", "list", "--json")).Done().Json.GetProperty("total").GetInt64() >= 0);
        var shown = (await _terminal.RunAsync("configure", "list", "--json")).Done().Output + (await _terminal.RunAsync("configure", "get")).Done().Output;
        Assert.Contains(Installation.Key.AccessKeyId, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Installation.Key.AccessKeySecret, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_come_by_standard_input_in_every_mode()
    {
        (await _terminal.RunWithInputAsync(Installation.Key.Token + "\n", "configure", "-p", "by-token", "--mode", "Token", "--secrets-stdin", "--endpoint", Url)).Done();
        (await _terminal.RunWithInputAsync(Installation.Key.AccessKeySecret + "\n", "configure", "-p", "by-key", "--access-key-id", Installation.Key.AccessKeyId, "--secrets-stdin", "--endpoint", Url)).Done();
        (await _terminal.RunAsync("user", "list", "-p", "by-token")).Done();
        (await _terminal.RunAsync("user", "list", "-p", "by-key")).Done();
        (await _terminal.RunAsync("configure", "use", "by-token")).Done();
        (await _terminal.RunAsync("configure", "delete", "by-key")).Done();
        Assert.Equal(2, (await _terminal.RunAsync("user", "list", "-p", "by-key")).Code);
        (await _terminal.RunAsync("user", "list")).Done();
    }

    [Fact]
    public async Task The_environment_counts_before_a_profile_and_a_named_profile_before_the_environment()
    {
        (await _terminal.RunAsync("configure", "--data", Installation.Folder, "--endpoint", Url)).Done();
        _terminal.Variables["PORPOISE_TOKEN"] = "nobody's";
        Assert.Equal(4, (await _terminal.RunAsync("user", "list")).Code);
        (await _terminal.RunAsync("user", "list", "-p", "default")).Done();
        _terminal.Variables["PORPOISE_ENDPOINT"] = "http://127.0.0.1:1";
        (await _terminal.RunAsync("user", "list", "-p", "default")).Done();
        _terminal.Variables["PORPOISE_ACCESS_KEY_ID"] = Installation.Key.AccessKeyId;
        _terminal.Variables["PORPOISE_ACCESS_KEY_SECRET"] = Installation.Key.AccessKeySecret;
        (await _terminal.RunAsync("user", "list", "--endpoint", Url)).Done();
    }

    [Fact]
    public async Task What_is_missing_is_said_with_its_exit_code()
    {
        var nobody = await _terminal.RunAsync("user", "list");
        Assert.Equal((2, ""), (nobody.Code, nobody.Output));
        Assert.Contains("porpoise configure", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _terminal.RunAsync("user", "lst")).Code);
        Assert.Equal(2, (await _terminal.RunAsync("configure")).Code);
        Assert.Equal(2, (await _terminal.RunAsync("user", "list", "--data", Installation.Folder, "--endpoint", "ftp://x")).Code);
        Assert.Equal(5, (await _terminal.RunAsync("user", "list", "--data", Installation.Folder, "--endpoint", "http://127.0.0.1:1")).Code);
        Assert.Equal(3, (await _terminal.RunAsync("user", "show", "nobody", "--data", Installation.Folder, "--endpoint", Url)).Code);
        Assert.Equal(1, (await _terminal.RunAsync("user", "create", "not a name", "--data", Installation.Folder, "--endpoint", Url)).Code);
    }

    [Fact]
    public async Task What_would_help_is_said()
    {
        var tls = await _terminal.RunAsync("user", "list", "--data", Installation.Folder, "--endpoint", Url.Replace("http:", "https:", StringComparison.Ordinal));
        Assert.Equal(5, tls.Code);
        Assert.Contains("speaks no TLS: try http://127.0.0.1:", tls.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await _terminal.RunAsync("configure", "get", "nobody")).Code);
        Directory.CreateDirectory(Path.Combine(_terminal.Home, ".porpoise"));
        var file = Path.Combine(_terminal.Home, ".porpoise", "config.json");
        await File.WriteAllTextAsync(file, "{", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, OwnerFile);
        var broken = await _terminal.RunAsync("user", "list");
        Assert.Equal(2, broken.Code);
        Assert.Contains(file + " cannot be read", broken.Error, StringComparison.Ordinal);
        Assert.Contains("move it away", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_json_too_where_that_was_asked_for()
    {
        var refused = await _terminal.RunAsync("user", "show", "nobody", "--json", "--data", Installation.Folder, "--endpoint", Url);
        Assert.Equal("", refused.Output);
        Assert.Equal("1500015", (refused with { Output = refused.Error }).Json.GetProperty("code").GetString());
        Assert.NotEqual("", (refused with { Output = refused.Error }).Json.GetProperty("requestId").GetString());
    }

    void IDisposable.Dispose()
    {
        _terminal.Dispose();
        Dispose();
    }
}
