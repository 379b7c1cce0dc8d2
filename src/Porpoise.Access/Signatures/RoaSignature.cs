using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Porpoise.Access.Signatures;

/// <summary>
/// The older resource-oriented signature. It covers all <c>x-acs-*</c> headers by rule rather than by list, and of the
/// others only <c>Accept</c>, <c>Content-MD5</c>, <c>Content-Type</c> and <c>Date</c>.
/// </summary>
internal static class RoaSignature
{
    private const string Method = "HMAC-SHA1";

    public static SignatureVerdict Verify(
        SignedRequest request, AuthorizationHeader.Signed claim, ReadOnlySpan<byte> secret, DateTimeOffset now, SignatureOptions options)
    {
        if (AcsHeaders(request) is not { } acs || !Fields.TryRead(request, out var fields) || fields.Date is null || fields.Nonce is null)
        {
            return new SignatureVerdict.Refused(GatewayError.IncompleteSignature);
        }
        if (fields.SignatureMethod is not null and not Method)
        {
            return new SignatureVerdict.Refused(GatewayError.InvalidSignatureMethod);
        }
        if (!SignatureVerifier.IsNonce(fields.Nonce))
        {
            return new SignatureVerdict.Refused(GatewayError.Invalid("SignatureNonce"));
        }
        if (!DateTimeOffset.TryParseExact(fields.Date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return new SignatureVerdict.Refused(GatewayError.TimeStampFormat);
        }
        if (!SignatureVerifier.IsInWindow(date, now, options))
        {
            return new SignatureVerdict.Refused(GatewayError.TimeStampExpired);
        }
        if (BodyRefusal(fields.ContentMd5, request.Body.Span, options) is { } refusal)
        {
            return new SignatureVerdict.Refused(refusal);
        }
        if (!request.HasPlainRequestLine || SignedQuery.Parse(request.RawQuery) is not { KeysMayBeRaw: true } query)
        {
            return new SignatureVerdict.Refused(GatewayError.Invalid("Query"));
        }
        return Matches(request, fields, acs, query, secret, claim.Signature)
            ? SignatureVerifier.Verified(fields.Nonce, date, options)
            : new SignatureVerdict.Refused(Mismatch(request, options));
    }

    public static IReadOnlyList<Explanation> Explain(SignedRequest request)
    {
        var explanations = new List<Explanation>();
        if (AcsHeaders(request) is not { } acs || !Fields.TryRead(request, out var fields) ||
            SignedQuery.Parse(request.RawQuery) is not { } query)
        {
            return explanations;
        }
        using var text = new Utf8Buffer(1024);
        foreach (var (order, equalsAfterEmpty) in Forms(query))
        {
            Write(text, request, fields, acs, query, order, equalsAfterEmpty);
            var form = equalsAfterEmpty ? "ROA-v2 empty-with-eq" : "ROA-v2 empty-without-eq";
            explanations.Add(new Explanation(order == KeyOrder.Utf16 ? form + "/utf16" : form, null, text.ToString()));
        }
        return explanations;
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol is HMAC-SHA1; it is off unless the operator asks for it.")]
    private static bool Matches(
        SignedRequest request, Fields fields, SortedList<string, string> acs, SignedQuery query, ReadOnlySpan<byte> secret, string claimed)
    {
        using var text = new Utf8Buffer(1024);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Span<char> signature = stackalloc char[28];
        foreach (var (order, equalsAfterEmpty) in Forms(query))
        {
            Write(text, request, fields, acs, query, order, equalsAfterEmpty);
            HMACSHA1.HashData(secret, text.Written, mac);
            Convert.TryToBase64Chars(mac, signature, out _);
            if (CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(signature), MemoryMarshal.AsBytes(claimed.AsSpan())))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Clients disagree about an empty value (<c>k</c> or <c>k=</c>) and, outside the basic plane, about the order.</summary>
    private static IEnumerable<(KeyOrder Order, bool EqualsAfterEmpty)> Forms(SignedQuery query)
    {
        yield return (KeyOrder.Bytes, false);
        if (query.HasEmptyValue)
        {
            yield return (KeyOrder.Bytes, true);
        }
        if (query.OrdersDiffer)
        {
            yield return (KeyOrder.Utf16, false);
        }
        if (query.OrdersDiffer && query.HasEmptyValue)
        {
            yield return (KeyOrder.Utf16, true);
        }
    }

    private static void Write(
        Utf8Buffer text, SignedRequest request, Fields fields, SortedList<string, string> acs, SignedQuery query, KeyOrder order, bool equalsAfterEmpty)
    {
        text.Clear();
        AddLine(text, request.Method);
        AddLine(text, fields.Accept);
        AddLine(text, fields.ContentMd5);
        AddLine(text, fields.ContentType);
        AddLine(text, fields.Date);
        for (var i = 0; i < acs.Count; i++)
        {
            text.Add(acs.GetKeyAtIndex(i));
            text.Add((byte)':');
            AddLine(text, acs.GetValueAtIndex(i));
        }
        text.Add(request.RawPath);
        query.UseOrder(order);
        query.WriteRaw(text, equalsAfterEmpty);
    }

    private static void AddLine(Utf8Buffer text, string? line)
    {
        text.Add(line);
        text.Add((byte)'\n');
    }

    /// <summary>Lower-case name to value; null when one came twice, for then only one of the two would be covered.</summary>
    private static SortedList<string, string>? AcsHeaders(SignedRequest request)
    {
        var acs = new SortedList<string, string>(16, StringComparer.Ordinal);
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith(SignedHeaderNames.Prefix, StringComparison.OrdinalIgnoreCase) &&
                !acs.TryAdd(name.ToLowerInvariant(), OneLine(value)))
            {
                return null;
            }
        }
        return acs;
    }

    private static string OneLine(string value) =>
        value.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ').Replace('\f', ' ').Trim(' ');

    [SuppressMessage("Security", "CA5351", Justification = "Content-MD5 is part of the protocol; it detects a changed body, the signature covers the header.")]
    private static GatewayError? BodyRefusal(string? contentMd5, ReadOnlySpan<byte> body, SignatureOptions options)
    {
        if (contentMd5 is null or "")
        {
            return options.RoaRequiresContentMd5 && !body.IsEmpty ? GatewayError.IncompleteSignature : null;
        }
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(body, hash);
        Span<char> text = stackalloc char[24];
        Convert.TryToBase64Chars(hash, text, out _);
        return text.SequenceEqual(contentMd5) ? null : GatewayError.ContentMd5NotMatched;
    }

    private static GatewayError Mismatch(SignedRequest request, SignatureOptions options)
    {
        var error = GatewayError.RoaSignatureDoesNotMatch;
        return options.ExplainMismatch && Explain(request) is [var first, ..]
            ? error with { Message = $"{error.Message} server string to sign is:{first.StringToSign}" }
            : error;
    }

    private readonly record struct Fields(
        string? Accept, string? ContentMd5, string? ContentType, string? Date, string? Nonce, string? SignatureMethod)
    {
        public static bool TryRead(SignedRequest request, out Fields fields)
        {
            fields = default;
            if (!TryLine(request, "accept", out var accept) || !TryLine(request, "content-md5", out var contentMd5) ||
                !TryLine(request, "content-type", out var contentType) || !TryLine(request, "date", out var date) ||
                !TryLine(request, SignedHeaderNames.Nonce, out var nonce) ||
                !TryLine(request, SignedHeaderNames.SignatureMethod, out var method))
            {
                return false;
            }
            fields = new Fields(accept, contentMd5, contentType, date, nonce, method);
            return true;
        }

        private static bool TryLine(SignedRequest request, string name, out string? value)
        {
            var single = request.TryGetSingle(name, out value);
            value = value is null ? null : OneLine(value);
            return single;
        }
    }
}
