using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>The container image: its layout, and its files started as its configuration says, in a root of their own over this machine's files.</summary>
[Trait("lane", "slow")]
public sealed class ImageTests(Published published) : IDisposable
{
    private const int User = 1654;
    private const string Data = "/opt/porpoise/data";
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-image-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("linux-x64", "amd64", Machine.X64)]
    [InlineData("linux-arm64", "arm64", Machine.Arm64)]
    public async Task It_says_how_it_is_started_and_has_the_files_of_its_processor(string platform, string architecture, int processor)
    {
        var image = await UnpackAsync(platform);
        Assert.Equal((architecture, "linux"), (Text(image.Config, "architecture"), Text(image.Config, "os")));
        Assert.Equal(2, image.Layers.Count); // the base's and ours
        var config = image.Config.GetProperty("config");
        Assert.Equal(["/opt/porpoise/porpoise"], Texts(config, "Entrypoint"));
        Assert.Equal(["serve", "--data", Data, "--urls", "http://0.0.0.0:12345", "--stop-tasks"], Texts(config, "Cmd"));
        Assert.Equal("1654", Text(config, "User"));
        Assert.True(config.GetProperty("ExposedPorts").TryGetProperty("12345/tcp", out _));
        Assert.Equal("0.1.0", Text(config.GetProperty("Labels"), "org.opencontainers.image.version"));

        var entries = new Dictionary<string, (TarEntryType Type, UnixFileMode Mode, int Owner, int? Processor)>();
        await using var layer = new GZipStream(File.OpenRead(image.Layers[^1]), CompressionMode.Decompress);
        using var reader = new TarReader(layer);
        while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
        {
            entries[entry.Name.TrimEnd('/')] = (entry.EntryType, entry.Mode, entry.Uid, await ProcessorAsync(entry));
        }

        Assert.Equal((TarEntryType.RegularFile, Executable, processor), (entries["opt/porpoise/porpoise"].Type, entries["opt/porpoise/porpoise"].Mode, entries["opt/porpoise/porpoise"].Processor));
        Assert.Equal((TarEntryType.Directory, Executable, User), (entries["opt/porpoise/data"].Type, entries["opt/porpoise/data"].Mode, entries["opt/porpoise/data"].Owner)); // a new volume becomes that user's
        Assert.Equal(processor, entries["opt/porpoise/libduckdb.so"].Processor);
        Assert.Equal(processor, entries["opt/porpoise/libe_sqlite3.so"].Processor);
        Assert.All(entries.Values, entry => Assert.True(entry.Processor is null || entry.Processor == processor));
        Assert.DoesNotContain(entries.Keys, name => name.EndsWith(".pdb", StringComparison.Ordinal) || name.EndsWith(".xml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_files_serve_and_run_tasks_as_its_user()
    {
        var image = await UnpackAsync("linux-x64");
        var config = image.Config.GetProperty("config");
        var command = string.Join(' ', Texts(config, "Entrypoint").Concat(Texts(config, "Cmd")).Select(word => $"'{word.Replace("0.0.0.0:12345", "127.0.0.1:0", StringComparison.Ordinal)}'"));
        var (volume, start) = (Path.Combine(_folder.FullName, "volume"), Path.Combine(_folder.FullName, "start"));
        File.SetUnixFileMode(_folder.FullName, Executable);
        Directory.CreateDirectory(volume);
        await File.WriteAllTextAsync(Path.Combine(volume, "work.db"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(start, $$"""
            #!/bin/bash
            set -eu
            [ "${inside-}" ] || inside=1 exec unshare --mount --propagation private "$0" # the same process, with mounts that nobody else sees
            cd {{_folder.FullName}}
            mkdir -p changes root
            mount -t tmpfs none changes
            mkdir changes/upper changes/work
            tar -xzf {{image.Layers[^1]}} -C changes/upper
            mount -t overlay none -o "lowerdir=/,upperdir=$PWD/changes/upper,workdir=$PWD/changes/work" root
            mount --rbind /proc root/proc
            mount --rbind /dev root/dev
            chown -R {{User}}:0 volume
            mount --bind volume root{{Data}}
            exec chroot --userspec={{Text(config, "User")}}:0 root /usr/bin/env -i {{string.Join(' ', Texts(config, "Env"))}} /bin/sh -c 'cd {{Text(config, "WorkingDir")}} && exec "$@"' sh {{command}}
            """, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(start, Executable);
        await SkipUnlessMountsAsync();
        await using var installation = new Installation(volume, start);
        await installation.StartAsync();
        await Workout.DoAsync(installation, Data + "/work.db");
    }

    private async Task SkipUnlessMountsAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give the image a root folder of its own.");
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", _folder.FullName]) { RedirectStandardError = true })!;
        var error = await probe.StandardError.ReadToEndAsync();
        await probe.WaitForExitAsync();
        Assert.SkipUnless(probe.ExitCode == 0, "Nothing can be mounted here: " + error);
    }

    private sealed record Image(JsonElement Config, IReadOnlyList<string> Layers);

    /// <summary>Follows the layout from its index to the files; each is what its digest says.</summary>
    private async Task<Image> UnpackAsync(string platform)
    {
        var archive = Path.Combine(await published.MakeAsync("image"), $"porpoise-image-{platform}.tar");
        var layout = Path.Combine(_folder.FullName, "layout");
        Directory.CreateDirectory(layout);
        await TarFile.ExtractToDirectoryAsync(archive, layout, overwriteFiles: false, TestContext.Current.CancellationToken);
        Assert.Equal("1.0.0", Text(Read(Path.Combine(layout, "oci-layout")), "imageLayoutVersion"));
        var tags = Read(Path.Combine(layout, "index.json")).GetProperty("manifests").EnumerateArray().ToList();
        Assert.Equal("0.1.0", Text(Assert.Single(tags).GetProperty("annotations"), "org.opencontainers.image.ref.name"));
        var manifest = Read(Blob(layout, tags[0]));
        return new Image(Read(Blob(layout, manifest.GetProperty("config"))), [.. manifest.GetProperty("layers").EnumerateArray().Select(layer => Blob(layout, layer))]);
    }

    private static string Blob(string layout, JsonElement descriptor)
    {
        var digest = Text(descriptor, "digest");
        var file = Path.Combine(layout, "blobs", digest.Replace(':', '/'));
        using var content = File.OpenRead(file);
        Assert.Equal(descriptor.GetProperty("size").GetInt64(), content.Length);
        Assert.Equal(digest, "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        return file;
    }

    private static async Task<int?> ProcessorAsync(TarEntry entry)
    {
        var head = new byte[64];
        var length = entry.DataStream is { } data ? await data.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) : 0;
        return Machine.Find(head.AsSpan(0, length)) is [var processor] ? processor : null;
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static IReadOnlyList<string> Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
