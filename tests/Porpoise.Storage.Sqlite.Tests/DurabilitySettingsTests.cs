using System.Reflection;
using Microsoft.Data.Sqlite;
using Porpoise.Storage.Commits;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>What a commit promises rests on settings of the connection that writes; so that very connection is asked.</summary>
public sealed class DurabilitySettingsTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteStore _store;

    public DurabilitySettingsTests() => _store = TestStores.Open(_folder.Database);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")] // full
    [InlineData("foreign_keys", "1")]
    public void The_writer_is_set_to_durability(string pragma, string expected) => Assert.Equal(expected, Ask(WriterConnection(), pragma));

    [Fact]
    public void The_file_itself_remembers_its_WAL_mode()
    {
        using var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        other.Open();
        Assert.Equal("wal", Ask(other, "journal_mode"));
    }

    [Fact]
    public async Task A_data_folder_keeps_its_name()
    {
        await using var second = SqliteStore.Open(new SqliteStoreOptions(_folder.Database, TimeProvider.System, new CommitThread(), () => "another"));
        Assert.Equal(TestStores.InstallId, _store.InstallId);
        Assert.Equal(TestStores.InstallId, second.InstallId);
    }

    [Fact]
    public async Task A_closed_store_refuses_writes_in_words()
    {
        await _store.DisposeAsync();
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.ReserveCodesAsync(1));
        Assert.Contains("closing", e.Message, StringComparison.Ordinal);
    }

    private SqliteConnection WriterConnection()
    {
        var writer = FieldOf(_store, "SqliteWriter");
        return (SqliteConnection)FieldOf(FieldOf(writer, "WriterSession"), nameof(SqliteConnection));
    }

    /// <summary>The field of that type, also of a base class.</summary>
    private static object FieldOf(object owner, string type)
    {
        for (var at = owner.GetType(); at is not null; at = at.BaseType)
        {
            if (at.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).FirstOrDefault(f => f.FieldType.Name == type) is { } field)
            {
                return field.GetValue(owner)!;
            }
        }

        throw new InvalidOperationException($"{owner.GetType().Name} has no {type}.");
    }

#pragma warning disable CA2100 // the names stand in this file
    private static string Ask(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"pragma {pragma}";
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }
#pragma warning restore CA2100
}
