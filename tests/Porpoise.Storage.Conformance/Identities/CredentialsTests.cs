using Porpoise.Storage.Identities;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class CredentialsTests(IStoreFixture fixture) : AccessTests(fixture)
{
    [Fact]
    public async Task Keys_are_listed_as_they_were_created()
    {
        await AddAsync(User("ann"), User("bob"));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(KeyOf("ann", "z"), null));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(KeyOf("ann", "a") with { CreatedAt = Later, IsActive = false }, null));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(KeyOf("bob", "b"), null));
        await CrashAndReopenAsync();
        var keys = await Access.ListAccessKeysAsync("u-ann");
        Assert.Equal([("z", true, At), ("a", false, Later)], keys.Select(k => (k.AccessKeyId, k.IsActive, k.CreatedAt)));
        Assert.Equal(Key.EncryptedSecret, keys[0].EncryptedSecret);
        Assert.Empty(await Access.ListAccessKeysAsync("u-none"));
    }

    [Fact]
    public async Task An_owner_has_two_keys_at_most_and_the_account_is_one()
    {
        await AddWorkspaceAsync(); // with the account's first key
        await AddAsync(User("ann"));
        await AllChangedAsync(2, i => Access.CreateAccessKeyAsync(KeyOf("ann", $"a{i}"), null));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(Key with { AccessKeyId = "root-2" }, null));
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreateAccessKeyAsync(KeyOf("ann", "a2"), Nonce("n")));
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreateAccessKeyAsync(Key with { AccessKeyId = "root-3" }, Nonce("n")));
        await AllChangedAsync(1, _ => Access.SetAccessKeyActiveAsync("a0", false, null)); // counts all the same
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreateAccessKeyAsync(KeyOf("ann", "a2"), Nonce("n")));
        await AllChangedAsync(1, _ => Access.DeleteAccessKeyAsync("a0", null));
        await AssertUsesNonceOnceAsync(n => Access.CreateAccessKeyAsync(KeyOf("ann", "a2"), n));
    }

    [Fact]
    public async Task The_owners_password_is_replaced()
    {
        Assert.Equal(ChangeAccessResult.NotFound, await Access.SetOwnersPasswordAsync("first", null));
        await AddWorkspaceAsync(); // with the account
        await AssertUsesNonceOnceAsync(n => Access.SetOwnersPasswordAsync("next", n));
        await CrashAndReopenAsync();
        Assert.Equal("next", (await Store.FindRootAsync())!.PasswordHash);
    }

    [Theory]
    [InlineData("u-none")]
    [InlineData("g-data")]
    [InlineData("r-etl")]
    public async Task Only_the_account_and_users_own_credentials(string owner)
    {
        await AddAsync(Group("data"), Role("etl"));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.CreateAccessKeyAsync(Key with { OwnerId = owner }, Nonce("n")));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.CreateApiTokenAsync(Token with { OwnerId = owner }, Nonce("n")));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_key_is_disabled_enabled_and_deleted()
    {
        await AddAsync(User("ann"));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(KeyOf("ann", "a"), null));
        Assert.Equal(ChangeAccessResult.Changed, await Access.SetAccessKeyActiveAsync("a", false, null));
        Assert.False((await Store.FindAccessKeyAsync("a"))!.IsActive);
        await AssertUsesNonceOnceAsync(n => Access.SetAccessKeyActiveAsync("a", true, n), n => Access.SetAccessKeyActiveAsync("A", true, n), ChangeAccessResult.NotFound);
        Assert.True((await Store.FindAccessKeyAsync("a"))!.IsActive);
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.DeleteAccessKeyAsync("a", Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeleteAccessKeyAsync("a", null));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeleteAccessKeyAsync("a", null));
        Assert.Null(await Store.FindAccessKeyAsync("a"));
    }

    [Fact]
    public async Task Tokens_are_made_listed_and_deleted()
    {
        await AddAsync(User("ann"));
        var token = TokenOf("ann", "z") with { ExpiresAt = Later, Name = "for – 每天" };
        await AssertUsesNonceOnceAsync(n => Access.CreateApiTokenAsync(token, n), n => Access.CreateApiTokenAsync(token with { OwnerId = "u-none" }, n), ChangeAccessResult.NotFound);
        await AllChangedAsync(1, _ => Access.CreateApiTokenAsync(TokenOf("ann", "a") with { CreatedAt = Later }, null));
        await CrashAndReopenAsync();
        Assert.Equal([token, TokenOf("ann", "a") with { CreatedAt = Later }], await Access.ListApiTokensAsync("u-ann"));
        Assert.Equal(token, await Access.FindApiTokenByIdAsync("z"));
        Assert.Equal(token, await Store.FindApiTokenAsync(token.TokenHash));
        Assert.Null(await Access.FindApiTokenByIdAsync(token.TokenHash));
        Assert.Equal(ChangeAccessResult.NonceUsed, await Access.DeleteApiTokenAsync("z", Nonce("n")));
        Assert.Equal(ChangeAccessResult.Changed, await Access.DeleteApiTokenAsync("z", null));
        Assert.Equal(ChangeAccessResult.NotFound, await Access.DeleteApiTokenAsync("z", null));
        Assert.Null(await Store.FindApiTokenAsync(token.TokenHash));
    }

    [Fact]
    public async Task An_owner_has_so_many_tokens_at_most()
    {
        await AddAsync(User("ann"), User("bob"));
        await AllChangedAsync(IAccessStore.TokensPerOwnerMax, i => Access.CreateApiTokenAsync(TokenOf("ann", $"t{i}"), null));
        Assert.Equal(ChangeAccessResult.TooMany, await Access.CreateApiTokenAsync(TokenOf("ann", "more"), Nonce("n")));
        await AllChangedAsync(1, _ => Access.CreateApiTokenAsync(TokenOf("bob", "b"), null));
        await AllChangedAsync(1, _ => Access.DeleteApiTokenAsync("t9", null));
        Assert.Equal(ChangeAccessResult.Changed, await Access.CreateApiTokenAsync(TokenOf("ann", "more"), Nonce("n")));
    }

    [Fact]
    public async Task The_last_use_is_the_latest_that_was_told()
    {
        await AddAsync(User("ann"));
        await AllChangedAsync(1, _ => Access.CreateAccessKeyAsync(KeyOf("ann", "a"), null));
        await AllChangedAsync(1, _ => Access.CreateApiTokenAsync(TokenOf("ann", "t"), null));
        Assert.Null((await Store.FindAccessKeyAsync("a"))!.LastUsedAt);
        await Access.SaveUsesAsync([]);
        await Access.SaveUsesAsync([new CredentialUse("a", Later), new CredentialUse("gone", Later), new CredentialUse("t", At)]);
        await Access.SaveUsesAsync([new CredentialUse("a", At), new CredentialUse("t", Later)]);
        await CrashAndReopenAsync();
        Assert.Equal(Later, (await Store.FindAccessKeyAsync("a"))!.LastUsedAt);
        Assert.Equal(Later, (await Access.FindApiTokenByIdAsync("t"))!.LastUsedAt);
        Assert.Equal(Later, Assert.Single(await Access.ListAccessKeysAsync("u-ann")).LastUsedAt);
    }

    [Fact]
    public async Task Secrets_are_replaced_in_the_order_of_their_ids()
    {
        await AddAsync(User("ann"), User("bob"));
        await AllChangedAsync(3, i => Access.CreateAccessKeyAsync(KeyOf(i == 1 ? "bob" : "ann", $"k{3 - i}"), null));
        Assert.Equal(["k1", "k2"], (await Access.ListAccessKeysAfterAsync("", 2)).Select(k => k.AccessKeyId));
        Assert.Equal(["k3"], (await Access.ListAccessKeysAfterAsync("k2", 2)).Select(k => k.AccessKeyId));
        Assert.Empty(await Access.ListAccessKeysAfterAsync("k3", 2));
        Assert.True(await Access.ReplaceSecretAsync("k2", Key.EncryptedSecret, [7]));
        Assert.False(await Access.ReplaceSecretAsync("k2", Key.EncryptedSecret, [8]));
        Assert.False(await Access.ReplaceSecretAsync("k9", Key.EncryptedSecret, [8]));
        Assert.Equal([7], (await Store.FindAccessKeyAsync("k2"))!.EncryptedSecret);
        Assert.Equal(Key.EncryptedSecret, (await Store.FindAccessKeyAsync("k1"))!.EncryptedSecret);
    }

    private static AccessKeyRow KeyOf(string user, string id) => Key with { AccessKeyId = id, OwnerId = "u-" + user };

    private static ApiTokenRow TokenOf(string user, string id) => Token with { TokenId = id, TokenHash = "hash-" + id, OwnerId = "u-" + user };
}
