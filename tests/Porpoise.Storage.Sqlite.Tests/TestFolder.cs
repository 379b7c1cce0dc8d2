namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("porpoise-sqlite-").FullName;

    public string Database => System.IO.Path.Combine(Path, "porpoise.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
