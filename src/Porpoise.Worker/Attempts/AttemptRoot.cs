using System.Runtime.Versioning;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Attempts;

/// <summary>The folder of all attempts, and the way of the tasks' user to it: through folders, without a look into them.</summary>
internal static class AttemptRoot
{
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Pass = Ours | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Makes the folder if it is missing, and opens it as far as the tasks' user needs it.</summary>
    /// <exception cref="PlatformNotSupportedException">The tasks' user cannot get there; the message says where it is held up.</exception>
    [SupportedOSPlatform("linux")]
    public static void Prepare(string root, TaskUser? user)
    {
        var mode = user is null ? Ours : Pass;
        Directory.CreateDirectory(root, mode);
        File.SetUnixFileMode(root, mode);
        if (user is not null && FindObstacle(user, root) is { } obstacle)
        {
            throw new PlatformNotSupportedException(
                $"Tasks run as the user '{user.Name}', who cannot get through {obstacle} to their work folders in {root}. Let others pass (chmod o+x {obstacle}), "
                + "choose a data folder elsewhere (--data /var/lib/porpoise), or another user with --task-user (root: tasks get all rights of the server).");
        }
    }

    /// <summary>Whether the user can get at the program and execute it.</summary>
    public static bool MayRun(TaskUser user, string program) => FindObstacle(user, Path.GetFullPath(program)) is null;

    /// <summary>The first folder on the way, or the thing itself, that the user may not pass or execute.</summary>
    private static string? FindObstacle(TaskUser user, string path)
    {
        for (var at = path; at is not null; at = Path.GetDirectoryName(at))
        {
            // Links: what they lead to may be closed too, but then it says so when it is used.
            if (!FileStatus.Read(at).MayExecute(user))
            {
                return FindObstacle(user, Path.GetDirectoryName(at)!) ?? at;
            }
        }

        return null;
    }
}
