using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Porpoise.EndToEnd.Tests.RealClients;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>deploy/porpoise.service, and what the server has to do for it.</summary>
public sealed partial class ServiceUnitTests : InstallationTest
{
    private static readonly string Unit = File.ReadAllText(Path.Combine(NodeSession.Repository, "deploy", "porpoise.service"));

    [Fact]
    public async Task Systemd_understands_the_unit()
    {
        var folder = Directory.CreateTempSubdirectory("porpoise-unit-");
        try
        {
            var file = Path.Combine(folder.FullName, "porpoise.service");
            await File.WriteAllTextAsync(file, Unit.Replace("/usr/local/bin/porpoise", ServerProcess.Binary, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            using var verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", file]) { RedirectStandardError = true })!;
            var said = await verify.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await verify.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((0, ""), (verify.ExitCode, string.Join('\n', said.Split('\n').Where(line => line.Contains("porpoise.service", StringComparison.Ordinal)))));
        }
        catch (Win32Exception)
        {
            Assert.Skip("systemd is not installed.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_server_says_when_it_is_ready_and_when_it_stops()
    {
        var address = Path.Combine(Path.GetDirectoryName(Installation.Folder)!, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(address));
        Installation.Variables["NOTIFY_SOCKET"] = address;
        await Installation.StartAsync();
        Assert.Equal("READY=1", await ReadAsync(socket));
        Assert.Equal(0, (await Installation.Server.StopAsync()).Code);
        Assert.Equal("STOPPING=1", await ReadAsync(socket));
    }

    [Fact]
    public async Task With_the_rights_of_the_unit_tasks_run_as_another_user_and_are_ended_with_all_they_started()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give tasks another user.");
        var rights = string.Join(',', Rights().Match(Unit).Groups["names"].Value.Split(' ').Select(name => "+" + name["CAP_".Length..].ToLowerInvariant()));
        await using var place = new CleanPlace($"setpriv --bounding-set=-all,{rights} --no-new-privs {ServerProcess.Binary}");
        await using var installation = place.Install();
        await installation.StartAsync("--task-user", "nobody");
        var run = await installation.Dolphin.StartAsync(new Workflow()
            .Shell("who", "id -un")
            .Shell("long", "setsid sleep 1000 & setsid setsid sleep 1000 & echo started; wait", "who"));
        await installation.Dolphin.WaitForLogAsync(run, "long", "started");
        (await installation.Dolphin.TryStopAsync(run)).Data();
        Assert.Equal("STOP", await installation.Dolphin.WaitForStateAsync(run));
        Assert.Empty(TaskProcesses.Find(installation.Folder));
        Assert.StartsWith("nobody", await installation.Dolphin.LogAsync(await installation.Dolphin.TaskAsync(run, "who")), StringComparison.Ordinal);
        await Workout.DoAsync(installation, place.Database);
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        var message = new byte[256];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(message, 0, await socket.ReceiveAsync(message, patience.Token));
    }

    [GeneratedRegex("^CapabilityBoundingSet=(?<names>.+)$", RegexOptions.Multiline)]
    private static partial Regex Rights();
}
