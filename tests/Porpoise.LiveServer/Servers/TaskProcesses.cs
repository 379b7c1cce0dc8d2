using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Porpoise.LiveServer.Servers;

/// <summary>The processes of an installation's tasks, found by what the server put into their environment: its tag, and a HOME below the data folder.</summary>
public static class TaskProcesses
{
    public static IReadOnlyList<int> Find(string folder)
    {
        var found = new List<int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ReadEnvironment(pid) is var environment
                && environment.Contains("PORPOISE_TAG=", StringComparison.Ordinal)
                && environment.Contains($"HOME={folder}/", StringComparison.Ordinal))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    /// <summary>For the end of a test.</summary>
    public static void Kill(string folder)
    {
        // A shim may be starting its script in this moment: look again until none is left.
        for (var look = 0; look < 10 && Find(folder) is { Count: > 0 } pids; look++)
        {
            foreach (var pid in pids)
            {
                try
                {
                    using var process = Process.GetProcessById(pid);
                    process.Kill();
                }
                catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It ended by itself.
                }
            }
        }
    }

    /// <summary>Empty for a zombie, too: it has no memory left that could hold one.</summary>
    private static string ReadEnvironment(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
