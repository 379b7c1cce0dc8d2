using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Porpoise.Client;

/// <summary>
/// Signs requests with ACS3-HMAC-SHA256, in the way the vendor's own Node client does: the covered headers are
/// <c>host</c>, <c>content-type</c> and every <c>x-acs-*</c>. Pure: date and nonce are given, so the same input gives
/// the same signature.
/// </summary>
public static class AcsSigner
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>Characters that make an unescaped key ambiguous inside the signed text.</summary>
    private static readonly SearchValues<char> Delimiters = SearchValues.Create(
        "%=&\u007f" + string.Concat(Enumerable.Range(0, ' ').Select(c => (char)c)));

    /// <summary>Signs one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="credentials">The key to sign with.</param>
    /// <param name="date">The time of sending; servers refuse a request more than a quarter of an hour off their clock.</param>
    /// <param name="nonce">A text never used before with this key, at most 128 characters: a server takes it once.</param>
    public static AcsSignature Sign(AcsRequest request, AcsCredentials credentials, DateTimeOffset date, string nonce)
    {
        var contentSha256 = Convert.ToHexStringLower(SHA256.HashData(request.Body.Span));
        var headers = Headers(request, credentials, date, nonce, contentSha256);
        var signed = headers
            .Where(h => h.Key is "host" or "content-type" || h.Key.StartsWith("x-acs-", StringComparison.Ordinal))
            .OrderBy(h => h.Key, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(';', signed.Select(h => h.Key));

        var canonical = new StringBuilder()
            .Append(request.Method).Append('\n')
            .Append(CanonicalPath(request.Path)).Append('\n')
            .Append(CanonicalQuery(request.Query)).Append('\n');
        foreach (var (name, value) in signed)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }
        canonical.Append('\n').Append(names).Append('\n').Append(contentSha256);

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        var mac = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(credentials.AccessKeySecret), Encoding.UTF8.GetBytes(Algorithm + "\n" + hash));
        headers.Add(new(
            "Authorization",
            $"{Algorithm} Credential={credentials.AccessKeyId},SignedHeaders={names},Signature={Convert.ToHexStringLower(mac)}"));
        return new AcsSignature(headers, EncodedQuery(request.Query));
    }

    private static List<KeyValuePair<string, string>> Headers(
        AcsRequest request, AcsCredentials credentials, DateTimeOffset date, string nonce, string contentSha256)
    {
        var headers = new List<KeyValuePair<string, string>>
        {
            new("host", request.Host),
            new("x-acs-version", request.Version),
            new("x-acs-date", date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new("x-acs-signature-nonce", nonce),
            new("x-acs-content-sha256", contentSha256),
            new("x-acs-credentials-provider", credentials.SecurityToken is null ? "static_ak" : "static_sts"),
            new("accept", "application/json"),
        };
        if (request.Action is { } action)
        {
            headers.Add(new("x-acs-action", action));
        }
        if (credentials.SecurityToken is { } token)
        {
            headers.Add(new("x-acs-accesskey-id", credentials.AccessKeyId));
            headers.Add(new("x-acs-security-token", token));
        }
        if (request.ContentType is { } contentType)
        {
            headers.Add(new("content-type", contentType));
        }
        foreach (var (name, value) in request.Headers)
        {
            headers.Add(new(name.ToLowerInvariant(), value.Trim()));
        }
        return headers;
    }

    private static string CanonicalPath(string path) => path.Length == 0
        ? "/"
        : path.Replace("+", "%20", StringComparison.Ordinal)
            .Replace("*", "%2A", StringComparison.Ordinal)
            .Replace("%7E", "~", StringComparison.Ordinal);

    /// <summary>
    /// The Node client signs keys unescaped and sorts them by UTF-16 unit. A key with a character that the signed
    /// text also uses as punctuation would be ambiguous so; then all keys are escaped, as the documentation has it.
    /// </summary>
    private static string CanonicalQuery(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var escapeKeys = query.Any(pair => pair.Key.AsSpan().ContainsAny(Delimiters));
        return string.Join('&', query
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (escapeKeys ? Uri.EscapeDataString(pair.Key) : pair.Key) + "=" + Uri.EscapeDataString(pair.Value)));
    }

    private static string EncodedQuery(IReadOnlyList<KeyValuePair<string, string>> query) =>
        string.Join('&', query.Select(pair => Uri.EscapeDataString(pair.Key) + "=" + Uri.EscapeDataString(pair.Value)));
}
