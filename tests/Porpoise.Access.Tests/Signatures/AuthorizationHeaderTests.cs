using CsCheck;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

public sealed class AuthorizationHeaderTests
{
    private const string Good = "ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host;x-acs-date,Signature=00";

    [Theory]
    [InlineData(Good)]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak, SignedHeaders=host;x-acs-date, Signature=00")]
    [InlineData("ACS3-HMAC-SHA256  Signature=00,SignedHeaders=host;x-acs-date,Credential=ak")]
    public void The_three_fields_are_read_in_any_order_and_with_spaces_between(string value)
    {
        var read = Assert.IsType<AuthorizationHeader.Acs3>(Read(value));
        Assert.Equal(("ak", "host;x-acs-date", "00"), (read.AccessKeyId.Value, read.SignedHeaderList, read.Signature));
        Assert.Equal(["host", "x-acs-date"], read.SignedHeaders);
        Assert.Null(read.Refusal(SignatureOptions.Default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ACS3-HMAC-SHA256")]
    [InlineData("ACS3-HMAC-SHA256 ")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host,Signature=")]
    [InlineData(Good + ",Signature=11")]
    [InlineData(Good + ",Other=1")]
    [InlineData(Good + ",")]
    [InlineData("ACS3-HMAC-SHA256 credential=ak,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=x;host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host;host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=Host,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=host;,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256 Credential=a k,SignedHeaders=host,Signature=00")]
    [InlineData("acs")]
    [InlineData("acs ak")]
    [InlineData("acs :sig")]
    [InlineData("acs ak:")]
    public void Anything_else_under_a_known_scheme_is_malformed(string value)
    {
        var read = Read(value);
        Assert.IsType<AuthorizationHeader.Malformed>(read);
        Assert.Same(GatewayError.IncompleteSignature, read.Refusal(SignatureOptions.Default));
    }

    [Theory]
    [InlineData("ACS3-RSA-SHA256 Credential=ak,SignedHeaders=host,Signature=00")]
    [InlineData("ACS3-HMAC-SM3 Credential=ak,SignedHeaders=host,Signature=00")]
    [InlineData("ACS4-HMAC-SHA256 Credential=ak/20261123/cn/x/aliyun_v4_request,SignedHeaders=host,Signature=00")]
    [InlineData("acs3-hmac-sha256 Credential=ak,SignedHeaders=host,Signature=00")]
    [InlineData("Bearer abc")]
    [InlineData("Basic abc")]
    public void Another_scheme_is_unsupported(string value)
    {
        var read = Read(value);
        Assert.IsType<AuthorizationHeader.Unsupported>(read);
        Assert.Same(GatewayError.InvalidSignatureMethod, read.Refusal(new() { AllowRoa = true }));
    }

    [Theory]
    [InlineData("x-acs-bearer-token")]
    [InlineData("X-Acs-Zero-Trust-IdToken")]
    [InlineData("x-acs-signature-type")]
    public void A_token_in_a_header_of_its_own_is_unsupported(string name) =>
        Assert.IsType<AuthorizationHeader.Unsupported>(AuthorizationHeader.Read(Request((name, "t"))));

    [Fact]
    public void No_credentials_at_all_are_missing()
    {
        var read = AuthorizationHeader.Read(Request(("host", "h")));
        Assert.IsType<AuthorizationHeader.Missing>(read);
        Assert.Same(GatewayError.IncompleteSignature, read.Refusal(SignatureOptions.Default));
    }

    [Fact]
    public void Two_authorization_headers_are_malformed() => Assert.IsType<AuthorizationHeader.Malformed>(
        AuthorizationHeader.Read(Request(("Authorization", Good), ("authorization", Good))));

    [Fact]
    public void The_older_scheme_names_key_and_signature()
    {
        var read = Assert.IsType<AuthorizationHeader.Roa>(Read("acs ak:c2ln/+=="));
        Assert.Equal(("ak", "c2ln/+=="), (read.AccessKeyId.Value, read.Signature));
        Assert.Same(GatewayError.InvalidSignatureMethod, read.Refusal(SignatureOptions.Default));
        Assert.Null(read.Refusal(new() { AllowRoa = true }));
    }

    [Fact]
    public void The_list_of_signed_headers_and_the_fields_are_bounded()
    {
        Assert.IsType<AuthorizationHeader.Acs3>(Read(WithNames(64)));
        Assert.IsType<AuthorizationHeader.Malformed>(Read(WithNames(65)));
        Assert.IsType<AuthorizationHeader.Malformed>(Read(Good.Replace("=ak", "=" + new string('a', 257), StringComparison.Ordinal)));
        Assert.IsType<AuthorizationHeader.Malformed>(Read(new string('a', 257)));

        static string WithNames(int count) =>
            $"ACS3-HMAC-SHA256 Credential=ak,SignedHeaders={string.Join(';', Enumerable.Range(0, count).Select(i => $"h{i:d3}"))},Signature=00";
    }

    [Fact]
    public void Reading_never_throws() =>
        Gen.Select(Gen.OneOfConst("", "acs ", "ACS3-HMAC-SHA256 ", Good), Gen.String, Gen.Int[0, 90])
            .Sample((start, noise, at) =>
            {
                var value = start.Insert(Math.Min(at, start.Length), noise);
                _ = Read(value).Refusal(SignatureOptions.Default);
            });

    private static AuthorizationHeader Read(string value) => AuthorizationHeader.Read(Request(("Authorization", value)));

    private static SignedRequest Request(params (string Name, string Value)[] headers) =>
        new("GET", "/", [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))], default, 443);
}
