using Porpoise.Storage.Audit;
using Porpoise.Storage.Conformance;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Sqlite.Tests;

/// <summary>A store in a file of its own. What a crash leaves open is closed when the test is over.</summary>
public sealed class SqliteFixture : IStoreFixture
{
    private readonly TestFolder _folder = new();
    private readonly List<SqliteStore> _opened = [];

    public IAccessStore Access => _opened[^1];

    public IAuditStore Audit => _opened[^1];

    public Task<IStore> OpenAsync() => ReopenAsync();

    public Task<IStore> ReopenAsync()
    {
        _opened.Add(TestStores.Open(_folder.Database));
        return Task.FromResult<IStore>(_opened[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }
}
