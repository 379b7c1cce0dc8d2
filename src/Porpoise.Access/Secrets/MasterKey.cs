using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Access.Secrets;

/// <summary>
/// Encrypts the few secrets that must be readable again (of access keys, and passwords of data sources), with AES-256-GCM. The identity of the row that a secret belongs
/// to is authenticated with it, so a cipher text moved to another row does not decrypt.
/// <para>
/// There may be several keys: the first one encrypts, each decrypts what was encrypted under it. So a new key can be put before an old one, which
/// goes when nothing needs it any more.
/// </para>
/// </summary>
/// <remarks>Cipher text: one byte format (1), 8 bytes key id, 12 bytes nonce, 16 bytes tag, then the encrypted bytes.</remarks>
public sealed class MasterKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 32;

    /// <summary>Keys at once: one, and those that are being replaced.</summary>
    public const int KeysMax = 8;

    private const byte Format = 1;
    private const int KeyIdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + KeyIdLength + NonceLength + TagLength;

    private readonly Key[] _keys;

    public MasterKey(byte[] key)
        : this([key])
    {
    }

    /// <param name="keys">At least one, and at most <see cref="KeysMax"/>; the first one encrypts.</param>
    /// <exception cref="ArgumentException">None or too many, one of another <see cref="Length"/>, or the same one twice.</exception>
    public MasterKey(IReadOnlyList<byte[]> keys)
    {
        if (keys.Count is 0 or > KeysMax || keys.Any(static key => key.Length != Length))
        {
            throw new ArgumentException($"There must be 1 to {KeysMax} keys of {Length} bytes.", nameof(keys));
        }

        _keys = [.. keys.Select(static key => new Key(key))];
        if (_keys.DistinctBy(static key => Convert.ToHexString(key.Id)).Count() < _keys.Length)
        {
            throw new ArgumentException("A key comes twice.", nameof(keys));
        }
    }

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Length;

    /// <summary>Under the first key.</summary>
    public byte[] Encrypt(string secret, string rowIdentity) => Encrypt(Encoding.UTF8.GetBytes(secret), rowIdentity);

    /// <summary>Under the first key.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> secret, string rowIdentity)
    {
        var cipher = new byte[HeadLength + secret.Length];
        cipher[0] = Format;
        _keys[0].Id.CopyTo(cipher, 1);
        var nonce = cipher.AsSpan(1 + KeyIdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var turn = _keys[0].Gate.EnterScope();
        _keys[0].Cipher.Encrypt(nonce, secret, cipher.AsSpan(HeadLength), cipher.AsSpan(1 + KeyIdLength + NonceLength, TagLength), Encoding.UTF8.GetBytes(rowIdentity));
        return cipher;
    }

    /// <summary>The secret's bytes in UTF-8.</summary>
    /// <exception cref="CryptographicException">Encrypted under none of the keys, for another row, or damaged.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> cipher, string rowIdentity)
    {
        if (cipher.Length < HeadLength || cipher[0] != Format)
        {
            throw new CryptographicException("The stored secret is damaged.");
        }

        var key = Find(cipher.Slice(1, KeyIdLength))
            ?? throw new CryptographicException("The stored secret was encrypted under another master key than those that this server was given.");
        var plain = new byte[cipher.Length - HeadLength];
        using var turn = key.Gate.EnterScope();
        key.Cipher.Decrypt(
            cipher.Slice(1 + KeyIdLength, NonceLength), cipher[HeadLength..], cipher.Slice(1 + KeyIdLength + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(rowIdentity));
        return plain;
    }

    /// <summary>Whether a cipher text names the first key; the others can go when all do.</summary>
    public bool IsUnderFirst(ReadOnlySpan<byte> cipher) => cipher.Length >= HeadLength && cipher[0] == Format && cipher.Slice(1, KeyIdLength).SequenceEqual(_keys[0].Id);

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Cipher.Dispose();
        }
    }

    private Key? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in _keys)
        {
            if (id.SequenceEqual(key.Id))
            {
                return key;
            }
        }

        return null;
    }

    private sealed class Key(byte[] key)
    {
        public Lock Gate { get; } = new(); // an AesGcm serves one thread at a time

        public AesGcm Cipher { get; } = new(key, TagLength);

        public byte[] Id { get; } = SHA256.HashData(key)[..KeyIdLength];
    }
}
