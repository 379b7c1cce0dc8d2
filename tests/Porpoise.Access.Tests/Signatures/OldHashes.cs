using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Access.Tests.Signatures;

/// <summary>The hashes the older signature is made of, computed apart from the code under test.</summary>
internal static class OldHashes
{
    [SuppressMessage("Security", "CA5350", Justification = "The protocol under test is HMAC-SHA1.")]
    public static string HmacSha1(string secret, string text) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    [SuppressMessage("Security", "CA5351", Justification = "The header under test is Content-MD5.")]
    public static string Md5(string body) => Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(body)));
}
