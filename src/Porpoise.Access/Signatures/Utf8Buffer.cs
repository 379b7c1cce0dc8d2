using System.Buffers;
using System.Text;

namespace Porpoise.Access.Signatures;

/// <summary>A growing run of UTF-8 bytes in pooled memory: text to be hashed once and forgotten.</summary>
internal sealed class Utf8Buffer(int capacity) : IDisposable
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"u8);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public static bool IsUnreserved(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(Unreserved);

    public void Clear() => Length = 0;

    public void Add(byte value)
    {
        Grow(1);
        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> utf8)
    {
        Grow(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(Length));
        Length += utf8.Length;
    }

    public void Add(ReadOnlySpan<char> text)
    {
        Grow(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length));
    }

    /// <summary>RFC 3986: letters, digits and <c>-_.~</c> as they are, every other byte as <c>%XX</c> in upper case.</summary>
    public void AddPercentEncoded(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length * 3);
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOfAnyExcept(Unreserved);
            plain = plain < 0 ? bytes.Length : plain;
            bytes[..plain].CopyTo(_bytes.AsSpan(Length));
            Length += plain;
            if (plain == bytes.Length)
            {
                return;
            }
            _bytes[Length++] = (byte)'%';
            _bytes[Length++] = "0123456789ABCDEF"u8[bytes[plain] >> 4];
            _bytes[Length++] = "0123456789ABCDEF"u8[bytes[plain] & 15];
            bytes = bytes[(plain + 1)..];
        }
    }

    public override string ToString() => Encoding.UTF8.GetString(Written);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow(int more)
    {
        if (_bytes.Length - Length >= more)
        {
            return;
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + more, _bytes.Length * 2));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
