using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Porpoise.Access.Identities;
using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;
using Porpoise.Api.Errors;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>Who calls, or why that cannot be believed.</summary>
/// <param name="Credential">Id of the key or the token, as claimed or as proved; never a secret.</param>
internal readonly record struct Identification(Principal? Principal, string Credential, NonceRow? Nonce, Refusal? Refusal);

/// <summary>
/// Finds out who calls. Signed calls: signature, date, body and nonce are checked, in that order; the nonce is used up only after the signature
/// proved right, for otherwise anyone could burn the nonces of others. Other calls: the header <c>token</c>.
/// </summary>
public sealed class Authenticator(KeyRing keys, NonceBuckets nonces, SignatureOptions options, TimeProvider clock)
{
    private const int TokenLengthMax = 256;

    /// <summary>True when the call speaks the cloud dialect: it is signed, or tries to be.</summary>
    public static bool IsCloud(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith("acs", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var (name, _) in request.Headers)
        {
            if (name.StartsWith("x-acs-", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    internal ValueTask<Identification> IdentifyAsync(HttpContext http, bool isCloud, ReadOnlyMemory<byte> body) =>
        isCloud ? IdentifySignedAsync(http, body) : IdentifyTokenAsync(http.Request);

    private async ValueTask<Identification> IdentifySignedAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var request = Describe(http, body);
        var claim = AuthorizationHeader.Read(request);
        if (claim.Refusal(options) is { } refusal)
        {
            return Refuse(refusal, (claim as AuthorizationHeader.Signed)?.AccessKeyId.Value ?? "");
        }

        var signed = (AuthorizationHeader.Signed)claim;
        var id = signed.AccessKeyId.Value;
        var now = clock.GetUtcNow();
        var (key, error) = await FindKeyAsync(id, request.SecurityToken, now);
        if (key is null)
        {
            return Refuse(error!, id);
        }

        var verdict = SignatureVerifier.Verify(request, signed, key.Secret, now, options);
        if (verdict is not SignatureVerdict.Verified verified)
        {
            return Refuse(((SignatureVerdict.Refused)verdict).Error, id);
        }

        var hash = NonceHash.Of(signed.AccessKeyId, verified.Nonce);
        return nonces.TryUse(signed.AccessKeyId, hash, verified.NonceKeepUntil, now) switch
        {
            NonceUse.Fresh => Known(key.Principal, id, new NonceRow(id, hash.ToArray(), verified.NonceKeepUntil)),
            NonceUse.Used => Refuse(GatewayError.SignatureNonceUsed, id),
            _ => new Identification(null, id, null, new Refusal(ErrorCodes.TooManyCalls, ErrorCodes.TooManyCalls.Text) { RetryAfter = TimeSpan.FromSeconds(1) }),
        };
    }

    /// <summary>The key, or why it is none. A temporary key is known by its token alone, so the two have to belong together.</summary>
    private async ValueTask<(SigningKey? Key, GatewayError? Error)> FindKeyAsync(string id, string? securityToken, DateTimeOffset now)
    {
        if (!id.StartsWith(TemporaryKey.IdPrefix, StringComparison.Ordinal))
        {
            return await keys.FindKeyAsync(id) switch
            {
                null => (null, GatewayError.AccessKeyNotFound),
                { IsActive: false } => (null, GatewayError.AccessKeyInactive),
                _ when securityToken is not null => (null, GatewayError.SecurityTokenMismatch),
                var key => (key, null),
            };
        }

        if (string.IsNullOrEmpty(securityToken))
        {
            return (null, GatewayError.MissingSecurityToken);
        }

        return await keys.FindTemporaryKeyAsync(securityToken) switch
        {
            null => (null, GatewayError.SecurityTokenMalformed),
            var key when key.AccessKeyId != id => (null, GatewayError.SecurityTokenMismatch),
            var key when key.ExpiresAt <= now => (null, GatewayError.SecurityTokenExpired),
            var key => (key, null),
        };
    }

    /// <summary>The header <c>token</c>, or <c>sessionId</c> as clients send it who signed in with a password.</summary>
    private async ValueTask<Identification> IdentifyTokenAsync(HttpRequest request)
    {
        var token = request.Headers["token"].ToString();
        if (token.Length == 0)
        {
            token = request.Headers["sessionId"].ToString();
        }

        if (token.Length == 0)
        {
            return Unknown("The call carries no credentials: send the header token, or sign the call.", "");
        }

        return token.Length > TokenLengthMax || await keys.FindTokenAsync(token) is not { } known ? Unknown("The token is not known here.", "")
            : known.ExpiresAt <= clock.GetUtcNow() ? Unknown("The token has expired.", known.TokenId)
            : Known(known.Principal, known.TokenId, nonce: null);
    }

    private Identification Known(Principal principal, string credential, NonceRow? nonce)
    {
        keys.NoteUse(credential);
        return new Identification(principal, credential, nonce, null);
    }

    private static Identification Unknown(string why, string credential) => new(null, credential, null, new Refusal(ErrorCodes.NotAuthenticated, why));

    private static Identification Refuse(GatewayError error, string credential) =>
        new(null, credential, null, new Refusal(ErrorCodes.NotAuthenticated, error.Message) { Gateway = error });

    private static SignedRequest Describe(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var headers = new List<KeyValuePair<string, string>>(http.Request.Headers.Count);
        foreach (var (name, values) in http.Request.Headers)
        {
            foreach (var value in values)
            {
                headers.Add(new KeyValuePair<string, string>(name, value ?? ""));
            }
        }

        return new SignedRequest(http.Request.Method, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, headers, body, http.Request.IsHttps ? 443 : 80);
    }
}
