using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Porpoise.Core.Policies.Conditions;

/// <summary>
/// An address, IPv4 or IPv6. An IPv4 address that is written as an IPv6 one (<c>::ffff:10.0.0.1</c>) is the IPv4 address: which of the two
/// a server sees depends only on its socket.
/// </summary>
internal readonly record struct NetworkAddress(bool IsV6, UInt128 Bits)
{
    private static readonly SearchValues<char> V6Letters = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>Whether it is an IPv4 address in IPv6 form.</summary>
    public bool IsMapped => IsV6 && Bits >> 32 << 32 == MappedPrefix;

    /// <summary>
    /// Reads only the forms that everybody reads alike: not <c>10.1</c>, <c>010.0.0.1</c> or <c>0x7f000001</c>, which some take for
    /// octal, hexadecimal or shortened addresses, and no zone or port.
    /// </summary>
    public static bool TryRead(string text, out NetworkAddress address)
    {
        if (!TryReadAsWritten(text, out address))
        {
            return false;
        }

        address = address.IsMapped ? new NetworkAddress(false, address.Bits & uint.MaxValue) : address;
        return true;
    }

    /// <summary>As <see cref="TryRead"/>, but an IPv4 address inside an IPv6 one stays there.</summary>
    public static bool TryReadAsWritten(ReadOnlySpan<char> text, out NetworkAddress address)
    {
        if (TryReadV4(text, out var v4))
        {
            address = new NetworkAddress(false, v4);
            return true;
        }

        address = default;
        var tail = text[(text.LastIndexOf(':') + 1)..];
        if (!text.Contains(':') || text.ContainsAnyExcept(V6Letters) || (tail.Contains('.') && !TryReadV4(tail, out _)) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = new NetworkAddress(true, BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    private static bool TryReadV4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, '.') != 4)
        {
            return false;
        }

        foreach (var range in parts[..4])
        {
            var part = text[range];
            if ((part.Length > 1 && part[0] == '0') || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            bits = (bits << 8) | number;
        }

        return true;
    }
}
