using System.Text;
using System.Text.Json;
using CsCheck;
using Porpoise.Access.Signatures;
using Porpoise.Access.Tests.Signatures;
using Porpoise.Client;

namespace Porpoise.Access.Tests.Client;

public sealed class AcsSignerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);
    private static readonly AcsCredentials Credentials = new("ak", "secret");

    public static TheoryData<string> NodeCaptures =>
        [.. GoldenCapture.Accepted.Where(c => !c.IsRoa && c.Name.StartsWith("openapi-core", StringComparison.Ordinal)).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(NodeCaptures))]
    public void The_same_request_gets_the_signature_the_Node_client_gave_it(string name)
    {
        var capture = GoldenCapture.Named(name);
        var signature = AcsSigner.Sign(
            new AcsRequest
            {
                Method = capture.Request.Method,
                Host = capture.Header("host")!.Trim(),
                Path = capture.Input.GetProperty("pathname").GetString()!,
                Query = Query(capture.Input),
                Body = capture.Request.Body,
                ContentType = capture.Header("content-type")?.Trim(),
                Action = capture.Header("x-acs-action")!.Trim(),
            },
            new AcsCredentials(capture.AccessKeyId!, capture.Secret, capture.SecurityToken),
            capture.Date, capture.Header("x-acs-signature-nonce")!.Trim());

        Assert.Equal(capture.Header("authorization")!.Trim(), signature.Headers.Single(h => h.Key == "Authorization").Value);
    }

    [Theory]
    [InlineData("k", "\u5de5\u4f5c a+b*c~d%7E%2B")]
    [InlineData("k", "")]
    [InlineData("k", "\U0001F42C\U00010000")]
    [InlineData("k", " =&?#/\\\"'()!\t\r\n\0")]
    [InlineData("k y+z*~[0]", "v")]
    [InlineData("\u6807\u7b7e", "v")]
    [InlineData("100%", "v")]
    [InlineData("a=b&c", "v")]
    [InlineData("a\nb", "v")]
    [InlineData("", "v")]
    public void Hostile_keys_and_values_arrive_and_verify(string key, string value) =>
        AssertRoundTrip("/a", [new("a", "1"), new(key, value), new("\U00010000", "2"), new("\uff5e", "3")], []);

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/a+b+c*d*e%7Ef~g%2Fh")]
    [InlineData("/%E5%B7%A5/x/")]
    public void Hostile_paths_verify(string path) => AssertRoundTrip(path, [], "{}"u8.ToArray());

    [Fact]
    public void Any_query_and_body_verify() =>
        Gen.Select(Gen.Select(Gen.String, Gen.String).Array[0, 8], Gen.Byte.Array[0, 200])
            .Sample((pairs, body) => AssertRoundTrip("/a", [.. pairs.Select(p => KeyValuePair.Create(p.Item1, p.Item2))], body));

    [Fact]
    public void Signing_is_repeatable_and_the_nonce_is_part_of_it()
    {
        var request = new AcsRequest { Method = "GET", Host = "h", Path = "/" };
        var (once, again, other) = (Sign("n"), Sign("n"), Sign("m"));
        Assert.Equal(once, again);
        Assert.NotEqual(once, other);

        string Sign(string nonce) => AcsSigner.Sign(request, Credentials, Now, nonce).Headers[^1].Value;
    }

    [Fact]
    public void Credentials_print_as_their_key_id_only() => Assert.Equal("ak", new AcsCredentials("ak", "secret", "token").ToString());

    private static void AssertRoundTrip(string path, IReadOnlyList<KeyValuePair<string, string>> query, byte[] body)
    {
        var signature = AcsSigner.Sign(
            new AcsRequest { Method = "POST", Host = "h:1", Path = path, Query = query, Body = body, ContentType = "application/json" },
            Credentials, Now, "n");
        var target = path + (signature.EncodedQuery.Length > 0 ? "?" + signature.EncodedQuery : "");
        var request = new SignedRequest("POST", target, signature.Headers, body, 443);
        var claim = Assert.IsType<AuthorizationHeader.Acs3>(AuthorizationHeader.Read(request));
        Assert.IsType<SignatureVerdict.Verified>(SignatureVerifier.Verify(request, claim, "secret"u8, Now, SignatureOptions.Default));

        // And a server that decodes the target in the usual way gets the very pairs that were signed.
        var received = signature.EncodedQuery.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=')).Select(p => (Uri.UnescapeDataString(p[0]), Uri.UnescapeDataString(p[1])));
        Assert.Equal(query.Select(p => (Scalar(p.Key), Scalar(p.Value))), received);
    }

    /// <summary>Half a surrogate pair cannot be sent; it becomes U+FFFD on the way.</summary>
    private static string Scalar(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static List<KeyValuePair<string, string>> Query(JsonElement input) =>
        input.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.Object
            ? [.. query.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.ToString()))]
            : [];
}
