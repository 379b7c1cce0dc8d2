using Porpoise.Storage.Identities;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Identities;

/// <summary>What the topics about who may do what need.</summary>
public abstract class AccessTests(IStoreFixture fixture) : StoreTests(fixture)
{
    protected static readonly DateTimeOffset Later = At.AddMinutes(9);

    protected async Task AddAsync(params IReadOnlyList<IdentityRow> identities)
    {
        foreach (var identity in identities)
        {
            Assert.Equal(ChangeAccessResult.Changed, await Access.CreateIdentityAsync(identity, null));
        }
    }

    protected async Task AddPolicyAsync(string name, string document = "{}") =>
        Assert.Equal(ChangeAccessResult.Changed, await Access.CreatePolicyAsync(new PolicyRow(name, "", 1, At), document, null));

    protected Task<ChangeAccessResult> AttachAsync(string identity, string policy, bool isSystem = false, bool isAttached = true, DateTimeOffset? at = null) =>
        Access.SetAttachmentAsync(identity, policy, isSystem, isAttached, at ?? At, null);

    protected Task<ChangeAccessResult> PutAsync(string user, string group, bool isIn = true) => Access.SetGroupUserAsync(group, user, isIn, At, null);

    /// <summary>Makes many things at once, so that they share commits; all must be made.</summary>
    protected static async Task AllChangedAsync(int count, Func<int, Task<ChangeAccessResult>> change) =>
        Assert.All(await Task.WhenAll(Enumerable.Range(0, count).Select(change)), static result => Assert.Equal(ChangeAccessResult.Changed, result));

    /// <summary>A change that must be refused leaves its nonce for another call; one that is made does not, and repeated it changes nothing.</summary>
    protected async Task AssertUsesNonceOnceAsync(Func<NonceRow, Task<ChangeAccessResult>> change, Func<NonceRow, Task<ChangeAccessResult>>? refused = null, ChangeAccessResult? refusal = null)
    {
        var nonce = Nonce("n");
        if (refused is not null)
        {
            Assert.Equal(refusal, await refused(nonce));
            Assert.Empty(await Store.ListNoncesAsync(At, 10));
        }

        Assert.Equal(ChangeAccessResult.Changed, await change(nonce));
        Assert.Equal(ChangeAccessResult.NonceUsed, await change(nonce));
        Assert.Single(await Store.ListNoncesAsync(At, 10));
    }
}
