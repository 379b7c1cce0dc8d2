using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Porpoise.Access.Identities;
using Porpoise.Access.Signatures;
using Porpoise.Access.Signatures.Nonces;
using Porpoise.Api.Errors;
using Porpoise.Storage.Identities;

namespace Porpoise.Api.Security;

/// <summary>Who calls, or why that cannot be believed.</summary>
internal readonly record struct Identification(Principal? Principal, NonceRow? Nonce, Refusal? Refusal);

/// <summary>
/// Finds out who calls. Signed calls: signature, date, body and nonce are checked, in that order; the nonce is used up only after the signature
/// proved right, for otherwise anyone could burn the nonces of others. Other calls: the header <c>token</c>.
/// </summary>
public sealed class Authenticator(KeyRing keys, NonceBuckets nonces, SignatureOptions options, TimeProvider clock)
{
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
            return Refuse(refusal);
        }

        var signed = (AuthorizationHeader.Signed)claim;
        if (await keys.FindKeyAsync(signed.AccessKeyId.Value) is not { } key)
        {
            return Refuse(GatewayError.AccessKeyNotFound);
        }

        if (!key.IsActive)
        {
            return Refuse(GatewayError.AccessKeyInactive);
        }

        if (request.SecurityToken is not null)
        {
            return Refuse(GatewayError.SecurityTokenMismatch); // no temporary credentials are issued yet, so no token can belong to this key
        }

        var now = clock.GetUtcNow();
        var verdict = SignatureVerifier.Verify(request, signed, key.Secret, now, options);
        if (verdict is not SignatureVerdict.Verified verified)
        {
            return Refuse(((SignatureVerdict.Refused)verdict).Error);
        }

        var hash = NonceHash.Of(signed.AccessKeyId, verified.Nonce);
        return nonces.TryUse(signed.AccessKeyId, hash, verified.NonceKeepUntil, now) switch
        {
            NonceUse.Fresh => new Identification(key.Principal, new NonceRow(key.AccessKeyId, hash.ToArray(), verified.NonceKeepUntil), null),
            NonceUse.Used => Refuse(GatewayError.SignatureNonceUsed),
            _ => new Identification(null, null, new Refusal(ErrorCodes.TooManyCalls, ErrorCodes.TooManyCalls.Text) { RetryAfter = TimeSpan.FromSeconds(1) }),
        };
    }

    private async ValueTask<Identification> IdentifyTokenAsync(HttpRequest request)
    {
        var token = request.Headers["token"].ToString();
        return token.Length is > 0 and <= 256 && await keys.FindTokenAsync(token) is { } principal
            ? new Identification(principal, null, null)
            : new Identification(null, null, new Refusal(ErrorCodes.NotAuthenticated, token.Length == 0
                ? "The call carries no credentials: send the header token, or sign the call."
                : "The token is not known here."));
    }

    private static Identification Refuse(GatewayError error) => new(null, null, new Refusal(ErrorCodes.NotAuthenticated, error.Message) { Gateway = error });

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
