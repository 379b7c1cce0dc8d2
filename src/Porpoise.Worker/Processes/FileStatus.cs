namespace Porpoise.Worker.Processes;

/// <summary>Whose a file is, who may do what with it, and how long it is; all zero if there is none.</summary>
internal readonly record struct FileStatus(uint User, uint Group, int Mode, long Size)
{
    private const int UserExecutes = 0x40, GroupExecutes = 0x8, OthersExecute = 0x1;

    /// <summary>Whether a user without any further groups may execute it, or pass through it.</summary>
    public bool MayExecute(TaskUser user) =>
        (Mode & (User == user.User ? UserExecutes : Group == user.Group ? GroupExecutes : OthersExecute)) != 0;

    public static unsafe FileStatus Read(string path)
    {
        // struct statx: mask and block size, 4 bytes each, attributes 8, links 4, then user 4, group 4, mode 2, padding 2, inode 8, size 8.
        var record = stackalloc byte[256];
        return Libc.Status(path, record) == 0
            ? new FileStatus(*(uint*)(record + 20), *(uint*)(record + 24), *(ushort*)(record + 28), *(long*)(record + 40))
            : default;
    }
}
