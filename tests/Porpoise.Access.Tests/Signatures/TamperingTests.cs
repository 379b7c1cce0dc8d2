using System.Text;
using CsCheck;
using Porpoise.Access.Signatures;

namespace Porpoise.Access.Tests.Signatures;

/// <summary>
/// Changes single characters of genuine requests. Whatever a signature covers must not survive a change, unless the change
/// only spells the same request differently (<c>%e5</c> for <c>%E5</c>), which <see cref="Meaning"/> decides on its own.
/// </summary>
public sealed class TamperingTests
{
    private static readonly SignatureOptions WithRoa = new() { AllowRoa = true };

    public static TheoryData<string> Captures => [.. GoldenCapture.Accepted.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Changing_any_one_character_of_what_is_signed_is_refused(string name)
    {
        var capture = GoldenCapture.Named(name);
        foreach (var part in Parts(capture))
        {
            // Every place, except in the one capture of many kilobytes, where every so many will do.
            for (var at = 0; at < part.Text.Length; at += 1 + (part.Text.Length / 2000))
            {
                AssertRefused(capture, part, at, (char)(part.Text[at] ^ 1));
            }
        }
    }

    [Fact]
    public void Changing_a_random_character_to_any_other_is_refused()
    {
        var parts = GoldenCapture.Accepted.SelectMany(c => Parts(c).Select(p => (Capture: c, Part: p))).Where(x => x.Part.Text.Length > 0).ToArray();
        Gen.Select(Gen.OneOfConst(parts), Gen.Int[0, int.MaxValue], Gen.Char['!', '~'])
            .Sample((x, at, to) => AssertRefused(x.Capture, x.Part, at % x.Part.Text.Length, to), iter: 20_000);
    }

    [Fact]
    public void Adding_or_removing_a_query_parameter_is_refused()
    {
        foreach (var capture in GoldenCapture.Accepted)
        {
            var target = capture.Request.RawTarget;
            var join = target.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            Assert.False(IsVerified(capture, capture.Request with { RawTarget = target + join + "x=1" }), capture.Name);
            if (target.LastIndexOfAny(['&', '?']) is >= 0 and var last)
            {
                Assert.False(IsVerified(capture, capture.Request with { RawTarget = target[..last] }), capture.Name);
            }
        }
    }

    [Fact]
    public void Adding_to_the_body_is_refused_wherever_the_body_is_signed()
    {
        foreach (var capture in GoldenCapture.Accepted.Where(c => !c.IsRoa || c.Header("content-md5") is not null))
        {
            Assert.False(IsVerified(capture, capture.Request with { Body = (byte[])[.. capture.Request.Body.Span, 0] }), capture.Name);
        }
    }

    private static void AssertRefused(GoldenCapture capture, Part part, int at, char to)
    {
        var changed = part.Text[..at] + to + part.Text[(at + 1)..];
        if (changed == part.Text)
        {
            return;
        }
        var request = part.Put(changed);
        if (Meaning(request.RawTarget) == Meaning(capture.Request.RawTarget) && part.Name == "target")
        {
            return;
        }
        Assert.False(IsVerified(capture, request), $"{capture.Name}: {part.Name} verifies as {changed}");
    }

    private static bool IsVerified(GoldenCapture capture, SignedRequest request) =>
        AuthorizationHeader.Read(request) is AuthorizationHeader.Signed claim &&
        SignatureVerifier.Verify(request, claim, Encoding.UTF8.GetBytes(capture.Secret), capture.Date, WithRoa) is SignatureVerdict.Verified;

    /// <summary>Every text the signature covers, and how to put a changed one back. The key id is not covered: it only names the secret.</summary>
    private static IEnumerable<Part> Parts(GoldenCapture capture)
    {
        var request = capture.Request;
        yield return new("method", request.Method, text => request with { Method = text });
        yield return new("target", request.RawTarget, text => request with { RawTarget = text });
        if (!capture.IsRoa)
        {
            var body = Encoding.Latin1.GetString(request.Body.Span);
            yield return new("body", body, text => request with { Body = Encoding.Latin1.GetBytes(text) });
        }
        var signed = AuthorizationHeader.Read(request) is AuthorizationHeader.Acs3 acs3
            ? acs3.SignedHeaders
            : ["accept", "content-md5", "content-type", "date", .. request.Headers.Select(h => h.Key).Where(n => n.StartsWith("x-acs-", StringComparison.Ordinal))];
        for (var i = 0; i < request.Headers.Count; i++)
        {
            var (index, name, value) = (i, request.Headers[i].Key, request.Headers[i].Value.Trim());
            if (signed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return new(name, value, text => With(request, index, text));
            }
            else if (name.Equals("authorization", StringComparison.OrdinalIgnoreCase))
            {
                var afterKeyId = value.IndexOf(capture.AccessKeyId!, StringComparison.Ordinal) + capture.AccessKeyId!.Length + 1;
                yield return new("signature", value[afterKeyId..], text => With(request, index, value[..afterKeyId] + text));
            }
        }
    }

    private static SignedRequest With(SignedRequest request, int index, string value)
    {
        var headers = request.Headers.ToList();
        headers[index] = new(headers[index].Key, value);
        return request with { Headers = headers };
    }

    /// <summary>What a server reads out of a target: the path as sent and the decoded pairs, in an order that does not depend on the wire.</summary>
    private static string Meaning(string target)
    {
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var pairs = (question < 0 ? "" : target[(question + 1)..]).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2))
            .Select(p => (Key: Bytes(p[0]), Value: Bytes(p.Length > 1 ? p[1] : "")))
            .OrderBy(p => p.Key, StringComparer.Ordinal);
        path = path.Length == 0 ? "/" : path; // as the signature takes it
        return path + "?" + string.Join('|', pairs.Select(p => p.Key + "=" + p.Value));
    }

    private static string Bytes(string text) =>
        Convert.ToHexString(System.Net.WebUtility.UrlDecodeToBytes(Encoding.ASCII.GetBytes(text), 0, text.Length)!);

    private sealed record Part(string Name, string Text, Func<string, SignedRequest> Put);
}
