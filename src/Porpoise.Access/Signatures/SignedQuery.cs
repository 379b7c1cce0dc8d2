using System.Text;

namespace Porpoise.Access.Signatures;

/// <summary>
/// The decoded pairs of a query string, ready to be written back in any of the ways clients sign them. Works on bytes
/// throughout, so a value that is not valid UTF-8 keeps its identity instead of collapsing into replacement characters.
/// </summary>
internal sealed class SignedQuery
{
    /// <summary>Most pairs that are sorted for one signature; real operations have at most a few dozen.</summary>
    public const int PairsMax = 2048;

    private readonly byte[] _bytes;
    private readonly Pair[] _pairs;
    private bool _utf16Order;

    private SignedQuery(byte[] bytes, Pair[] pairs)
    {
        _bytes = bytes;
        _pairs = pairs;
        bool high = false, astral = false;
        foreach (var pair in pairs)
        {
            var key = Key(pair);
            KeysNeedEncoding |= !Utf8Buffer.IsUnreserved(key);
            KeysMayBeRaw &= !HasDelimiter(key);
            high |= key.ContainsAnyInRange((byte)0xEE, (byte)0xEF);
            astral |= key.ContainsAnyInRange((byte)0xF0, (byte)0xFF);
        }
        OrdersDiffer = high && astral;
        Sort();
    }

    /// <summary>False when every key is written the same with and without percent encoding.</summary>
    public bool KeysNeedEncoding { get; }

    /// <summary>
    /// Some clients sign keys unescaped. That form is only safe to accept while no key holds a character which the signed
    /// text also uses as punctuation: otherwise <c>a=1&amp;b=2</c> and the single key <c>a=1&amp;b</c> would share a signature.
    /// </summary>
    public bool KeysMayBeRaw { get; } = true;

    /// <summary>True when sorting by UTF-16 units (JavaScript, Java, C#) can differ from sorting by bytes (Go, Python).</summary>
    public bool OrdersDiffer { get; }

    /// <summary>True when clients may disagree about how a pair is written in the older signature.</summary>
    public bool HasEmptyValue
    {
        get
        {
            foreach (var pair in _pairs)
            {
                if (pair.ValueLength == 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Null when there are more than <see cref="PairsMax"/> pairs.</summary>
    public static SignedQuery? Parse(ReadOnlySpan<char> raw)
    {
        var count = raw.IsEmpty ? 0 : raw.Count('&') + 1;
        if (count > PairsMax)
        {
            return null;
        }
        var bytes = new byte[Encoding.UTF8.GetByteCount(raw)];
        Encoding.UTF8.GetBytes(raw, bytes);
        var pairs = new Pair[count];
        int found = 0, start = 0, written = 0;
        while (start < bytes.Length)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'&');
            var end = length < 0 ? bytes.Length : start + length;
            if (end > start)
            {
                pairs[found++] = DecodePair(bytes, start, end, ref written);
            }
            start = end + 1;
        }
        return new SignedQuery(bytes, found == count ? pairs : pairs[..found]);
    }

    /// <summary>Pairs sorted by key, repeated keys in the order sent.</summary>
    public void UseOrder(KeyOrder order)
    {
        var utf16 = order == KeyOrder.Utf16;
        if (utf16 != _utf16Order && OrdersDiffer)
        {
            _utf16Order = utf16;
            Sort();
        }
    }

    /// <summary>Version 3: values always escaped, <c>key=</c> for an empty value.</summary>
    public void Write(Utf8Buffer into, KeyForm keys)
    {
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (i > 0)
            {
                into.Add((byte)'&');
            }
            if (keys == KeyForm.Encoded)
            {
                into.AddPercentEncoded(Key(_pairs[i]));
            }
            else
            {
                into.Add(Key(_pairs[i]));
            }
            into.Add((byte)'=');
            into.AddPercentEncoded(Value(_pairs[i]));
        }
    }

    /// <summary>The older signature: nothing escaped, led by a question mark when there is any pair.</summary>
    public void WriteRaw(Utf8Buffer into, bool equalsAfterEmpty)
    {
        for (var i = 0; i < _pairs.Length; i++)
        {
            into.Add((byte)(i == 0 ? '?' : '&'));
            into.Add(Key(_pairs[i]));
            var value = Value(_pairs[i]);
            if (!value.IsEmpty || equalsAfterEmpty)
            {
                into.Add((byte)'=');
                into.Add(value);
            }
        }
    }

    private ReadOnlySpan<byte> Key(Pair pair) => _bytes.AsSpan(pair.KeyStart, pair.KeyLength);

    private ReadOnlySpan<byte> Value(Pair pair) => _bytes.AsSpan(pair.KeyStart + pair.KeyLength, pair.ValueLength);

    private void Sort() => _pairs.AsSpan().Sort((a, b) =>
    {
        var order = _utf16Order ? CompareUtf16(Key(a), Key(b)) : Key(a).SequenceCompareTo(Key(b));
        // The sort is not stable; the place in the buffer is the place on the wire.
        return order != 0 ? order : a.KeyStart.CompareTo(b.KeyStart);
    });

    /// <summary>
    /// Orders UTF-8 as its UTF-16 would be ordered, without converting: only the four-byte characters move, to just
    /// below U+E000, because their surrogates D800-DFFF lie there. Bytes from EE up are always lead bytes.
    /// </summary>
    private static int CompareUtf16(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }
        int x = a[common], y = b[common];
        if (x >= 0xEE && y >= 0xEE)
        {
            x = x >= 0xF0 ? x - 0x10 : x;
            y = y >= 0xF0 ? y - 0x10 : y;
        }
        return x.CompareTo(y);
    }

    private static bool HasDelimiter(ReadOnlySpan<byte> key) =>
        key.IndexOfAny((byte)'%', (byte)'=', (byte)'&') >= 0 || key.ContainsAnyInRange((byte)0, (byte)0x1F) || key.Contains((byte)0x7F);

    /// <summary>Decoding only ever shrinks, so it happens in the same array, behind the reader.</summary>
    private static Pair DecodePair(byte[] bytes, int start, int end, ref int written)
    {
        var length = bytes.AsSpan(start, end - start).IndexOf((byte)'=');
        var keyEnd = length < 0 ? end : start + length;
        var keyStart = written;
        Decode(bytes, start, keyEnd, ref written);
        var keyLength = written - keyStart;
        Decode(bytes, Math.Min(keyEnd + 1, end), end, ref written);
        return new Pair(keyStart, keyLength, written - keyStart - keyLength);
    }

    private static void Decode(byte[] bytes, int start, int end, ref int written)
    {
        for (var i = start; i < end; i++)
        {
            var value = bytes[i];
            if (value == '+')
            {
                value = (byte)' ';
            }
            else if (value == '%' && i + 2 < end &&
                char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                value = (byte)((FromHex(bytes[i + 1]) << 4) | FromHex(bytes[i + 2]));
                i += 2;
            }
            bytes[written++] = value;
        }
    }

    private static int FromHex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>A key and its value lie next to each other in the decoded bytes.</summary>
    private readonly record struct Pair(int KeyStart, int KeyLength, int ValueLength);
}
