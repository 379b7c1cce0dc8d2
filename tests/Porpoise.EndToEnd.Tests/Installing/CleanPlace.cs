using Porpoise.LiveServer.Servers;

namespace Porpoise.EndToEnd.Tests.Installing;

/// <summary>A machine as little prepared as can be: an empty folder, an empty home, no variables, and no .NET on the PATH.</summary>
internal sealed class CleanPlace : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("porpoise-clean-");
    private readonly string _start;

    public CleanPlace(string program, string variables = "")
    {
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_111_111); // for tasks of another user
        Directory.CreateDirectory(Home);
        _start = Path.Combine(_folder.FullName, "start");
        File.WriteAllText(_start, $"#!/bin/sh\ncd {Home} && exec env -i HOME={Home} PATH=/usr/bin:/bin {variables} {program} \"$@\"\n");
        File.SetUnixFileMode(_start, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Database, "");
        File.SetUnixFileMode(Database, (UnixFileMode)0b110_110_110);
    }

    public string Home => Path.Combine(_folder.FullName, "home");

    public string Database => Path.Combine(_folder.FullName, "work.db");

    public Installation Install() => new(Path.Combine(_folder.FullName, "data"), _start);

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
