using System.Net.Sockets;
using System.Text;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Dialects;

/// <summary>Connections beyond the limit are told so in their dialect; health checks go on; what comes beyond those is closed, and nothing is the worse for it.</summary>
public sealed class ConnectionLimitTests : InstallationTest
{
    private const int Max = 8;

    /// <summary>Connections that are told so.</summary>
    private const int SpareMax = 256;

    [Fact]
    public async Task Connections_beyond_the_limit_are_told_so_until_others_end()
    {
        await Installation.StartAsync("--connections", $"{Max}");
        var url = Installation.Url;
        var path = $"/dolphinscheduler/projects/{Installation.Dolphin.Workspace}";
        var byToken = RawCall.Write("GET", path, [("Host", url.Authority), ("token", Installation.Key.Token)]);
        var signed = RawCall.Write("GET", path, [("Host", url.Authority), ("x-acs-action", "Any")]);
        using var held = new Connections(url);
        await held.OpenAsync(Max);

        var refused = await RawCall.SendAsync(url, byToken);
        Assert.Equal(503, refused.Status);
        refused.Refused(1500020);
        Assert.Equal("close", refused.Header("Connection"));
        Assert.Contains($"{Max} connections", refused.Message, StringComparison.Ordinal);
        Assert.Equal("ServiceUnavailable", (await RawCall.SendAsync(url, signed)).GatewayCode);
        Assert.True(await IsReadyAsync());

        held.Close();
        await Eventually.TrueAsync(async () => (await RawCall.SendAsync(url, byToken)).Status == 200, "a call is served again");
    }

    [Fact]
    public async Task What_comes_beyond_the_spare_ones_is_closed()
    {
        await Installation.StartAsync("--connections", $"{Max}");
        using var held = new Connections(Installation.Url);
        await held.OpenAsync(Max + SpareMax);
        Assert.True(await held.IsClosedAtOnceAsync());

        held.Close();
        await Eventually.TrueAsync(IsReadyAsync, "the server answers again");
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            var (status, _, _) = await RawCall.SendForAnythingAsync(Installation.Url, RawCall.Write("GET", "/healthz/ready", [("Host", Installation.Url.Authority)]));
            return status == 200;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or SocketException)
        {
            return false; // closed without a word
        }
    }

    /// <summary>Connections that have had an answer and keep quiet.</summary>
    private sealed class Connections(Uri url) : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public async Task OpenAsync(int count)
        {
            var request = Encoding.ASCII.GetBytes($"GET /healthz/live HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n");
            for (var i = 0; i < count; i++)
            {
                var socket = await ConnectAsync();
                await socket.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(await socket.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken) > 0);
            }
        }

        public async Task<bool> IsClosedAtOnceAsync()
        {
            try
            {
                return await (await ConnectAsync()).ReceiveAsync(new byte[1], TestContext.Current.CancellationToken) == 0;
            }
            catch (SocketException)
            {
                return true; // reset
            }
        }

        public void Close() => _sockets.ForEach(s => s.Dispose());

        public void Dispose() => Close();

        private async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
            return socket;
        }
    }
}
