using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests;

internal static class TestStores
{
    public const string InstallId = "test-install";

    public static SqliteStore Open(string path, TimeProvider? clock = null, ICommitLoop? loop = null) =>
        SqliteStore.Open(new SqliteStoreOptions(path, clock ?? TimeProvider.System, loop ?? new CommitThread(), () => InstallId));
}
