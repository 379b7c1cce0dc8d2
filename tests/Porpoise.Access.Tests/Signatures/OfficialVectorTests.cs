using System.Text;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

/// <summary>Published or measured signatures, written out so that a failure shows which line of the text moved.</summary>
public sealed class OfficialVectorTests
{
    private const string NoBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d",
        "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259", "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")]
    [InlineData("2023-10-26T09:01:01Z", "d410180a5abf7fe235dd9b74aca91fc0",
        "29622f5feb1e9fcaaa2e276a72889c975f7b16f00e02be1ca34965b18cd85015", "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804")]
    public void The_published_RunInstances_example(string date, string nonce, string canonicalSha256, string signature)
    {
        var request = new SignedRequest(
            "POST", "/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            [
                new("x-acs-date", date), new("x-acs-signature-nonce", nonce), new("x-acs-action", "RunInstances"),
                new("Host", "ecs.cn-shanghai.aliyuncs.com"), new("x-acs-version", "2014-05-26"), new("x-acs-content-sha256", NoBody),
                new("Authorization", "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;" +
                    $"x-acs-date;x-acs-signature-nonce;x-acs-version,Signature={signature}"),
            ],
            default, 443);

        AssertVerifies(request, "YourAccessKeySecret", canonicalSha256);
    }

    [Fact]
    public void StartProcessInstance_as_the_Node_client_sends_it()
    {
        var request = new SignedRequest(
            "POST",
            "/dolphinscheduler/projects/w-d87ca8d6f7d1abcd/executors/start-process-instance?productNamespace=SS&processDefinitionCode=14723314677472" +
            "&isProd=true&versionHashCode=dwerf&versionNumber=1&comments=retry&interval=5&email=a%40b.example&runtimeQueue=root_queue&action=start&regionId=cn-hangzhou",
            [
                new("host", "127.0.0.1:37463"), new("x-acs-version", "2023-08-08"), new("x-acs-action", "StartProcessInstance"),
                new("user-agent", "AlibabaCloud"), new("x-acs-date", "2026-11-23T14:21:46Z"),
                new("x-acs-signature-nonce", "434e18b303c638ad079596f618c82eb592d95fe821a3468a882abbad03e67f87"),
                new("accept", "application/json"), new("x-acs-content-sha256", NoBody), new("x-acs-credentials-provider", "static_ak"),
                new("Authorization", "ACS3-HMAC-SHA256 Credential=LTAI5tFAKEFAKEFAKEGOLDEN,SignedHeaders=host;x-acs-action;x-acs-content-sha256;" +
                    "x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version," +
                    "Signature=0094fd9c92587300c625b9df42326b61f9fe15eb74fb8125beb6b374477b7bd4"),
            ],
            default, 80);

        AssertVerifies(request, "FakeSecretFakeSecretFakeSecret00", "606718f4865601497a1e610c2b79bacabfe27aa6fabc6dd10219ed827aa23e80");
    }

    [Fact]
    public void The_older_signature_as_pop_core_sends_it()
    {
        var request = new SignedRequest(
            "POST",
            "/dolphinscheduler/projects/w-d87ca8d6f7d1abcd/executors/start-process-instance?productNamespace=SS&sp=a%20b&plus=a%2Bb&star=*&cn=%E5%B7%A5",
            [
                new("accept", "application/json"), new("date", "Mon, 23 Nov 2026 14:21:46 GMT"), new("host", "127.0.0.1"),
                new("x-acs-signature-nonce", "216cfc286ccaf57c1db81e42e821150e"), new("x-acs-version", "2023-08-08"),
                new("x-acs-signature-method", "HMAC-SHA1"), new("x-acs-signature-version", "1.0"),
                new("content-type", "application/json"), new("content-md5", "4Pp0Qwk2qOLdNzbarL2hXQ=="),
                new("authorization", "acs LTAI5tFAKEFAKEFAKEGOLDEN:XX6loCTAUoRglWjK5YLQTu+TVL8="),
            ],
            default, 80);
        var claim = Assert.IsType<AuthorizationHeader.Roa>(AuthorizationHeader.Read(request));
        var text = Assert.Single(SignatureVerifier.Explain(request, claim)).StringToSign;

        // The body behind this published MD5 is not on record, so the text is checked here and bodies are elsewhere.
        Assert.Equal(
            "POST\napplication/json\n4Pp0Qwk2qOLdNzbarL2hXQ==\napplication/json\nMon, 23 Nov 2026 14:21:46 GMT\n" +
            "x-acs-signature-method:HMAC-SHA1\nx-acs-signature-nonce:216cfc286ccaf57c1db81e42e821150e\nx-acs-signature-version:1.0\n" +
            "x-acs-version:2023-08-08\n/dolphinscheduler/projects/w-d87ca8d6f7d1abcd/executors/start-process-instance" +
            "?cn=\u5de5&plus=a+b&productNamespace=SS&sp=a b&star=*",
            text);
        Assert.Equal(claim.Signature, OldHashes.HmacSha1("FakeSecretFakeSecretFakeSecret00", text));
    }

    private static void AssertVerifies(SignedRequest request, string secret, string canonicalSha256)
    {
        var claim = Assert.IsType<AuthorizationHeader.Acs3>(AuthorizationHeader.Read(request));
        Assert.Equal("ACS3-HMAC-SHA256\n" + canonicalSha256, SignatureVerifier.Explain(request, claim)[0].StringToSign);
        var date = DateTimeOffset.Parse(
            request.Headers.Single(h => h.Key == "x-acs-date").Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.IsType<SignatureVerdict.Verified>(
            SignatureVerifier.Verify(request, claim, Encoding.UTF8.GetBytes(secret), date, SignatureOptions.Default));
    }
}
