using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

public sealed class Acs3SignatureTests
{
    [Fact]
    public void A_request_signed_by_hand_verifies() => new HandSigned().AssertVerified();

    [Theory]
    [InlineData("host")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public void A_required_header_that_is_sent_and_not_signed_is_refused(string name) =>
        new HandSigned { SignedHeaders = HandSigned.UsualWithout(name) }.AssertRefused("IncompleteSignature");

    [Theory]
    [InlineData("host")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public void A_required_header_that_is_neither_sent_nor_signed_is_refused(string name) =>
        new HandSigned { Headers = HandSigned.UsualWithout(name) }.AssertRefused("IncompleteSignature");

    [Theory]
    [InlineData("x-acs-action")]
    [InlineData("X-Acs-Security-Token")]
    [InlineData("X-ACS-ANYTHING")]
    public void An_acs_header_outside_the_signature_is_refused(string name) => new HandSigned
    {
        Headers = [.. HandSigned.Usual(), (name, "x")],
        SignedHeaders = HandSigned.Usual(),
    }.AssertRefused("IncompleteSignature");

    [Fact]
    public void Other_headers_may_stay_outside_the_signature() => new HandSigned
    {
        Headers = [.. HandSigned.Usual(), ("content-type", "text/plain"), ("user-agent", "x")],
        SignedHeaders = HandSigned.Usual(),
    }.AssertVerified();

    [Fact]
    public void A_signed_header_that_did_not_arrive_is_refused() => new HandSigned
    {
        SignedHeaders = [.. HandSigned.Usual(), ("accept", "")],
    }.AssertRefused("IncompleteSignature");

    [Theory]
    [InlineData("host")]
    [InlineData("x-acs-date")]
    [InlineData("x-acs-signature-nonce")]
    [InlineData("x-acs-content-sha256")]
    public void A_header_with_one_meaning_may_not_come_twice(string name)
    {
        var twice = HandSigned.Usual().Single(h => h.Name == name);
        new HandSigned { Headers = [.. HandSigned.Usual(), twice], SignedHeaders = HandSigned.Usual() }.AssertRefused("IncompleteSignature");
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a, b")]
    public void A_repeated_header_is_signed_sorted_and_joined_with_or_without_a_space(string signed) => new HandSigned
    {
        Headers = [.. HandSigned.Usual(), ("x-acs-tag", " b"), ("X-Acs-Tag", "a ")],
        SignedHeaders = [.. HandSigned.Usual(), ("x-acs-tag", signed)],
    }.AssertVerified();

    [Fact]
    public void Header_values_are_trimmed_and_names_compared_without_case() => new HandSigned
    {
        Headers = [.. HandSigned.Usual().Select(h => (h.Name.ToUpperInvariant(), " \t" + h.Value + " "))],
        SignedHeaders = HandSigned.Usual(),
    }.AssertVerified();

    [Theory]
    [InlineData("a\nx-acs-b:c")]
    [InlineData("a\r")]
    [InlineData("a\0")]
    public void A_header_value_with_a_line_break_is_refused(string value) => new HandSigned
    {
        Headers = [.. HandSigned.Usual(), ("x-acs-a", value + "z")],
    }.AssertRefused("IncompleteSignature");

    [Theory]
    [InlineData("api.example", "api.example:443", 443)]
    [InlineData("api.example:443", "api.example", 443)]
    [InlineData("api.example:80", "api.example", 80)]
    [InlineData("[::1]", "[::1]:443", 443)]
    [InlineData("[::1]:443", "[::1]", 443)]
    public void The_default_port_may_be_signed_or_not(string sent, string signed, int port) => new HandSigned
    {
        DefaultPort = port,
        Headers = [.. HandSigned.UsualWithout("host"), ("host", sent)],
        SignedHeaders = [.. HandSigned.UsualWithout("host"), ("host", signed)],
    }.AssertVerified();

    [Theory]
    [InlineData("api.example", "api.example:80")]
    [InlineData("api.example:80", "api.example")]
    [InlineData("api.example:8443", "api.example")]
    [InlineData("api.example:0443", "api.example:443")]
    [InlineData("api.example", "other.example")]
    public void Another_port_or_host_is_another_request(string sent, string signed) => new HandSigned
    {
        Headers = [.. HandSigned.UsualWithout("host"), ("host", sent)],
        SignedHeaders = [.. HandSigned.UsualWithout("host"), ("host", signed)],
    }.AssertRefused("SignatureDoesNotMatch");

    [Theory]
    [InlineData("/a+b+c*d*e%7Ef%7Eg", "/a+b+c*d*e%7Ef%7Eg")]
    [InlineData("/a+b+c*d*e%7Ef%7Eg", "/a%20b%20c%2Ad%2Ae~f~g")]
    [InlineData("/a+b+c*d*e%7Ef%7Eg", "/a%20b+c%2Ad*e~f%7Eg")]
    [InlineData("", "/")]
    public void The_path_may_be_signed_raw_or_rewritten_wholly_or_once(string sent, string signed) =>
        new HandSigned { Target = sent + "?k=v", CanonicalPath = signed }.AssertVerified();

    [Theory]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a/../b", "/b")]
    [InlineData("/a//b", "/a/b")]
    [InlineData("/%61", "/a")]
    public void The_path_is_never_decoded_or_normalised(string sent, string signed) =>
        new HandSigned { Target = sent + "?k=v", CanonicalPath = signed }.AssertRefused("SignatureDoesNotMatch");

    [Theory]
    [InlineData("k%20y=a%20b", "k%20y=a%20b")]
    [InlineData("k+y=a+b", "k%20y=a%20b")]
    [InlineData("k+y=a+b", "k y=a%20b")]
    [InlineData("b=2&a=1&B=3&a=0", "B=3&a=1&a=0&b=2")]
    [InlineData("k", "k=")]
    [InlineData("&&k=&&", "k=")]
    [InlineData("=v", "=v")]
    [InlineData("k=a=b", "k=a%3Db")]
    [InlineData("k=%zz%4", "k=%25zz%254")]
    [InlineData("k=%ff%e5%b7%a5~*'()!", "k=%FF%E5%B7%A5~%2A%27%28%29%21")]
    [InlineData("\u5de5=\u5de5", "%E5%B7%A5=%E5%B7%A5")]
    [InlineData("%EF%BD%9E=1&%F0%90%80%80=2", "%EF%BD%9E=1&%F0%90%80%80=2")]
    [InlineData("%EF%BD%9E=1&%F0%90%80%80=2", "%F0%90%80%80=2&%EF%BD%9E=1")]
    [InlineData("%EF%BD%9E=1&%F0%90%80%80=2", "\uff5e=1&\U00010000=2")]
    [InlineData("%EF%BD%9E=1&%F0%90%80%80=2", "\U00010000=2&\uff5e=1")]
    [InlineData("%ED%9F%BF=1&%F0%90%80%80=2&%EE%80%80=3&%F0%90%80=4&z=5", "z=5&%ED%9F%BF=1&%F0%90%80=4&%F0%90%80%80=2&%EE%80%80=3")]
    public void The_query_is_decoded_sorted_and_written_in_any_of_the_clients_ways(string sent, string signed) =>
        new HandSigned { Target = "/a/b?" + sent, CanonicalQuery = signed }.AssertVerified();

    [Theory]
    [InlineData("a%3D1%26b=2", "a=1&b=2")]
    [InlineData("a%3D1=2", "a=1=2")]
    [InlineData("k%253D1=2", "k%3D1=2")]
    [InlineData("a%0Ab=2", "a\nb=2")]
    public void An_unescaped_key_never_stands_for_another_query(string sent, string signed) =>
        new HandSigned { Target = "/a/b?" + sent, CanonicalQuery = signed }.AssertRefused("SignatureDoesNotMatch");

    [Fact]
    public void Escaped_keys_may_hold_any_character() =>
        new HandSigned { Target = "/a/b?a%3D1%26b%0A=2", CanonicalQuery = "a%3D1%26b%0A=2" }.AssertVerified();

    [Fact]
    public void A_query_of_too_many_pairs_is_refused()
    {
        var most = string.Join('&', Enumerable.Range(0, 2048).Select(i => $"k{i:d5}="));
        new HandSigned { Target = "/a/b?" + most, CanonicalQuery = most }.AssertVerified();
        new HandSigned { Target = $"/a/b?{most}&z=", CanonicalQuery = most + "&z=" }.AssertRefused("InvalidQuery");
    }

    [Fact]
    public void A_huge_query_is_tried_in_its_first_form_and_not_hashed_for_ever()
    {
        var value = new string('v', 9 << 20);
        new HandSigned { Target = "/a/b?k%20=" + value, CanonicalQuery = "k%20=" + value }.AssertVerified();
        new HandSigned { Target = "/a/b?k%20=" + value, CanonicalQuery = "k =" + value }.AssertRefused("SignatureDoesNotMatch");
    }

    [Theory]
    [InlineData("PO ST", "/a/b?k=v")]
    [InlineData("POST\n/x", "/a/b?k=v")]
    [InlineData("POST", "/a/b\n?k=v")]
    [InlineData("POST", "/a/b?k=v w")]
    public void A_request_line_with_white_space_inside_is_refused(string method, string target) =>
        new HandSigned { Method = method, Target = target }.AssertRefused("InvalidQuery");

    [Fact]
    public void The_body_must_be_the_one_whose_hash_is_signed()
    {
        var body = "{\"a\":1}"u8.ToArray();
        new HandSigned { Body = body, Headers = HandSigned.Usual(body: body) }.AssertVerified();
        new HandSigned { Body = [], Headers = HandSigned.Usual(body: body) }.AssertRefused("SignatureDoesNotMatch");
        new HandSigned { Body = body, Headers = HandSigned.Usual(body: []) }.AssertRefused("SignatureDoesNotMatch");
    }

    [Fact]
    public void The_body_hash_is_taken_in_lower_case_only()
    {
        var headers = HandSigned.Usual();
        headers[1] = (headers[1].Name, headers[1].Value.ToUpperInvariant());
        new HandSigned { Headers = headers }.AssertRefused("SignatureDoesNotMatch");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(15 * 60, true)]
    [InlineData(15 * 60 + 1, false)]
    [InlineData(-15 * 60, true)]
    [InlineData(-15 * 60 - 1, false)]
    public void The_date_may_lie_a_quarter_of_an_hour_either_way(int secondsLate, bool accepted)
    {
        var verdict = new HandSigned().Verify(HandSigned.Now.AddSeconds(secondsLate));
        if (accepted)
        {
            Assert.IsType<SignatureVerdict.Verified>(verdict);
        }
        else
        {
            Assert.Equal(new SignatureVerdict.Refused(GatewayError.TimeStampExpired), verdict);
        }
    }

    [Fact]
    public void The_clock_window_can_be_set()
    {
        var options = new SignatureOptions { ClockWindow = TimeSpan.FromSeconds(5) };
        var verified = Assert.IsType<SignatureVerdict.Verified>(new HandSigned().Verify(HandSigned.Now.AddSeconds(5), options));
        Assert.Equal(HandSigned.Now.AddSeconds(5), verified.NonceKeepUntil);
        Assert.IsType<SignatureVerdict.Refused>(new HandSigned().Verify(HandSigned.Now.AddSeconds(6), options));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-23 14:21:46Z")]
    [InlineData("2026-11-23T14:21:46")]
    [InlineData("2026-11-23T14:21:46.000Z")]
    [InlineData("2026-11-23T14:21:46+00:00")]
    [InlineData("2026-11-23T14:21Z")]
    [InlineData("2026-13-23T14:21:46Z")]
    [InlineData("20261123T142146Z")]
    [InlineData("Mon, 23 Nov 2026 14:21:46 GMT")]
    public void A_date_in_any_other_format_is_refused(string date) =>
        new HandSigned { Headers = HandSigned.Usual(date) }.AssertRefused("InvalidTimeStamp.Format");

    [Theory]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [InlineData(0, false)]
    public void A_nonce_has_between_one_and_128_characters(int length, bool accepted)
    {
        var request = new HandSigned { Headers = HandSigned.Usual(nonce: new string('n', length)) };
        if (accepted)
        {
            request.AssertVerified();
        }
        else
        {
            request.AssertRefused("InvalidSignatureNonce");
        }
    }

    [Fact]
    public void A_mismatch_repeats_nothing_of_the_request_unless_asked_to()
    {
        var request = new HandSigned { Target = "/a/b?k=private", CanonicalQuery = "k=other" };
        Assert.Equal(new SignatureVerdict.Refused(GatewayError.SignatureDoesNotMatch), request.Verify());
        Assert.Equal("Specified signature does not match our calculation.", GatewayError.SignatureDoesNotMatch.Message);

        var explained = Assert.IsType<SignatureVerdict.Refused>(request.Verify(options: new() { ExplainMismatch = true })).Error;
        Assert.Equal("SignatureDoesNotMatch", explained.Code);
        Assert.Contains("server StringToSign is [ACS3-HMAC-SHA256\n", explained.Message, StringComparison.Ordinal);
        Assert.Contains("server CanonicalRequest is [POST\n/a/b\nk=private\n", explained.Message, StringComparison.Ordinal);
    }
}
