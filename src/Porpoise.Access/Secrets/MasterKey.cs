using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Access.Secrets;

/// <summary>
/// Encrypts the few secrets that must be readable again (access-key secrets), with AES-256-GCM. The identity of the row that a secret belongs
/// to is authenticated with it, so a cipher text moved to another row does not decrypt.
/// </summary>
/// <remarks>Cipher text: one byte format (1), 8 bytes key id, 12 bytes nonce, 16 bytes tag, then the encrypted bytes.</remarks>
public sealed class MasterKey : IDisposable
{
    /// <summary>Bytes of key material.</summary>
    public const int Length = 32;

    private const byte Format = 1;
    private const int KeyIdLength = 8;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + KeyIdLength + NonceLength + TagLength;

    private readonly Lock _gate = new(); // an AesGcm serves one thread at a time
    private readonly AesGcm _cipher;
    private readonly byte[] _keyId;

    public MasterKey(ReadOnlySpan<byte> key)
    {
        _cipher = new AesGcm(key, TagLength);
        _keyId = SHA256.HashData(key)[..KeyIdLength];
    }

    public byte[] Encrypt(string secret, string rowIdentity)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var cipher = new byte[HeadLength + plain.Length];
        cipher[0] = Format;
        _keyId.CopyTo(cipher, 1);
        var nonce = cipher.AsSpan(1 + KeyIdLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var turn = _gate.EnterScope();
        _cipher.Encrypt(nonce, plain, cipher.AsSpan(HeadLength), cipher.AsSpan(1 + KeyIdLength + NonceLength, TagLength), Encoding.UTF8.GetBytes(rowIdentity));
        return cipher;
    }

    /// <summary>The secret's bytes in UTF-8.</summary>
    /// <exception cref="CryptographicException">Encrypted under another key, for another row, or damaged.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> cipher, string rowIdentity)
    {
        if (cipher.Length < HeadLength || cipher[0] != Format)
        {
            throw new CryptographicException("The stored secret is damaged.");
        }

        if (!cipher.Slice(1, KeyIdLength).SequenceEqual(_keyId))
        {
            throw new CryptographicException("The stored secret was encrypted under another master key than the one this server was given.");
        }

        var plain = new byte[cipher.Length - HeadLength];
        using var turn = _gate.EnterScope();
        _cipher.Decrypt(
            cipher.Slice(1 + KeyIdLength, NonceLength), cipher[HeadLength..], cipher.Slice(1 + KeyIdLength + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(rowIdentity));
        return plain;
    }

    public void Dispose() => _cipher.Dispose();
}
