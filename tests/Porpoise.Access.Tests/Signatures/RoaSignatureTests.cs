using System.Text;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

public sealed class RoaSignatureTests
{
    private const string Date = "Mon, 23 Nov 2026 14:21:46 GMT";
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 14, 21, 46, TimeSpan.Zero);
    private static readonly SignatureOptions Allowed = new() { AllowRoa = true };

    [Theory]
    [InlineData("?k", "?k")]
    [InlineData("?k=", "?k=")]
    [InlineData("?k", "?k=")]
    [InlineData("?k=&b=a%20b%2Bc%26", "?b=a b+c&&k")]
    [InlineData("", "")]
    [InlineData("?%EF%BD%9E=1&%F0%90%80%80=", "?\uff5e=1&\U00010000")]
    [InlineData("?%EF%BD%9E=1&%F0%90%80%80=", "?\U00010000=&\uff5e=1")]
    [InlineData("?%EF%BD%9E=1&%F0%90%80%80=", "?\U00010000&\uff5e=1")]
    public void Queries_are_signed_unescaped_with_either_habit_about_empty_values(string sent, string signed) =>
        AssertVerified(Build(query: sent, signedQuery: signed));

    [Theory]
    [InlineData("?a%3D1=2", "?a=1=2")]
    [InlineData("?a%26b=2", "?a&b=2")]
    public void A_key_with_punctuation_is_refused_because_it_could_be_another_query(string sent, string signed) =>
        AssertRefused("InvalidQuery", Build(query: sent, signedQuery: signed));

    [Fact]
    public void White_space_inside_a_header_is_signed_as_spaces() =>
        AssertVerified(Build(extra: ("X-Acs-Note", " a\tb\f "), signedExtra: "x-acs-note:a b\n"));

    [Fact]
    public void A_content_md5_must_match_the_body()
    {
        var md5 = OldHashes.Md5("body");
        AssertVerified(Build(body: "body", md5: md5));
        AssertRefused("ContentMD5NotMatched", Build(body: "Body", md5: md5));
        AssertRefused("ContentMD5NotMatched", Build(body: "body", md5: "x"));
        AssertVerified(Build(body: "", md5: OldHashes.Md5("")));
    }

    [Fact]
    public void A_body_without_content_md5_is_taken_unless_one_is_demanded()
    {
        AssertVerified(Build(body: "body"));
        var demanded = Allowed with { RoaRequiresContentMd5 = true };
        AssertRefused("IncompleteSignature", Build(body: "body"), demanded);
        Assert.IsType<SignatureVerdict.Verified>(Verify(Build(), demanded));
    }

    [Theory]
    [InlineData("date")]
    [InlineData("x-acs-signature-nonce")]
    public void A_date_and_a_nonce_are_needed(string name)
    {
        var request = Build();
        AssertRefused("IncompleteSignature", request with { Headers = [.. request.Headers.Where(h => h.Key != name)] });
    }

    [Theory]
    [InlineData("x-acs-version")]
    [InlineData("DATE")]
    [InlineData("Accept")]
    [InlineData("content-type")]
    public void A_covered_header_may_not_come_twice(string name)
    {
        var request = Build();
        AssertRefused("IncompleteSignature", request with { Headers = [.. request.Headers, new(name, "x"), new(name, "x")] });
    }

    [Fact]
    public void Another_signature_method_inside_the_older_scheme_is_refused()
    {
        AssertVerified(Build(extra: ("x-acs-signature-method", "HMAC-SHA1"), signedExtra: "x-acs-signature-method:HMAC-SHA1\n"));
        AssertRefused("InvalidSignatureMethod", Build(extra: ("x-acs-signature-method", "HMAC-SHA256"), signedExtra: "x-acs-signature-method:HMAC-SHA256\n"));
    }

    [Theory]
    [InlineData("2026-11-23T14:21:46Z")]
    [InlineData("Tue, 23 Nov 2026 14:21:46 GMT")]
    [InlineData("Mon, 23 Nov 2026 14:21:46 +0000")]
    [InlineData("yesterday")]
    public void Only_an_RFC_1123_date_in_GMT_is_well_formatted(string date) =>
        AssertRefused("InvalidTimeStamp.Format", Build(date: date));

    [Fact]
    public void The_clock_window_holds_here_too()
    {
        Assert.IsType<SignatureVerdict.Verified>(Verify(Build(), Allowed, Now.AddMinutes(15)));
        Assert.IsType<SignatureVerdict.Verified>(Verify(Build(), Allowed, Now.AddMinutes(-15)));
        Assert.Equal(new SignatureVerdict.Refused(GatewayError.TimeStampExpired), Verify(Build(), Allowed, Now.AddMinutes(15).AddSeconds(1)));
        Assert.Equal(new SignatureVerdict.Refused(GatewayError.TimeStampExpired), Verify(Build(), Allowed, Now.AddMinutes(-15).AddSeconds(-1)));
    }

    [Fact]
    public void A_long_nonce_is_refused() => AssertRefused("InvalidSignatureNonce", Build(nonce: new string('n', 129)));

    [Fact]
    public void A_mismatch_is_explained_only_on_request()
    {
        var request = Build(query: "?k=private", signedQuery: "?k=other");
        Assert.Equal(new SignatureVerdict.Refused(GatewayError.RoaSignatureDoesNotMatch), Verify(request, Allowed));
        var explained = Assert.IsType<SignatureVerdict.Refused>(Verify(request, Allowed with { ExplainMismatch = true })).Error;
        Assert.EndsWith("/a?k=private", explained.Message, StringComparison.Ordinal);
    }

    private static SignedRequest Build(
        string query = "?k=v", string? signedQuery = null, string body = "", string? md5 = null, string date = Date, string nonce = "n",
        (string Name, string Value)? extra = null, string signedExtra = "")
    {
        var text = $"POST\napplication/json\n{md5}\n\n{date}\n" +
            string.Concat(new[] { signedExtra, $"x-acs-signature-nonce:{nonce}\n", "x-acs-version:2023-08-08\n" }.Order(StringComparer.Ordinal)) +
            "/a" + (signedQuery ?? query);
        var signature = OldHashes.HmacSha1("secret", text);
        List<KeyValuePair<string, string>> headers =
        [
            new("accept", "application/json"), new("date", date), new("x-acs-signature-nonce", nonce),
            new("x-acs-version", "2023-08-08"), new("authorization", "acs ak:" + signature),
        ];
        if (md5 is not null)
        {
            headers.Add(new("Content-MD5", md5));
        }
        if (extra is { } more)
        {
            headers.Add(new(more.Name, more.Value));
        }
        return new SignedRequest("POST", "/a" + query, headers, Encoding.UTF8.GetBytes(body), 80);
    }

    private static SignatureVerdict Verify(SignedRequest request, SignatureOptions options, DateTimeOffset? now = null)
    {
        var claim = Assert.IsType<AuthorizationHeader.Roa>(AuthorizationHeader.Read(request));
        return SignatureVerifier.Verify(request, claim, "secret"u8, now ?? Now, options);
    }

    private static void AssertVerified(SignedRequest request) => Assert.IsType<SignatureVerdict.Verified>(Verify(request, Allowed));

    private static void AssertRefused(string code, SignedRequest request, SignatureOptions? options = null) =>
        Assert.Equal(code, Assert.IsType<SignatureVerdict.Refused>(Verify(request, options ?? Allowed)).Error.Code);
}
