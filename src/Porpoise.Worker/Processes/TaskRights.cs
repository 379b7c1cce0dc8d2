using System.Globalization;

namespace Porpoise.Worker.Processes;

/// <summary>What a task is left with of the server's rights, as the shim is told it: arguments 5 to 10, and 11 for the one in sh.</summary>
internal sealed class TaskRights
{
    private static readonly string[] ProgramFolders = ["/usr/bin/", "/bin/", "/usr/local/bin/"];

    /// <exception cref="PlatformNotSupportedException">The shell would be the shim, and lacks the programs to become another user.</exception>
    public TaskRights(TaskUser? user, TaskLimits limits, bool isNative)
    {
        User = user;
        var tools = Array.Find(ProgramFolders, static folder => File.Exists(folder + "setpriv") && File.Exists(folder + "prlimit"));
        if (user is not null && !isNative && tools is null)
        {
            throw new PlatformNotSupportedException($"Running tasks as '{user.Name}' takes setpriv and prlimit on this machine. Install util-linux, or choose --task-user root.");
        }

        HasTools = tools is not null;
        Arguments = [Text(user?.User ?? 0), Text(user?.Group ?? 0), Text(Math.Min(limits.OpenFilesMax, OpenFiles.ReadMax())), Text(limits.ProcessesMax), Text(limits.MemoryMegabytesMax * 1024L), Text(limits.CpuSecondsMax), tools ?? ""];
    }

    /// <summary>Null: the server's own.</summary>
    public TaskUser? User { get; }

    /// <summary>Whether the shim in sh could do it too.</summary>
    public bool HasTools { get; }

    public string[] Arguments { get; }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
