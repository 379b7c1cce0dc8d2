using System.Globalization;

namespace Porpoise.Worker.Runners.DuckDb;

/// <summary>What DuckDB may use: memory, threads, and the files below a few folders; no network and no extensions from elsewhere.</summary>
/// <param name="Folders">Absolute paths.</param>
internal sealed record DuckDbBounds(int MemoryMiB, int Threads, string WorkFolder, IReadOnlyList<string> Folders)
{
    /// <summary>Statements that set them for good.</summary>
    public IEnumerable<string> Settings =>
    [
        string.Create(CultureInfo.InvariantCulture, $"set memory_limit = '{MemoryMiB}MiB'"),
        string.Create(CultureInfo.InvariantCulture, $"set threads = {Threads}"),
        $"set temp_directory = {Text(Path.Combine(WorkFolder, ".duckdb"))}", // what does not fit into memory; goes with the folder
        $"set home_directory = {Text(WorkFolder)}",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set allow_community_extensions = false",
        $"set allowed_directories = [{string.Join(", ", Folders.Prepend(WorkFolder).Select(Text))}]",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ];

    private static string Text(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
