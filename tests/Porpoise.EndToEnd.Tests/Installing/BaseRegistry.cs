using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>A registry of this machine's own with one image for both processors, to build on where no other registry is reached: the SDK takes bases from registries only.</summary>
internal sealed class BaseRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, (string Type, byte[] Body)> _content = [];
    private readonly Task _serving;

    public BaseRegistry()
    {
        var port = FreePort();
        Image = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}/base:1");
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));
        Fill();
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Image { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private void Fill()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/base") { DataStream = new MemoryStream("of a test\n"u8.ToArray()) });
        }

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        var layer = Add("application/vnd.oci.image.layer.v1.tar+gzip", packed.ToArray());
        var manifests = new JsonArray();
        foreach (var processor in (string[])["amd64", "arm64"])
        {
            var config = Add("application/vnd.oci.image.config.v1+json", new JsonObject
            {
                ["architecture"] = processor,
                ["os"] = "linux",
                ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin") },
                ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(Digest(tar.ToArray())) },
            });
            var manifest = Add(ManifestType, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ManifestType, ["config"] = config, ["layers"] = new JsonArray(layer.DeepClone()) });
            manifest["platform"] = new JsonObject { ["architecture"] = processor, ["os"] = "linux" };
            manifests.Add(manifest);
        }

        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = manifests };
        _content["1"] = (IndexType, Encoding.UTF8.GetBytes(index.ToJsonString()));
    }

    private JsonObject Add(string type, JsonObject body) => Add(type, Encoding.UTF8.GetBytes(body.ToJsonString()));

    /// <returns>How others name it.</returns>
    private JsonObject Add(string type, byte[] body)
    {
        _content[Digest(body)] = (type, body);
        return new JsonObject { ["mediaType"] = type, ["digest"] = Digest(body), ["size"] = body.Length };
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // the tests are over
            }

            var found = _content.TryGetValue(call.Request.Url!.Segments[^1].Trim('/'), out var content);
            call.Response.StatusCode = found ? 200 : 404;
            if (found)
            {
                call.Response.ContentType = content.Type;
                call.Response.Headers["Docker-Content-Digest"] = Digest(content.Body);
                call.Response.ContentLength64 = content.Body.Length;
                if (call.Request.HttpMethod == "GET")
                {
                    await call.Response.OutputStream.WriteAsync(content.Body);
                }
            }

            call.Response.Close();
        }
    }

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
