using System.Text.Json;
using Porpoise.Commands.Calls;
using Porpoise.Serving;

namespace Porpoise.Commands.Connections;

/// <summary>~/.porpoise/config.json: the profiles of a person. Only its owner may read it.</summary>
internal static class ProfileFile
{
    private const UnixFileMode OthersMayRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static string Path => System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".porpoise", "config.json");

    /// <exception cref="UsageException">It is there and cannot be read.</exception>
    public static ProfileList Read()
    {
        if (!File.Exists(Path))
        {
            return ProfileList.Empty;
        }

        try
        {
            if ((File.GetUnixFileMode(Path) & OthersMayRead) != 0)
            {
                Console.Error.WriteLine($"porpoise: others can read the secrets in {Path}: chmod 600 it.");
            }

            return JsonSerializer.Deserialize(File.ReadAllText(Path), ProfileJson.Default.ProfileList) is { Profiles: not null } list ? list : ProfileList.Empty;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The profiles in {Path} cannot be read: {e.Message}{(e is JsonException ? " Mend that file, or move it away and run porpoise configure again." : "")}", e);
        }
    }

    public static void Write(ProfileList list)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!, FolderMode);
        DataFolder.WritePrivate(Path, JsonSerializer.Serialize(list, ProfileJson.Default.ProfileList) + "\n");
    }
}
