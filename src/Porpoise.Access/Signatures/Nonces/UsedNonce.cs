namespace Porpoise.Access.Signatures.Nonces;

/// <summary>A nonce that was used before a restart, as the store gives it back.</summary>
public readonly record struct UsedNonce(AccessKeyId Key, NonceHash Hash, DateTimeOffset KeepUntil);
