namespace Porpoise.Access.Signatures.Nonces;

/// <summary>How many nonces are remembered at once. One takes some 40 to 70 bytes.</summary>
public sealed record NonceLimits
{
    /// <summary>For one access key: about 110 requests a second, sustained over the half hour a nonce may live.</summary>
    public int PerKeyMax { get; init; } = 200_000;

    /// <summary>For all keys together: this bounds the memory.</summary>
    public int TotalMax { get; init; } = 1_000_000;

    /// <summary>Longest time a nonce may have to be kept: at least twice the clock window that dates are checked against.</summary>
    public TimeSpan KeepMax { get; init; } = TimeSpan.FromHours(1);
}
