namespace Porpoise.Commands.Machine;

/// <summary>Copies a folder that others may be writing in: what is gone when its turn comes is left out, and links and devices always are.</summary>
internal static class FolderCopy
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Write(string from, string to)
    {
        Directory.CreateDirectory(to, OwnerFolder);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            try
            {
                if (entry is DirectoryInfo { LinkTarget: null })
                {
                    Write(entry.FullName, target);
                }
                else if (entry is FileInfo { LinkTarget: null } file && (file.Attributes & FileAttributes.Device) == 0)
                {
                    file.CopyTo(target);
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Console.Error.WriteLine($"{entry.FullName} is gone meanwhile.");
            }
        }
    }
}
