namespace Porpoise.Commands.Machine;

/// <summary>What is where in a data folder, or in a copy of one. Unlike a <c>DataFolder</c> it is neither made nor locked.</summary>
internal sealed class DataFolderPaths(string folder)
{
    public string Folder { get; } = Path.GetFullPath(folder);

    public string Store => Path.Combine(Folder, "porpoise.db");

    public string Attempts => Path.Combine(Folder, "attempts");

    public string MasterKey => Path.Combine(Folder, "master.key");

    public string RootKey => Path.Combine(Folder, "root-key.json");
}
