using System.Text.Json.Serialization;
using Porpoise.Access.Identities;
using Porpoise.Access.Secrets;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Identities;

/// <summary>Signing in with a password, as DolphinScheduler's clients do: it gives a token for some hours, which they send as the header <c>sessionId</c>.</summary>
public sealed class SignInOperations(IIdentityStore identities, IAccessStore access, KeyRing keys, PasswordGate passwords, TimeProvider clock)
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    /// <summary>Name of the tokens that are sessions.</summary>
    public const string SessionName = "console session";

    private const int TokenDigits = 32;
    private const int PasswordLengthMax = 256;

    /// <summary>Of any user's name.</summary>
    private const int NameLengthMax = 128;

    public IEnumerable<Operation> Table =>
    [
        new("POST", "/dolphinscheduler/login", "sts:SignIn", "Sign in with a name and a password", SignInAsync) { IsOpen = true, IsAdministration = true },
        new("POST", "/dolphinscheduler/signOut", "sts:SignOut", "End the session that the call is made in", SignOutAsync) { IsForEveryone = true, IsAdministration = true },
    ];

    private async Task<Answer> SignInAsync(Call call)
    {
        var name = call.Parameters.RequiredText("userName");
        var password = call.Parameters.RequiredText("userPassword");
        if (name.Length > NameLengthMax)
        {
            throw Parameters.Invalid("userName", $"at most {NameLengthMax} characters"); // names that were guessed are remembered for a while
        }

        if (password.Length > PasswordLengthMax)
        {
            throw Parameters.Invalid("userPassword", $"at most {PasswordLengthMax} characters");
        }

        var (user, hash) = await FindPasswordAsync(name);
        var verdict = await passwords.CheckAsync(name, call.Address, password, hash);
        if (verdict.Wait is { } wait)
        {
            throw new RefusalException(new Refusal(ErrorCodes.TooManyCalls, "Too many wrong passwords, for this name or from this address. Wait, or ask whoever administers the account.") { RetryAfter = wait });
        }

        if (!verdict.IsRight)
        {
            throw new RefusalException(ErrorCodes.WrongPassword, ErrorCodes.WrongPassword.Text);
        }

        var now = clock.GetUtcNow();
        foreach (var old in (await access.ListApiTokensAsync(user!.Id)).Where(t => t.Name == SessionName && t.ExpiresAt <= now))
        {
            await access.DeleteApiTokenAsync(old.TokenId, nonce: null);
        }

        var token = RandomText.Hex(TokenDigits);
        var row = new ApiTokenRow(RandomText.Hex(16), RootAccount.HashToken(token), user!.Id, SessionName, now + SessionLife, now);
        return await access.CreateApiTokenAsync(row, nonce: null) switch
        {
            ChangeAccessResult.Changed => SignedIn(call, user!, row.TokenId, token),
            ChangeAccessResult.TooMany => throw new RefusalException(ErrorCodes.LimitReached, $"The user has {IAccessStore.TokensPerOwnerMax} tokens and sessions already. Delete some, or wait until sessions expire."),
            var other => throw new RefusalException(ErrorCodes.IdentityNotFound, $"The user is gone ({other})."),
        };
    }

    private async Task<Answer> SignOutAsync(Call call)
    {
        var token = call.Http.Request.Headers["sessionId"].ToString();
        if (token.Length == 0 || await keys.FindTokenAsync(token) is not { } session || session.Principal.Id != call.Principal.Id)
        {
            throw Parameters.Missing("sessionId");
        }

        await access.DeleteApiTokenAsync(session.TokenId, call.Nonce);
        keys.Forget();
        return Answer.Nothing;
    }

    /// <summary>The call itself brought no credentials, so that the audit log has to be told who it turned out to be.</summary>
    private static Answer SignedIn(Call call, Principal user, string tokenId, string token)
    {
        (call.Trace.Principal, call.Trace.Credential) = (user, tokenId);
        return Answer.Of(new DolphinSession(token), SignInJson.Default.DolphinSession);
    }

    private async Task<(Principal? User, string? Hash)> FindPasswordAsync(string name)
    {
        var root = await identities.FindRootAsync() ?? throw new InvalidOperationException("A server without an owner serves nobody.");
        if (string.Equals(root.UserName, name, StringComparison.OrdinalIgnoreCase))
        {
            return (new Principal(root.AccountId, CallerKind.Owner, root.AccountId, root.UserName), root.PasswordHash);
        }

        return await access.FindIdentityAsync(IdentityKind.User, name) is { PasswordHash: { } hash } user ? (new Principal(root.AccountId, CallerKind.User, user.Id, user.Name), hash) : (null, null);
    }
}

/// <summary>A session as DolphinScheduler answers it.</summary>
internal sealed record DolphinSession(string SessionId)
{
    /// <summary>How one signs in.</summary>
    public string SecurityConfigType => "PASSWORD";

    /// <summary>Says nothing, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => nameof(DolphinSession);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinSession))]
internal sealed partial class SignInJson : JsonSerializerContext;
