namespace Porpoise.Access.Signatures;

/// <summary>The outcome of checking one signature.</summary>
public abstract record SignatureVerdict
{
    private SignatureVerdict()
    {
    }

    /// <summary>
    /// The holder of the secret signed this request, within the clock window. It is not yet known to be the first to arrive:
    /// the nonce must still be used up, and only now, for otherwise anyone could burn the nonces of others.
    /// </summary>
    /// <param name="Nonce">The signed nonce, 1 to 128 characters.</param>
    /// <param name="Date">The signed date.</param>
    /// <param name="NonceKeepUntil">The last instant at which a replay would still lie within the clock window.</param>
    public sealed record Verified(string Nonce, DateTimeOffset Date, DateTimeOffset NonceKeepUntil) : SignatureVerdict;

    /// <summary>The request must be answered with this error.</summary>
    public sealed record Refused(GatewayError Error) : SignatureVerdict;
}
