using System.ComponentModel;
using System.Diagnostics;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>A file system of a few megabytes that a test can fill up. Only root can mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestFolder _folder = new();
    private bool _mounted;

    public string Path => _folder.Path;

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Null, or why it cannot be had here.</summary>
    public string? Mount()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "Only root on Linux can mount a file system to fill up.";
        }

        var error = Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", Path);
        _mounted = error is null;
        return error;
    }

    public void FillUp()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // full
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", "-l", Path);
        }

        _folder.Dispose();
    }

    private static string? Run(string tool, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{tool}: {error.Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"{tool}: {e.Message}";
        }
    }
}
