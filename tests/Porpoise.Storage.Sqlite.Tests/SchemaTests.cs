using Microsoft.Data.Sqlite;

namespace Porpoise.Storage.Sqlite.Tests;

public sealed class SchemaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_newer_schema_is_refused_in_words_and_left_as_it_is()
    {
        await TestStores.Open(_folder.Database).DisposeAsync();
        Execute("pragma user_version = 99");
        var e = Assert.Throws<StoreUnavailableException>(() => TestStores.Open(_folder.Database));
        Assert.Contains("newer version of Porpoise", e.Message, StringComparison.Ordinal);
        Assert.Contains("schema 99", e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Database, e.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Execute("pragma user_version"));
    }

    [Fact]
    public async Task A_refused_store_keeps_nothing_open()
    {
        await TestStores.Open(_folder.Database).DisposeAsync();
        Execute("pragma user_version = 99");
        Assert.Throws<StoreUnavailableException>(() => TestStores.Open(_folder.Database));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("delete", Execute("pragma journal_mode = delete")); // needs the file for itself
    }

    [Fact]
    public async Task Opening_again_migrates_nothing()
    {
        await TestStores.Open(_folder.Database).DisposeAsync();
        var version = Execute("pragma schema_version");
        await TestStores.Open(_folder.Database).DisposeAsync();
        Assert.Equal(version, Execute("pragma schema_version"));
    }

    [Fact]
    public async Task A_migration_that_fails_is_told_and_leaves_everything_as_it_was()
    {
        // The migration fails over this table, long after its first statements were carried out.
        var last = await LastTableAsync();
        Execute($"create table {last} (mine int); insert into {last} values (7)");
        for (var start = 0; start < 2; start++)
        {
            var e = Assert.Throws<StoreUnavailableException>(() => TestStores.Open(_folder.Database));
            Assert.Contains(last, e.Message, StringComparison.Ordinal);
            Assert.Contains("from schema 0 to 1", e.Message, StringComparison.Ordinal);
            Assert.Equal(0L, Execute("pragma user_version"));
            Assert.Equal(last, Execute("select group_concat(name) from sqlite_schema where type = 'table'"));
            Assert.Equal(7L, Execute($"select mine from {last}"));
        }
    }

    private async Task<string> LastTableAsync()
    {
        await TestStores.Open(_folder.Database).DisposeAsync();
        var table = (string)Execute("select name from sqlite_schema where type = 'table' order by rowid desc limit 1")!;
        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            File.Delete(file);
        }

        return table;
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_in_words()
    {
        File.WriteAllText(_folder.Database, new string('x', 4096));
        var e = Assert.Throws<StoreUnavailableException>(() => TestStores.Open(_folder.Database));
        Assert.Contains(_folder.Database, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused_in_words()
    {
        var e = Assert.Throws<StoreUnavailableException>(() => TestStores.Open(Path.Combine(_folder.Path, "none", "porpoise.db")));
        Assert.Contains("cannot be opened", e.Message, StringComparison.Ordinal);
    }

#pragma warning disable CA2100 // the texts stand in this file
    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
#pragma warning restore CA2100
}
