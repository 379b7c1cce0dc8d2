using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

public abstract class IdentitiesTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task A_new_store_has_nobody()
    {
        Assert.Null(await Store.FindRootAsync());
        Assert.Null(await Store.FindAccessKeyAsync(Key.AccessKeyId));
        Assert.Null(await Store.FindApiTokenAsync(Token.TokenHash));
        Assert.Empty(await Store.ListWorkspacesAsync());
    }

    [Fact]
    public async Task The_root_account_comes_back_with_its_key_token_and_workspace()
    {
        Assert.True(await Store.CreateRootAsync(Root, Key, Token, HomeRow));
        Assert.Equal(Root, await Store.FindRootAsync());
        var key = (await Store.FindAccessKeyAsync(Key.AccessKeyId))!;
        Assert.Equal(Key.EncryptedSecret, key.EncryptedSecret);
        Assert.Equal(Key with { EncryptedSecret = key.EncryptedSecret }, key);
        Assert.Equal(Token, await Store.FindApiTokenAsync(Token.TokenHash));
        Assert.Equal([HomeRow], await Store.ListWorkspacesAsync());
    }

    [Fact]
    public async Task Keys_and_tokens_are_found_by_their_exact_text()
    {
        await Store.CreateRootAsync(Root, Key with { IsActive = false }, Token, HomeRow);
        Assert.False((await Store.FindAccessKeyAsync("key-1"))!.IsActive);
        Assert.Null(await Store.FindAccessKeyAsync("KEY-1"));
        Assert.Null(await Store.FindAccessKeyAsync("key-1 "));
        Assert.Null(await Store.FindApiTokenAsync("5F0C"));
    }

    [Fact]
    public async Task There_is_one_root_account()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Store.CreateRootAsync(
            Root with { AccountId = $"{i}" }, Key with { AccessKeyId = $"key-{i}", OwnerId = $"{i}" }, Token with { TokenHash = $"t{i}", OwnerId = $"{i}" }, HomeRow)));
        Assert.Equal(1, answers.Count(a => a));
        var winner = Array.IndexOf(answers, true);
        Assert.Equal($"{winner}", (await Store.FindRootAsync())!.AccountId);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i == winner, await Store.FindAccessKeyAsync($"key-{i}") is not null);
            Assert.Equal(i == winner, await Store.FindApiTokenAsync($"t{i}") is not null);
        }

        Assert.Single(await Store.ListWorkspacesAsync());
    }

    [Fact]
    public async Task A_nonce_can_be_used_up_by_itself_once()
    {
        Assert.True(await Store.UseNonceAsync(Nonce("n")));
        Assert.False(await Store.UseNonceAsync(Nonce("n")));
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("n"))));
        await StartAsync(NewRun(nonce: Nonce("m")));
        Assert.False(await Store.UseNonceAsync(Nonce("m")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Store.UseNonceAsync(Nonce("x"))));
        Assert.Equal(1, answers.Count(a => a));
        Assert.Equal(3, (await Store.ListNoncesAsync(At, 10)).Count);
    }

    [Fact]
    public async Task Nonces_that_may_be_replayed_are_listed_with_those_kept_longest_first()
    {
        foreach (var minutes in new[] { 5, 20, 1, 10 })
        {
            await StartAsync(NewRun(nonce: Nonce($"n{minutes}", At.AddMinutes(minutes))));
        }

        var listed = await Store.ListNoncesAsync(At.AddMinutes(1), 10);
        Assert.Equal([At.AddMinutes(20), At.AddMinutes(10), At.AddMinutes(5)], listed.Select(n => n.KeepUntil));
        Assert.Equal("key-1", listed[0].AccessKeyId);
        Assert.Equal(Nonce("n20").Hash, listed[0].Hash);
        Assert.Equal([At.AddMinutes(20), At.AddMinutes(10)], (await Store.ListNoncesAsync(At, 2)).Select(n => n.KeepUntil));
        Assert.Empty(await Store.ListNoncesAsync(At.AddMinutes(20), 10));
    }

    [Fact]
    public async Task Pruning_forgets_only_what_is_over_and_only_so_much_at_a_time()
    {
        for (var i = 1; i <= 9; i++)
        {
            await StartAsync(NewRun(nonce: Nonce($"n{i}", At.AddMinutes(i))));
        }

        var now = At.AddMinutes(5);
        Assert.Equal(2, await Store.PruneAsync(now, At, 2));
        Assert.Equal(2, await Store.PruneAsync(now, At, 2));
        Assert.Equal(1, await Store.PruneAsync(now, At, 2));
        Assert.Equal(0, await Store.PruneAsync(now, At, 2));
        Assert.Equal(4, (await Store.ListNoncesAsync(DateTimeOffset.UnixEpoch, 100)).Count);
        await StartAsync(NewRun(nonce: Nonce("n5")));
        Assert.IsType<StartRunResult.NonceUsed>(await Store.StartRunAsync(NewRun(nonce: Nonce("n6"))));
    }

    [Fact]
    public async Task Pruning_forgets_the_tokens_that_were_used_before_a_time()
    {
        var old = await StartAsync(NewRun(at: At, idempotency: Idempotency("old")));
        var young = await StartAsync(NewRun(at: At.AddHours(1), idempotency: Idempotency("young")));
        Assert.Equal(0, await Store.PruneAsync(At, At, 10));
        Assert.Equal(1, await Store.PruneAsync(At, At.AddHours(1), 10));
        Assert.NotEqual(old.Run, (await StartAsync(NewRun(idempotency: Idempotency("old")))).Run);
        Assert.Equal(new StartRunResult.Repeated(young.Run), await Store.StartRunAsync(NewRun(idempotency: Idempotency("young"))));
    }
}
