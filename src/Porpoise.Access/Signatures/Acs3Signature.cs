using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Access.Signatures;

/// <summary>
/// Signature version 3. The covered headers are whatever the client lists, under two rules: what the server relies on must
/// be listed, and no <c>x-acs-*</c> header may travel unlisted.
/// </summary>
internal static class Acs3Signature
{
    /// <summary>
    /// Most bytes of canonical text hashed for one request. The first form is always tried; the bound only keeps
    /// a huge query from being hashed a few dozen times for a caller who merely knows a key id.
    /// </summary>
    private const int CandidateBytesMax = 8 << 20;

    private const string DateFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string EmptyBodySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly HeaderForm[] HeaderForms = Enum.GetValues<HeaderForm>();
    private static readonly PathForm[] PathForms = Enum.GetValues<PathForm>();

    public static SignatureVerdict Verify(
        SignedRequest request, AuthorizationHeader.Acs3 claim, ReadOnlySpan<byte> secret, DateTimeOffset now, SignatureOptions options)
    {
        if (CoveredHeaders.Read(request, claim) is not { } headers)
        {
            return new SignatureVerdict.Refused(GatewayError.IncompleteSignature);
        }
        if (!SignatureVerifier.IsNonce(headers.Nonce))
        {
            return new SignatureVerdict.Refused(GatewayError.Invalid("SignatureNonce"));
        }
        if (!DateTimeOffset.TryParseExact(headers.Date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return new SignatureVerdict.Refused(GatewayError.TimeStampFormat);
        }
        if (!SignatureVerifier.IsInWindow(date, now, options))
        {
            return new SignatureVerdict.Refused(GatewayError.TimeStampExpired);
        }
        if (!request.HasPlainRequestLine || SignedQuery.Parse(request.RawQuery) is not { } query)
        {
            return new SignatureVerdict.Refused(GatewayError.Invalid("Query"));
        }
        return IsBodyHash(headers.ContentSha256, request.Body.Span) && Matches(request, claim, headers, query, secret)
            ? SignatureVerifier.Verified(headers.Nonce, date, options)
            : new SignatureVerdict.Refused(Mismatch(request, claim, options));
    }

    public static IReadOnlyList<Explanation> Explain(SignedRequest request, AuthorizationHeader.Acs3 claim)
    {
        var explanations = new List<Explanation>();
        if (CoveredHeaders.Read(request, claim) is not { } headers || SignedQuery.Parse(request.RawQuery) is not { } query)
        {
            return explanations;
        }
        using var text = new Utf8Buffer(2048);
        Span<byte> toSign = stackalloc byte[StringToSignLength];
        foreach (var form in Forms(request, headers, query))
        {
            Write(text, request, claim, headers, query, form);
            WriteStringToSign(text.Written, toSign);
            explanations.Add(new Explanation(form.ToString(), text.ToString(), Encoding.ASCII.GetString(toSign)));
        }
        return explanations;
    }

    private static bool Matches(
        SignedRequest request, AuthorizationHeader.Acs3 claim, CoveredHeaders headers, SignedQuery query, ReadOnlySpan<byte> secret)
    {
        using var text = new Utf8Buffer(2048);
        Span<byte> toSign = stackalloc byte[StringToSignLength];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<char> signature = stackalloc char[HMACSHA256.HashSizeInBytes * 2];
        var hashed = 0;
        foreach (var form in Forms(request, headers, query))
        {
            Write(text, request, claim, headers, query, form);
            if (hashed > 0 && hashed + text.Length > CandidateBytesMax)
            {
                return false;
            }
            hashed += text.Length;
            WriteStringToSign(text.Written, toSign);
            HMACSHA256.HashData(secret, toSign, mac);
            Convert.TryToHexStringLower(mac, signature, out _);
            // Compared as text, so that another spelling of the same number is not the same signature.
            if (CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(signature), MemoryMarshal.AsBytes(claim.Signature.AsSpan())))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The forms that can differ for this request, most usual first; forms that would repeat a text are left out.</summary>
    private static IEnumerable<CanonicalForm> Forms(SignedRequest request, CoveredHeaders headers, SignedQuery query)
    {
        foreach (var header in HeaderForms)
        {
            if (!headers.Has(header))
            {
                continue;
            }
            foreach (var path in PathForms)
            {
                if (!PathDiffers(request, path))
                {
                    continue;
                }
                yield return new(header, path, KeyForm.Encoded, KeyOrder.Bytes);
                var raw = query.KeysNeedEncoding && query.KeysMayBeRaw;
                if (raw)
                {
                    yield return new(header, path, KeyForm.Raw, KeyOrder.Bytes);
                }
                if (query.OrdersDiffer)
                {
                    yield return new(header, path, KeyForm.Encoded, KeyOrder.Utf16);
                }
                if (raw && query.OrdersDiffer)
                {
                    yield return new(header, path, KeyForm.Raw, KeyOrder.Utf16);
                }
            }
        }
    }

    private static bool PathDiffers(SignedRequest request, PathForm form) => form switch
    {
        PathForm.RewriteAll => !request.RawPath.SequenceEqual(Rewritten(request.RawPath, PathForm.RewriteAll)),
        PathForm.RewriteFirst => !Rewritten(request.RawPath, form).SequenceEqual(Rewritten(request.RawPath, PathForm.RewriteAll)),
        _ => true,
    };

    private static ReadOnlySpan<char> Rewritten(ReadOnlySpan<char> path, PathForm form)
    {
        if (form == PathForm.Raw || (path.IndexOfAny('+', '*') < 0 && !path.Contains("%7E", StringComparison.Ordinal)))
        {
            return path;
        }
        var text = path.ToString();
        return form == PathForm.RewriteAll
            ? text.Replace("+", "%20", StringComparison.Ordinal).Replace("*", "%2A", StringComparison.Ordinal).Replace("%7E", "~", StringComparison.Ordinal)
            : ReplaceFirst(ReplaceFirst(ReplaceFirst(text, "+", "%20"), "*", "%2A"), "%7E", "~");
    }

    private static string ReplaceFirst(string text, string old, string with)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at), with, text.AsSpan(at + old.Length));
    }

    private static void Write(
        Utf8Buffer text, SignedRequest request, AuthorizationHeader.Acs3 claim, CoveredHeaders headers, SignedQuery query, CanonicalForm form)
    {
        text.Clear();
        text.Add(request.Method);
        text.Add((byte)'\n');
        text.Add(Rewritten(request.RawPath, form.Path));
        text.Add((byte)'\n');
        query.UseOrder(form.Order);
        query.Write(text, form.Keys);
        text.Add((byte)'\n');
        headers.Write(text, form.Headers);
        text.Add((byte)'\n');
        text.Add(claim.SignedHeaderList);
        text.Add((byte)'\n');
        text.Add(headers.ContentSha256);
    }

    private static int StringToSignLength => "ACS3-HMAC-SHA256\n"u8.Length + SHA256.HashSizeInBytes * 2;

    private static void WriteStringToSign(ReadOnlySpan<byte> canonicalRequest, Span<byte> into)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonicalRequest, hash);
        "ACS3-HMAC-SHA256\n"u8.CopyTo(into);
        Convert.TryToHexStringLower(hash, into["ACS3-HMAC-SHA256\n"u8.Length..], out _);
    }

    private static bool IsBodyHash(string claimed, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return claimed == EmptyBodySha256;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> hex = stackalloc char[SHA256.HashSizeInBytes * 2];
        SHA256.HashData(body, hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        return hex.SequenceEqual(claimed);
    }

    private static GatewayError Mismatch(SignedRequest request, AuthorizationHeader.Acs3 claim, SignatureOptions options)
    {
        var error = GatewayError.SignatureDoesNotMatch;
        if (!options.ExplainMismatch || Explain(request, claim) is not [var first, ..])
        {
            return error;
        }
        return error with
        {
            Message = $"{error.Message} server StringToSign is [{first.StringToSign}] server CanonicalRequest is [{first.CanonicalRequest}]",
        };
    }
}
