using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Access.Secrets;
using Porpoise.Core.DataSources;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Commits;
using Porpoise.Storage.DataSources;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Sqlite;

namespace Porpoise.Access.Tests.Secrets;

public sealed class SecretRotationTests : IAsyncDisposable
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(MasterKey.Length);
    private static readonly byte[] New = RandomNumberGenerator.GetBytes(MasterKey.Length);

    private readonly SqliteStore _store = SqliteStore.Open(new SqliteStoreOptions("", TimeProvider.System, new CommitThread(), () => "test"));

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(600)] // more than one bite
    public async Task Every_secret_comes_under_the_first_key_and_stays_what_it_was(int users)
    {
        using var old = new MasterKey(Old);
        using var both = new MasterKey([New, Old]);
        using var after = new MasterKey(New);
        var ids = await AddAsync(users, old);
        await _store.CreateAccessKeyAsync(KeyOf("u0", "fresh", both), null);
        Assert.Equal(ids.Count, await SecretRotation.RunAsync(_store, _store, both));
        Assert.Equal(0, await SecretRotation.RunAsync(_store, _store, both));
        Assert.Equal(0, await SecretRotation.RunAsync(_store, _store, after));
        foreach (var id in ids)
        {
            Assert.Equal("secret of " + id, Encoding.UTF8.GetString(after.Decrypt((await _store.FindAccessKeyAsync(id))!.EncryptedSecret, id)));
        }
    }

    [Fact]
    public async Task A_secret_under_another_key_is_named()
    {
        using var old = new MasterKey(Old);
        using var after = new MasterKey(New);
        await AddAsync(1, old);
        var e = await Assert.ThrowsAsync<CryptographicException>(() => SecretRotation.RunAsync(_store, _store, after));
        Assert.Contains("access key k0 ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_of_data_sources_come_under_the_first_key_and_stay_what_they_were()
    {
        using var old = new MasterKey(Old);
        using var both = new MasterKey([New, Old]);
        using var after = new MasterKey(New);
        var workspace = new WorkspaceId("w-0123456789abcdef");
        Assert.Equal(ChangeWorkspaceResult.Changed, await _store.CreateWorkspaceAsync(new WorkspaceRow(workspace, 17, "home", DateTimeOffset.UnixEpoch), null));
        foreach (var name in (string[])["one", "two"])
        {
            var settings = new DataSourceSettings(name, DataSourceType.MySql, "", "db", 3306, "d", "u", "");
            Assert.IsType<SaveDataSourceResult.Saved>(await _store.CreateDataSourceAsync(workspace, settings, id => DataSourcePasswords.Encrypt(old, "of " + name, id), DateTimeOffset.UnixEpoch, null));
        }

        await Assert.ThrowsAsync<CryptographicException>(() => SecretRotation.RunAsync(_store, _store, after));
        Assert.Equal(2, await SecretRotation.RunAsync(_store, _store, both));
        Assert.Equal(0, await SecretRotation.RunAsync(_store, _store, after));
        var sources = await _store.ListDataSourcesAsync(workspace);
        Assert.All(sources, source => Assert.Equal("of " + source.Settings.Name, DataSourcePasswords.Decrypt(after, source)));
        Assert.Throws<CryptographicException>(() => DataSourcePasswords.Decrypt(after, sources[0] with { Id = sources[1].Id })); // moved to another row
    }

    private async Task<List<string>> AddAsync(int users, MasterKey masterKey)
    {
        var ids = new List<string>();
        for (var i = 0; i < users; i++)
        {
            var (user, key) = (string.Create(CultureInfo.InvariantCulture, $"u{i}"), string.Create(CultureInfo.InvariantCulture, $"k{i}"));
            Assert.Equal(ChangeAccessResult.Changed, await _store.CreateIdentityAsync(new IdentityRow(IdentityKind.User, user, user, "", DateTimeOffset.UnixEpoch), null));
            Assert.Equal(ChangeAccessResult.Changed, await _store.CreateAccessKeyAsync(KeyOf(user, key, masterKey), null));
            ids.Add(key);
        }

        return ids;
    }

    private static AccessKeyRow KeyOf(string user, string id, MasterKey masterKey) => new(id, user, masterKey.Encrypt("secret of " + id, id), true, DateTimeOffset.UnixEpoch);
}
