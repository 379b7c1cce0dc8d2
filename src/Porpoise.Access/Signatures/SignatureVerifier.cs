namespace Porpoise.Access.Signatures;

/// <summary>
/// Decides whether a request was signed by the holder of a secret. Pure: the clock, the secret and the request come in,
/// a verdict goes out, nothing is remembered. Whoever calls it goes on, in this order:
/// <code>
/// AuthorizationHeader.Read → Refusal? → look up the key → its token → Verify → NonceBuckets.TryUse → authorise
/// </code>
/// </summary>
public static class SignatureVerifier
{
    /// <summary>Longest nonce taken; clients send 32 to 64 characters.</summary>
    public const int NonceLengthMax = 128;

    /// <summary>Checks headers, date, body and signature, in that order, and answers the first thing wrong.</summary>
    /// <param name="request">The request as received.</param>
    /// <param name="claim">The claim read from that same request.</param>
    /// <param name="secret">The access key's secret in UTF-8.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="options">What the operator allows.</param>
    public static SignatureVerdict Verify(
        SignedRequest request, AuthorizationHeader.Signed claim, ReadOnlySpan<byte> secret, DateTimeOffset now, SignatureOptions options)
    {
        if (claim.Refusal(options) is { } refusal)
        {
            return new SignatureVerdict.Refused(refusal);
        }
        return claim is AuthorizationHeader.Acs3 acs3
            ? Acs3Signature.Verify(request, acs3, secret, now, options)
            : RoaSignature.Verify(request, claim, secret, now, options);
    }

    /// <summary>
    /// Every text the server would try for this request, in the order tried; empty when its headers already rule it
    /// out. Holds the caller's query values and security token.
    /// </summary>
    public static IReadOnlyList<Explanation> Explain(SignedRequest request, AuthorizationHeader.Signed claim) =>
        claim is AuthorizationHeader.Acs3 acs3 ? Acs3Signature.Explain(request, acs3) : RoaSignature.Explain(request);

    /// <summary>The verdict on a proven signature. Both edges of the window count as inside.</summary>
    internal static SignatureVerdict Verified(string nonce, DateTimeOffset date, SignatureOptions options) =>
        new SignatureVerdict.Verified(nonce, date, date + options.ClockWindow);

    internal static bool IsInWindow(DateTimeOffset date, DateTimeOffset now, SignatureOptions options) =>
        (now - date).Duration() <= options.ClockWindow;

    internal static bool IsNonce(string nonce) => nonce.Length is > 0 and <= NonceLengthMax;
}
