using System.Security.Cryptography;
using System.Text;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

public sealed class GoldenCaptureTests
{
    private static readonly SignatureOptions WithRoa = new() { AllowRoa = true };

    public static TheoryData<string> Accepted => [.. GoldenCapture.Accepted.Select(c => c.Name)];

    public static TheoryData<string> Roa => [.. GoldenCapture.Accepted.Where(c => c.IsRoa).Select(c => c.Name)];

    [Fact]
    public void Every_capture_is_present_and_most_are_accepted()
    {
        Assert.Equal(58, GoldenCapture.All.Count);
        Assert.Equal(52, GoldenCapture.Accepted.Count());
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_capture_verifies_with_its_secret_at_its_own_date(string name)
    {
        var capture = GoldenCapture.Named(name);
        var verdict = Assert.IsType<SignatureVerdict.Verified>(Verify(capture, WithRoa));

        Assert.Equal(capture.Header("x-acs-signature-nonce")!.Trim(), verdict.Nonce);
        Assert.Equal(capture.Date, verdict.Date);
        Assert.Equal(capture.Date + TimeSpan.FromMinutes(15), verdict.NonceKeepUntil);
        Assert.Equal(capture.SecurityToken, capture.Request.SecurityToken);
        Assert.Equal(capture.AccessKeyId, Claim(capture).AccessKeyId.Value);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void One_of_the_texts_tried_is_the_one_the_client_signed(string name)
    {
        var capture = GoldenCapture.Named(name);
        var tried = SignatureVerifier.Explain(capture.Request, Claim(capture));
        var match = Assert.Single(tried, t => t.StringToSign == capture.StringToSign);

        Assert.Equal(capture.CanonicalRequest, match.CanonicalRequest);
        Assert.Equal(capture.Form, match.Form);
        Assert.Equal(capture.Signature, Sign(capture, match.StringToSign));
        Assert.Equal(tried.Count, tried.Select(t => t.StringToSign).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_capture_does_not_verify_with_another_secret(string name)
    {
        var capture = GoldenCapture.Named(name);
        var verdict = SignatureVerifier.Verify(capture.Request, Claim(capture), "FakeSecretFakeSecretFakeSecret01"u8, capture.Date, WithRoa);
        Assert.Equal("SignatureDoesNotMatch", Assert.IsType<SignatureVerdict.Refused>(verdict).Error.Code);
    }

    [Theory]
    [MemberData(nameof(Roa))]
    public void The_older_signature_is_refused_unless_allowed(string name)
    {
        var capture = GoldenCapture.Named(name);
        Assert.Same(GatewayError.InvalidSignatureMethod, Claim(capture).Refusal(SignatureOptions.Default));
        Assert.Equal(new SignatureVerdict.Refused(GatewayError.InvalidSignatureMethod), Verify(capture, SignatureOptions.Default));
    }

    [Theory]
    [InlineData("openapi-core.bearer", "InvalidSignatureMethod")]
    [InlineData("openapi-client.bearer", "InvalidSignatureMethod")]
    [InlineData("openapi-core.v4-acs4", "InvalidSignatureMethod")]
    [InlineData("openapi-client.v4-acs4", "InvalidSignatureMethod")]
    [InlineData("openapi-core.anonymous", "IncompleteSignature")]
    [InlineData("openapi-client.anonymous", "IncompleteSignature")]
    public void Bearer_version_four_and_anonymous_captures_are_refused_before_any_key_is_looked_up(string name, string code)
    {
        var header = AuthorizationHeader.Read(GoldenCapture.Named(name).Request);
        Assert.IsNotAssignableFrom<AuthorizationHeader.Signed>(header);
        var refusal = header.Refusal(WithRoa);
        Assert.Equal((code, 400), (refusal?.Code, refusal?.HttpStatus));
    }

    private static SignatureVerdict Verify(GoldenCapture capture, SignatureOptions options) =>
        SignatureVerifier.Verify(capture.Request, Claim(capture), Encoding.UTF8.GetBytes(capture.Secret), capture.Date, options);

    private static AuthorizationHeader.Signed Claim(GoldenCapture capture) =>
        Assert.IsAssignableFrom<AuthorizationHeader.Signed>(AuthorizationHeader.Read(capture.Request));

    private static string Sign(GoldenCapture capture, string stringToSign) => capture.IsRoa
        ? OldHashes.HmacSha1(capture.Secret, stringToSign)
        : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(capture.Secret), Encoding.UTF8.GetBytes(stringToSign)));
}
