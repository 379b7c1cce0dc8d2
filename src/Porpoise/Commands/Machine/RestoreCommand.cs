using System.CommandLine;
using Porpoise.Commands.Calls;
using Porpoise.Serving;
using Porpoise.Storage;
using Porpoise.Storage.Sqlite;

namespace Porpoise.Commands.Machine;

/// <summary><c>porpoise restore</c>: a data folder from a backup. It never writes over anything.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The folder that porpoise backup wrote", Required = true };
        var data = new Option<string>("--data") { Description = "The data folder to make; it does not exist yet, or is empty", DefaultValueFactory = _ => ".porpoise" };
        var command = new Command("restore", "Make a data folder from a backup; one that holds anything is refused") { from, data };
        command.SetAction(parsed => Run(new DataFolderPaths(parsed.GetValue(from)!), new DataFolderPaths(parsed.GetValue(data)!)));
        return command;
    }

    private static int Run(DataFolderPaths from, DataFolderPaths to)
    {
        try
        {
            if (!File.Exists(from.Store))
            {
                return Refuse(ExitCode.NotFound, $"{from.Folder} is no backup: it has no store.");
            }

            if (Directory.Exists(to.Folder) && Directory.EnumerateFileSystemEntries(to.Folder).Any())
            {
                return Refuse(ExitCode.Failed, $"{to.Folder} is not empty, and nothing is written over. Name another folder, or move that one away.");
            }

            if (StoreCopy.FindFault(from.Store) is { } fault)
            {
                return Refuse(ExitCode.Failed, $"The store in {from.Folder} is damaged: {fault}");
            }

            using var folder = DataFolder.Open(to.Folder); // no server begins in it meanwhile
            CopyKeys(from, folder);
            CopyLogs(from.Attempts, folder.Attempts);
            StoreCopy.Write(from.Store, folder.Store); // last: without it the folder is none
            Console.Error.WriteLine(File.Exists(DataFolder.MasterKeyIn(to.Folder))
                ? $"{to.Folder} is ready: porpoise serve --data {to.Folder}"
                : $"{to.Folder} needs its master key before a server starts on it: put the copy that you keep to {folder.MasterKey} (chmod 600), or name it with PORPOISE_MASTER_KEY_FILE.");
            return ExitCode.Done;
        }
        catch (Exception e) when (e is StoreUnavailableException or StartException or IOException or UnauthorizedAccessException)
        {
            return Refuse(ExitCode.Failed, e.Message);
        }
    }

    private static void CopyKeys(DataFolderPaths from, DataFolder to)
    {
        foreach (var (source, target) in ((string, string)[])[(from.MasterKey, to.MasterKey), (from.RootKey, to.RootKey)])
        {
            if (File.Exists(source) && !File.Exists(target))
            {
                DataFolder.WritePrivate(target, File.ReadAllText(source));
            }
        }
    }

    private static void CopyLogs(string from, string to)
    {
        if (Directory.Exists(from))
        {
            FolderCopy.Write(from, to);
        }
    }

    private static int Refuse(int code, string why)
    {
        Console.Error.WriteLine("porpoise: " + why);
        return code;
    }
}
