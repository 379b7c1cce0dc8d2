using System.Globalization;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Storage;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>
/// Access keys and tokens of users, and of the account's owner, under its own name. A secret is in the answer to its creation and in no other. The owner's
/// are the owner's alone: who may administer users must not become who no policy limits. And one that lasts always stays with it.
/// </summary>
public sealed class CredentialAdministration(AccountDirectory account, IStore store, IAccessStore access, KeyRing keys, MasterKey masterKey, TimeProvider clock)
{
    /// <summary>Characters of a token's name.</summary>
    public const int TokenNameLengthMax = 128;

    /// <summary>Longest life of a token that ends, in seconds: ten years.</summary>
    public const int TokenSecondsMax = 315_360_000;

    private const string Keys = "/porpoise/v1/users/{userName}/access-keys";
    private const string Key = "/porpoise/v1/access-keys/{accessKeyId}";
    private const string Tokens = "/porpoise/v1/users/{userName}/tokens";
    private const string Token = "/porpoise/v1/tokens/{tokenId}";
    private const string Resource = "acs:ram::{account}:user/{userName}";

    public IEnumerable<Operation> Table =>
    [
        new("GET", Keys, "ram:ListAccessKeys", "The access keys of a user", ListKeysAsync) { Resource = Resource },
        new("POST", Keys, "ram:CreateAccessKey", "Create an access key; its secret is told once", CreateKeyAsync) { Resource = Resource, IsAdministration = true },
        new("PUT", Key, "ram:UpdateAccessKey", "Disable or enable an access key", SetKeyAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", Key, "ram:DeleteAccessKey", "Delete an access key", DeleteKeyAsync) { Resource = Resource, IsAdministration = true },
        new("GET", Tokens, "porpoise:ListTokens", "The tokens of a user", ListTokensAsync) { Resource = Resource },
        new("POST", Tokens, "porpoise:CreateToken", "Create a token; it is told once", CreateTokenAsync) { Resource = Resource, IsAdministration = true },
        new("DELETE", Token, "porpoise:DeleteToken", "Delete a token", DeleteTokenAsync) { Resource = Resource, IsAdministration = true },
    ];

    private async Task<Answer> ListKeysAsync(Call call)
    {
        var owner = await FindOwnerAsync(call);
        var found = await access.ListAccessKeysAsync(owner.Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. found.Select(k => AccessKeyView.Of(k, owner.Name))]), IdentityJson.Default.DolphinPageAccessKeyView);
    }

    private async Task<Answer> CreateKeyAsync(Call call)
    {
        var owner = await FindOwnerAsync(call);
        var (id, secret) = ("LTAI" + RandomText.Letters(20), RandomText.Letters(30));
        var row = new AccessKeyRow(id, owner.Id, masterKey.Encrypt(secret, id), IsActive: true, clock.GetUtcNow());
        AccountDirectory.Check(
            await access.CreateAccessKeyAsync(row, call.Nonce), $"user '{owner.Name}' any more", $"'{owner.Name}' has {IAccessStore.AccessKeysPerOwnerMax} access keys already, and may have no more. Delete one first.");
        keys.Forget();
        return new Answer.Data(AccessKeyView.Of(row, owner.Name) with { AccessKeySecret = secret }, IdentityJson.Default.AccessKeyView, Created: true);
    }

    private Task<Answer> SetKeyAsync(Call call) => account.InTurnAsync<Answer>(async () =>
    {
        var isActive = call.Parameters.Word("status", "Active", "Inactive") switch
        {
            null => throw Parameters.Missing("status"),
            var status => status == "Active",
        };
        var (key, owner) = await FindKeyAsync(call);
        if (!isActive)
        {
            await CheckOneStaysAsync(owner, key.AccessKeyId);
        }

        AccountDirectory.Check(await access.SetAccessKeyActiveAsync(key.AccessKeyId, isActive, call.Nonce), $"access key {key.AccessKeyId}");
        keys.Forget();
        return Answer.Of(AccessKeyView.Of(key with { IsActive = isActive }, owner.Name), IdentityJson.Default.AccessKeyView);
    });

    private Task<Answer> DeleteKeyAsync(Call call) => account.InTurnAsync(async () =>
    {
        var (key, owner) = await FindKeyAsync(call);
        await CheckOneStaysAsync(owner, key.AccessKeyId);
        AccountDirectory.Check(await access.DeleteAccessKeyAsync(key.AccessKeyId, call.Nonce), $"access key {key.AccessKeyId}");
        keys.Forget();
        return Answer.Nothing;
    });

    private async Task<Answer> ListTokensAsync(Call call)
    {
        var owner = await FindOwnerAsync(call);
        var found = await access.ListApiTokensAsync(owner.Id);
        return Answer.Of(DolphinPage.Cut(PageWish.Read(call.Parameters), [.. found.Select(t => TokenView.Of(t, owner.Name))]), IdentityJson.Default.DolphinPageTokenView);
    }

    private async Task<Answer> CreateTokenAsync(Call call)
    {
        var owner = await FindOwnerAsync(call);
        var name = call.Parameters.RequiredText("name").Trim();
        if (name.Length is 0 or > TokenNameLengthMax || name.Any(char.IsControl) || name == SignInOperations.SessionName)
        {
            throw Parameters.Invalid("name", string.Create(CultureInfo.InvariantCulture, $"1 to {TokenNameLengthMax} characters without control characters, and not '{SignInOperations.SessionName}'"));
        }

        var now = clock.GetUtcNow();
        var expires = call.Parameters.Int("expiresInSeconds", 1, TokenSecondsMax) is { } seconds ? now + TimeSpan.FromSeconds(seconds) : (DateTimeOffset?)null;
        var token = RandomText.Hex(32);
        var row = new ApiTokenRow(RandomText.Hex(16), RootAccount.HashToken(token), owner.Id, name, expires, now);
        AccountDirectory.Check(
            await access.CreateApiTokenAsync(row, call.Nonce), $"user '{owner.Name}' any more",
            $"'{owner.Name}' has {IAccessStore.TokensPerOwnerMax} tokens and sessions already, and may have no more. Delete some first.");
        keys.Forget();
        return new Answer.Data(TokenView.Of(row, owner.Name) with { Token = token }, IdentityJson.Default.TokenView, Created: true);
    }

    private Task<Answer> DeleteTokenAsync(Call call) => account.InTurnAsync(async () =>
    {
        var id = call.Parameters.RequiredText("tokenId");
        var token = await access.FindApiTokenByIdAsync(id);
        var owner = await FindOwnerAsync(call, token?.OwnerId) ?? throw NoSuch("token", id);
        await CheckOneStaysAsync(owner, id);
        AccountDirectory.Check(await access.DeleteApiTokenAsync(id, call.Nonce), $"token {id}");
        keys.Forget();
        return Answer.Nothing;
    });

    private async Task<(AccessKeyRow Key, Holder Owner)> FindKeyAsync(Call call)
    {
        var id = call.Parameters.RequiredText("accessKeyId");
        var key = await store.FindAccessKeyAsync(id);
        var owner = await FindOwnerAsync(call, key?.OwnerId) ?? throw NoSuch("access key", id);
        return (key!, owner);
    }

    /// <summary>Whom the call names.</summary>
    private async Task<Holder> FindOwnerAsync(Call call)
    {
        var name = call.Parameters.RequiredText("userName");
        var owner = await account.ReadOwnerAsync();
        if (owner.UserName != name)
        {
            return new Holder((await account.FindAsync(IdentityKind.User, name)).Id, name, IsAccountOwner: false);
        }

        CheckIsOwner(call);
        return new Holder(owner.AccountId, name, IsAccountOwner: true);
    }

    /// <summary>
    /// Whose a credential is that the call names by its id. The policies were asked about the user that the call names, if any; here they are asked
    /// about the one that it turns out to be. Null: nobody's, or another's than the call says.
    /// </summary>
    private async Task<Holder?> FindOwnerAsync(Call call, string? ownerId)
    {
        if (ownerId is null || await keys.FindPrincipalAsync(ownerId) is not { } owner || (call.Parameters.Text("userName") is { } said && said != owner.UserName))
        {
            return null;
        }

        if (owner.IsRoot)
        {
            CheckIsOwner(call);
        }
        else
        {
            account.CheckAlso(call, ActionOf(call), Arns.User(owner.AccountId, owner.UserName));
        }

        return new Holder(ownerId, owner.UserName, owner.IsRoot);
    }

    private static string ActionOf(Call call) => (call.Http.Request.Method, call.Parameters.Text("tokenId")) switch
    {
        ("PUT", _) => "ram:UpdateAccessKey",
        (_, null) => "ram:DeleteAccessKey",
        _ => "porpoise:DeleteToken",
    };

    private static void CheckIsOwner(Call call)
    {
        if (!call.Principal.IsRoot)
        {
            throw new RefusalException(ErrorCodes.NotAuthorised, "The access keys and tokens of the account's owner are administered by the owner alone.");
        }
    }

    /// <summary>An owner without credentials would be locked out of its own account for good.</summary>
    private async Task CheckOneStaysAsync(Holder holder, string leaving)
    {
        if (holder.IsAccountOwner
            && !(await access.ListAccessKeysAsync(holder.Id)).Any(k => k.IsActive && k.AccessKeyId != leaving)
            && !(await access.ListApiTokensAsync(holder.Id)).Any(t => t.ExpiresAt is null && t.TokenId != leaving))
        {
            throw new RefusalException(
                ErrorCodes.IdentityInUse, $"{leaving} is the last credential that the account's owner has for good. Create another access key, or a token without an end, first.");
        }
    }

    private static RefusalException NoSuch(string what, string id) => new(ErrorCodes.IdentityNotFound, $"There is no {what} '{id}'.");

    /// <summary>Who a credential belongs to.</summary>
    private sealed record Holder(string Id, string Name, bool IsAccountOwner);
}
