using System.CommandLine;
using Porpoise.Access.Secrets;
using Porpoise.Serving;

namespace Porpoise.Commands;

/// <summary><c>porpoise master-key …</c>: the keys that encrypt stored secrets.</summary>
internal static class MasterKeyCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder", DefaultValueFactory = _ => ".porpoise" };
        var rotate = new Command("rotate", "Put a fresh master key in front of the file; the server uses it from its next start on") { data };
        rotate.SetAction(parsed => Rotate(DataFolder.MasterKeyIn(parsed.GetValue(data)!)));
        return new Command("master-key", "The keys that encrypt stored secrets") { rotate };
    }

    private static int Rotate(string path)
    {
        try
        {
            // Kept for itself until the new file is there, so that two of these at once do not lose a key.
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
            using (var reader = new StreamReader(file))
            {
                DataFolder.WritePrivate(path, MasterKeyFile.AddKey(reader.ReadToEnd()));
            }
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"porpoise: the master key {path} cannot be rotated: {e.Message}");
            return 1;
        }

        Console.Out.WriteLine(
            $"""
            {path} begins with a fresh key; the older ones follow it.
            1. Copy the file to where you keep the master key.
            2. Restart the server. It encrypts every stored secret under the fresh key and says so in its log.
            3. When temporary credentials from before have expired (12 hours), remove the other lines and restart the server. Keep them as long as
               you keep backups of the store from before.
            """);
        return 0;
    }
}
