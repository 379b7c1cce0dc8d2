using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Starting;

public sealed class FirstStartTests : InstallationTest
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_first_start_makes_a_private_folder_and_credentials_that_work()
    {
        await Installation.StartAsync();
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Installation.Folder));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(InFolder("root-key.json")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(InFolder("master.key")));
        foreach (var file in Directory.EnumerateFiles(Installation.Folder))
        {
            Assert.Equal(OwnerFile, File.GetUnixFileMode(file));
        }

        var key = JsonDocument.Parse(File.ReadAllText(InFolder("root-key.json"))).RootElement;
        Assert.Equal(
            ["accessKeyId", "accessKeySecret", "accountId", "password", "projectCode", "token", "userName", "workspaceId"],
            key.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(JsonValueKind.Number, key.GetProperty("projectCode").ValueKind);
        Assert.All(key.EnumerateObject().Where(m => m.Name != "projectCode"), m => Assert.NotEmpty(m.Value.GetString()!));
        Assert.StartsWith("w-", key.GetProperty("workspaceId").GetString(), StringComparison.Ordinal);

        (await Dolphin.TryGenerateCodesAsync(1)).Data();
        (await Cloud.TryGenerateCodesAsync(1)).Data();
    }

    [Fact]
    public async Task A_ready_server_says_so_in_one_line_and_at_its_health_addresses()
    {
        await Installation.StartAsync();
        var line = Assert.Single(Installation.Server.Output.Split('\n'), l => l.StartsWith("Porpoise is ready", StringComparison.Ordinal));
        Assert.Equal($"Porpoise is ready at {Installation.Url.ToString().TrimEnd('/')} (workspace {Installation.Key.WorkspaceId})", line.TrimEnd());
        foreach (var address in (string[])["/healthz/live", "/healthz/ready"])
        {
            using var answer = await Dolphin.SendRawAsync(HttpMethod.Get, address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Later_starts_keep_the_credentials_and_the_codes_go_on()
    {
        await Installation.StartAsync();
        var files = (File.ReadAllText(InFolder("root-key.json")), File.ReadAllText(InFolder("master.key")));
        var before = (await Dolphin.TryGenerateCodesAsync(1)).Data()[0].GetInt64();
        await Installation.KillAndStartAsync();
        Assert.Equal(files, (File.ReadAllText(InFolder("root-key.json")), File.ReadAllText(InFolder("master.key"))));
        Assert.True((await Cloud.TryGenerateCodesAsync(1)).Data()[0].GetInt64() > before);
    }

    [Fact]
    public async Task The_first_calls_after_a_start_may_come_all_at_once()
    {
        await Installation.StartAsync();
        var path = $"/dolphinscheduler/projects/{Installation.Key.WorkspaceId}/task-definition/gen-task-codes";
        for (var start = 0; start < 5; start++)
        {
            // Nothing is cached yet, so each of them reads and decrypts the key for itself.
            var calls = Enumerable.Range(0, 64).Select(_ => RawCall.Sign("GET", Installation.Url, path, Installation.Key.Credentials, ("genNum", 1), ("productNamespace", "SS"))).ToList();
            foreach (var reply in await Task.WhenAll(calls.Select(call => RawCall.SendAsync(Installation.Url, call))))
            {
                reply.Data();
            }

            await Installation.KillAndStartAsync();
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_refuses_to_start_and_the_first_goes_on()
    {
        await Installation.StartAsync();
        var second = await ServerProcess.RunToEndAsync(Installation.Folder, "http://127.0.0.1:0");
        Assert.NotEqual(0, second.Code);
        Assert.Contains("Another server is using the data folder " + Installation.Folder, second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        (await Dolphin.TryGenerateCodesAsync(1)).Data();
    }

    [Fact]
    public async Task An_address_in_use_is_named_in_a_clear_message()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, url);
        Assert.NotEqual(0, exit.Code);
        Assert.Contains($"{url} is in use", exit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", exit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_master_key_is_named_in_a_clear_message()
    {
        await Installation.StartAsync();
        await Installation.Server.KillAsync();
        File.Delete(InFolder("master.key"));
        var exit = await ServerProcess.RunToEndAsync(Installation.Folder, "http://127.0.0.1:0");
        Assert.NotEqual(0, exit.Code);
        Assert.Contains("master.key is missing", exit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_named_in_a_clear_message()
    {
        var exit = await ServerProcess.RunToEndAsync("/dev/null/data", "http://127.0.0.1:0");
        Assert.NotEqual(0, exit.Code);
        Assert.Contains("/dev/null/data", exit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", exit.Output, StringComparison.Ordinal);
    }

    private string InFolder(string file) => Path.Combine(Installation.Folder, file);
}
