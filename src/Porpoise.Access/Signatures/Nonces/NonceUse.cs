namespace Porpoise.Access.Signatures.Nonces;

/// <summary>What became of an attempt to use a nonce.</summary>
public enum NonceUse
{
    /// <summary>Never seen before; it is used now.</summary>
    Fresh,

    /// <summary>Seen before, or too old to be shown fresh: a replay.</summary>
    Used,

    /// <summary>Too many nonces of this key, or of all keys, are being remembered: the caller must slow down.</summary>
    LimitReached,
}
