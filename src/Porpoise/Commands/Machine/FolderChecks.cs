using System.Globalization;
using Porpoise.Serving;

namespace Porpoise.Commands.Machine;

/// <summary>The data folder: rights, space, the kind of its disk, and its keys.</summary>
internal static class FolderChecks
{
    private const double FreeMin = 1.0;
    private const double GiB = 1024.0 * 1024 * 1024;

    /// <summary>Passing through is no harm, and under root the tasks' user has to.</summary>
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>SQLite's locks and its shared memory do not work over a network.</summary>
    private static readonly string[] NetworkDisks = ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"];

    public static IEnumerable<Finding> All(DataFolderPaths data)
    {
        var exists = Directory.Exists(data.Folder);
        yield return exists ? Rights(data) : Parent(data);
        yield return Disk(data);
        if (exists && File.Exists(data.Store))
        {
            yield return Keys(data);
        }
    }

    private static Finding Rights(DataFolderPaths data)
    {
        if ((File.GetUnixFileMode(data.Folder) & Others) != 0)
        {
            return Finding.Problem("data folder", $"others can look into {data.Folder}", $"chmod 700 {data.Folder}");
        }

        return MayWrite(data.Folder)
            ? Finding.Ok("data folder", $"{data.Folder}{(File.Exists(data.Store) ? "" : ", without a store yet")}")
            : Finding.Problem("data folder", $"{data.Folder} cannot be written", $"chown it to the user that the service runs as, and look whether the disk is mounted read-only.");
    }

    private static Finding Parent(DataFolderPaths data)
    {
        var parent = ExistingParent(data.Folder);
        return MayWrite(parent)
            ? Finding.Ok("data folder", $"{data.Folder} is made at the first start")
            : Finding.Problem("data folder", $"{data.Folder} does not exist, and {parent} cannot be written", "Make it for the user that the service runs as, or name another one with --data.");
    }

    private static Finding Disk(DataFolderPaths data)
    {
        var drive = new DriveInfo(ExistingParent(data.Folder));
        var free = drive.AvailableFreeSpace / GiB;
        var kind = KindOf(drive);
        var found = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GiB free ({kind})");
        return NetworkDisks.Contains(kind) ? Finding.Problem("disk", found, "The store needs a local disk: over a network its locks do not hold.")
            : free < FreeMin ? Finding.Problem("disk", found, "Make room: a full disk makes the service read-only (docs/operate/disk-full.md).")
            : Finding.Ok("disk", found);
    }

    /// <summary>In a root folder that is not mounted as such (chroot), the list of mounts does not have it.</summary>
    private static string KindOf(DriveInfo drive)
    {
        try
        {
            return drive.DriveFormat;
        }
        catch (DriveNotFoundException)
        {
            return "of a kind that the system does not tell";
        }
    }

    private static Finding Keys(DataFolderPaths data)
    {
        var path = DataFolder.MasterKeyIn(data.Folder);
        return !File.Exists(path) ? Finding.Problem("master key", $"{path} is missing", "Put your copy back (docs/operate/master-key.md): without it the stored secrets cannot be read.")
            : (File.GetUnixFileMode(path) & Others) != 0 ? Finding.Problem("master key", $"others can read {path}", $"chmod 600 {path}, and change the key: porpoise master-key rotate.")
            : Finding.Ok("master key", path);
    }

    private static string ExistingParent(string folder)
    {
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>Tried, because neither modes nor mounts nor quotas alone say it.</summary>
    private static bool MayWrite(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, ".porpoise-" + Guid.NewGuid().ToString("N")), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
