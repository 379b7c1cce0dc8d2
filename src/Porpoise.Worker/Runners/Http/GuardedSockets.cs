using System.Net;
using System.Net.Sockets;

namespace Porpoise.Worker.Runners.Http;

/// <summary>
/// Opens the connections of HTTP tasks. The name is resolved here and connected to by the address that was looked at, so a name that resolves to
/// something else the next time gains nothing; every redirect comes by here too.
/// </summary>
internal sealed class GuardedSockets(bool refusePrivate)
{
    /// <exception cref="JobException">The name is unknown, or leads to where the server's settings allow no task to go.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        var (host, port) = (connection.DnsEndPoint.Host, connection.DnsEndPoint.Port);
        var addresses = await ResolveAsync(host, ct);
        var allowed = refusePrivate ? [.. addresses.Where(address => !PrivateAddresses.Contain(address))] : addresses;
        if (allowed.Length == 0)
        {
            throw new JobException(
                $"{host} is {string.Join(", ", addresses.Take(3))}, an address of a private network or of this machine. This server does not let HTTP tasks go there (--refuse-private-http). "
                + "Use a public address, or ask whoever runs the server.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        try
        {
            return IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, ct);
        }
        catch (SocketException e)
        {
            throw new JobException($"The name {host} cannot be resolved: {e.Message}. Check the task's url, and that this machine's DNS knows the name.", e);
        }
    }
}
