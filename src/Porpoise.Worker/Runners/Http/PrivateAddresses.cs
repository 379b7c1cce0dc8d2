using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Porpoise.Worker.Runners.Http;

/// <summary>Which addresses are not of the public internet: this machine's, its link's, those of private networks, and those with no use of their own.</summary>
internal static class PrivateAddresses
{
    private static readonly IPNetwork[] Ranges =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
            "::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(range => IPNetwork.Parse(range)),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    public static bool Contain(IPAddress address)
    {
        var plain = Inner(address);
        return Ranges.Any(range => range.BaseAddress.AddressFamily == plain.AddressFamily && range.Contains(plain));
    }

    /// <summary>Some addresses of version 6 stand for one of version 4, and lead there.</summary>
    private static IPAddress Inner(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var plain = new IPAddress(bytes); // without the zone
        return plain switch
        {
            { IsIPv4MappedToIPv6: true } => plain.MapToIPv4(),
            _ when Nat64.Contains(plain) => new IPAddress(bytes[12..]),
            _ when SixToFour.Contains(plain) => new IPAddress(bytes[2..6]),
            _ when BinaryPrimitives.ReadUInt64BigEndian(bytes) == 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) > 1 => new IPAddress(bytes[12..]),
            _ => plain,
        };
    }
}
