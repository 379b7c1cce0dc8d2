using System.Net;
using System.Net.Sockets;

namespace Porpoise.Commands.Machine;

/// <summary>The addresses of the server: free for one, or taken by one that is well.</summary>
internal static class PortChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Finding>> AllAsync(string urls, CancellationToken ct)
    {
        var findings = new List<Finding>();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            findings.Add(await LookAsync(url, ct));
        }

        return findings;
    }

    private static async Task<Finding> LookAsync(string url, CancellationToken ct)
    {
        if (!Uri.TryCreate(url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri))
        {
            return Finding.Problem("address", $"'{url}' is none", "One looks like http://127.0.0.1:12345.");
        }

        var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
        try
        {
            using var socket = new TcpListener(address, uri.Port);
            socket.Start();
            return Finding.Ok("address", $"{url} is free");
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return await AskAsync(url, address.Equals(IPAddress.Any) ? IPAddress.Loopback : address, uri.Port, ct);
        }
        catch (SocketException e)
        {
            return Finding.Problem("address", $"{url} cannot be listened on: {e.Message}", "Ports below 1024 belong to root; an address has to be this machine's. Choose another one with --urls.");
        }
    }

    private static async Task<Finding> AskAsync(string url, IPAddress address, int port, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new UriBuilder("http", address.ToString(), port, "/healthz/ready").Uri, ct);
            var text = await response.Content.ReadAsStringAsync(ct);
            return response.IsSuccessStatusCode && text.Contains("\"ok\"", StringComparison.Ordinal)
                ? Finding.Ok("address", $"a server at {url} takes work")
                : Finding.Problem("address", $"what listens at {url} answers {(int)response.StatusCode}: {text[..Math.Min(text.Length, 200)]}", "If it is a Porpoise server, the text says what is wrong with it; else stop it, or choose another address with --urls.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return Finding.Problem("address", $"another program listens at {url}", "Stop it, or choose another address with --urls.");
        }
    }
}
