using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

/// <summary>
/// A version 3 request signed by hand, where every part of the signed text can be given independently of what goes on the
/// wire: for clients with habits of their own, and for attackers.
/// </summary>
internal sealed record HandSigned
{
    public const string KeyId = "LTAI5tHAND";
    public static readonly byte[] Secret = "HandSecret"u8.ToArray();
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);

    public string Method { get; init; } = "POST";
    public string Target { get; init; } = "/a/b?k=v";
    public string CanonicalPath { get; init; } = "/a/b";
    public string CanonicalQuery { get; init; } = "k=v";
    public byte[] Body { get; init; } = [];
    public int DefaultPort { get; init; } = 443;

    /// <summary>What is sent.</summary>
    public List<(string Name, string Value)> Headers { get; init; } = Usual();

    /// <summary>What is signed; by default every header of the list, one value each.</summary>
    public List<(string Name, string Value)>? SignedHeaders { get; init; }

    public static List<(string Name, string Value)> Usual(string? date = null, string nonce = "n-1", byte[]? body = null) =>
    [
        ("host", "api.example:8443"),
        ("x-acs-content-sha256", Convert.ToHexStringLower(SHA256.HashData(body ?? []))),
        ("x-acs-date", date ?? Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ("x-acs-signature-nonce", nonce),
    ];

    public static List<(string Name, string Value)> UsualWithout(string name) => [.. Usual().Where(h => h.Name != name)];

    public SignedRequest Build()
    {
        var signed = (SignedHeaders ?? Headers).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', signed.Select(h => h.Name));
        var hash = signed.FirstOrDefault(h => h.Name == "x-acs-content-sha256").Value ?? Convert.ToHexStringLower(SHA256.HashData(Body));
        var canonical = $"{Method}\n{CanonicalPath}\n{CanonicalQuery}\n" +
            string.Concat(signed.Select(h => $"{h.Name}:{h.Value}\n")) + $"\n{names}\n{hash}";
        var toSign = "ACS3-HMAC-SHA256\n" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(toSign)));
        var headers = Headers.Select(h => KeyValuePair.Create(h.Name, h.Value))
            .Append(new("Authorization", $"ACS3-HMAC-SHA256 Credential={KeyId},SignedHeaders={names},Signature={signature}"));
        return new SignedRequest(Method, Target, [.. headers], Body, DefaultPort);
    }

    public SignatureVerdict Verify(DateTimeOffset? now = null, SignatureOptions? options = null)
    {
        var request = Build();
        var claim = Assert.IsAssignableFrom<AuthorizationHeader.Signed>(AuthorizationHeader.Read(request));
        return SignatureVerifier.Verify(request, claim, Secret, now ?? Now, options ?? SignatureOptions.Default);
    }

    public void AssertVerified() => Assert.IsType<SignatureVerdict.Verified>(Verify());

    public void AssertRefused(string code) => Assert.Equal(code, Assert.IsType<SignatureVerdict.Refused>(Verify()).Error.Code);
}
