namespace Porpoise.Storage;

/// <summary>Whether the store takes writes. While it does not, every write fails at once with the reason, and reads go on.</summary>
/// <param name="ReadOnlyReason">Null when writes are taken.</param>
public sealed record StoreHealth(string? ReadOnlyReason)
{
    public static readonly StoreHealth Healthy = new((string?)null);

    public bool IsHealthy => ReadOnlyReason is null;
}
