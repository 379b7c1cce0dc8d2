using System.Globalization;

namespace Porpoise.Core.Policies.Conditions;

/// <summary>An address or a network (<c>10.0.0.0/8</c>) of a policy. IPv4 and IPv6 are two worlds: <c>::/0</c> holds no IPv4 address.</summary>
internal readonly record struct NetworkRange
{
    private readonly NetworkAddress _network;
    private readonly UInt128 _mask;

    private NetworkRange(NetworkAddress network, UInt128 mask) => (_network, _mask) = (network, mask);

    /// <summary>False also for a network with bits behind its prefix (<c>10.0.0.1/8</c>): was the one address meant, or the network?</summary>
    public static bool TryRead(string text, out NetworkRange range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!NetworkAddress.TryReadAsWritten(slash < 0 ? text : text.AsSpan(0, slash), out var network))
        {
            return false;
        }

        var width = network.IsV6 ? 128 : 32;
        var prefix = width;
        if (slash >= 0 && !TryReadPrefix(text.AsSpan(slash + 1), width, out prefix))
        {
            return false;
        }

        // The mask of a mapped network always covers the prefix that maps it, or there would be bits behind it.
        var mask = MaskOf(width, prefix);
        if ((network.Bits & ~mask) != 0)
        {
            return false;
        }

        range = network.IsMapped
            ? new NetworkRange(new NetworkAddress(false, network.Bits & uint.MaxValue), mask & uint.MaxValue)
            : new NetworkRange(network, mask);
        return true;
    }

    public bool Contains(NetworkAddress address) => address.IsV6 == _network.IsV6 && (address.Bits & _mask) == _network.Bits;

    private static bool TryReadPrefix(ReadOnlySpan<char> text, int width, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= width && (text.Length == 1 || text[0] != '0');

    private static UInt128 MaskOf(int width, int prefix)
    {
        // Shifting by the whole width would shift by nothing.
        var all = width == 128 ? UInt128.MaxValue : uint.MaxValue;
        return prefix == 0 ? 0 : all >> (width - prefix) << (width - prefix);
    }
}
