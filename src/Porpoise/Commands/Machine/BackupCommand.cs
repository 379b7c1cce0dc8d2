using System.CommandLine;
using Porpoise.Commands.Calls;
using Porpoise.Serving;
using Porpoise.Storage;
using Porpoise.Storage.Sqlite;

namespace Porpoise.Commands.Machine;

/// <summary><c>porpoise backup</c>: a copy of a data folder, taken while the server runs. Keys are left out unless they are asked for.</summary>
internal static class BackupCommand
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder", DefaultValueFactory = _ => ".porpoise" };
        var to = new Option<string>("--to") { Description = "A folder that does not exist yet, or is empty", Required = true };
        var withLogs = new Option<bool>("--with-logs") { Description = "Also what tasks wrote" };
        var withKeys = new Option<bool>("--with-keys") { Description = "Also the master key and the owner's credentials: then whoever has the backup has every secret in it" };
        var command = new Command("backup", "Copy a data folder while the server runs; the copy is of one moment") { data, to, withLogs, withKeys };
        command.SetAction(parsed => Run(new DataFolderPaths(parsed.GetValue(data)!), Path.GetFullPath(parsed.GetValue(to)!), parsed.GetValue(withLogs), parsed.GetValue(withKeys)));
        return command;
    }

    private static int Run(DataFolderPaths from, string to, bool withLogs, bool withKeys)
    {
        try
        {
            if (!File.Exists(from.Store))
            {
                return Refuse(ExitCode.NotFound, $"{from.Folder} is no data folder: it has no store.");
            }

            Directory.CreateDirectory(to, OwnerFolder);
            if (Directory.EnumerateFileSystemEntries(to).Any())
            {
                return Refuse(ExitCode.Failed, $"{to} is not empty. Name a folder that does not exist yet.");
            }

            var copy = new DataFolderPaths(to);
            StoreCopy.Write(from.Store, copy.Store);
            if (withLogs && Directory.Exists(from.Attempts))
            {
                FolderCopy.Write(from.Attempts, copy.Attempts);
            }

            if (withKeys)
            {
                DataFolder.WritePrivate(copy.MasterKey, File.ReadAllText(DataFolder.MasterKeyIn(from.Folder)));
                DataFolder.WritePrivate(copy.RootKey, File.ReadAllText(from.RootKey));
            }

            Console.Error.WriteLine($"{to} has the store{(withLogs ? ", the logs" : "")}{(withKeys ? " and the keys." : "; the master key is not in it, and without that its secrets cannot be read. Keep it elsewhere.")}");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            return Refuse(ExitCode.Failed, e.Message);
        }
    }

    private static int Refuse(int code, string why)
    {
        Console.Error.WriteLine("porpoise: " + why);
        return code;
    }
}
