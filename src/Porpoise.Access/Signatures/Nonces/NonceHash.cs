using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Access.Signatures.Nonces;

/// <summary>
/// A nonce of one access key in sixteen bytes: the first half of a SHA-256, so that nobody can craft two nonces that meet,
/// neither to lock out another's request nor to fill one hash chain.
/// </summary>
public readonly record struct NonceHash(UInt128 Value)
{
    /// <summary>Bytes of the stored form.</summary>
    public const int SizeInBytes = 16;

    public static NonceHash Of(AccessKeyId key, string nonce)
    {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart.
        var keySize = Encoding.UTF8.GetByteCount(key.Value);
        var size = sizeof(int) + keySize + Encoding.UTF8.GetByteCount(nonce);
        Span<byte> text = size <= 512 ? stackalloc byte[512] : new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(text, keySize);
        Encoding.UTF8.GetBytes(key.Value, text[sizeof(int)..]);
        Encoding.UTF8.GetBytes(nonce, text[(sizeof(int) + keySize)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..size], hash);
        return From(hash[..SizeInBytes]);
    }

    /// <summary>Reads the stored form.</summary>
    public static NonceHash From(ReadOnlySpan<byte> stored) => new(BinaryPrimitives.ReadUInt128BigEndian(stored));

    /// <summary>The stored form.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[SizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>Eight bytes of a SHA-256 are a better hash than any mix of them.</summary>
    public override int GetHashCode() => (int)(ulong)Value;
}
