using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Porpoise.Client;

/// <summary>
/// Signs every request an <see cref="HttpClient"/> sends, with a fresh nonce and date each time it passes through, so a
/// retrying handler outside of this one is safe. Name the operation by a request header <c>x-acs-action</c> if
/// the server wants one; any <c>x-acs-*</c> header already on the request is signed with the rest.
/// </summary>
public sealed class SigningHandler : DelegatingHandler
{
    private static readonly string[] OwnHeaders =
    [
        "Authorization", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256", "x-acs-credentials-provider",
        "x-acs-accesskey-id", "x-acs-security-token",
    ];

    private readonly AcsCredentials _credentials;
    private readonly TimeProvider _clock;
    private readonly Func<string> _nonce;

    /// <summary>Creates a handler for one access key.</summary>
    /// <param name="credentials">The key to sign with.</param>
    /// <param name="clock">Where dates come from; the system clock when null.</param>
    /// <param name="nonce">Where nonces come from; 256 random bits in hex when null.</param>
    public SigningHandler(AcsCredentials credentials, TimeProvider? clock = null, Func<string>? nonce = null)
    {
        _credentials = credentials;
        _clock = clock ?? TimeProvider.System;
        _nonce = nonce ?? (() => RandomNumberGenerator.GetHexString(64, lowercase: true));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Reading keeps the bytes inside the content, so they are sent from there afterwards.
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Sign(request, body);
        return await base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = Array.Empty<byte>();
        if (request.Content is { } content)
        {
            // Content cannot be buffered in place without awaiting; a copy takes its part.
            using var copy = new MemoryStream();
            content.CopyTo(copy, null, cancellationToken);
            body = copy.ToArray();
            request.Content = new ByteArrayContent(body);
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                request.Content.Headers.TryAddWithoutValidation(name, values);
            }
            content.Dispose();
        }
        Sign(request, body);
        return base.Send(request, cancellationToken);
    }

    private void Sign(HttpRequestMessage request, byte[] body)
    {
        var uri = request.RequestUri ?? throw new InvalidOperationException("The request has no address to sign.");
        foreach (var name in OwnHeaders)
        {
            request.Headers.Remove(name);
        }
        var signature = AcsSigner.Sign(
            new AcsRequest
            {
                Method = request.Method.Method,
                Host = request.Headers.Host ?? HostOf(uri),
                Path = uri.AbsolutePath,
                Query = Pairs(uri.Query),
                Body = body,
                ContentType = ContentType(request.Content?.Headers),
                Version = Value(request.Headers, "x-acs-version") ?? AcsRequest.DefaultVersion,
                Headers = OtherAcsHeaders(request.Headers),
            },
            _credentials, _clock.GetUtcNow(), _nonce());
        foreach (var (name, value) in signature.Headers)
        {
            // The content brings its own type, and a type the caller would rather accept stands: neither was changed by signing.
            if (name is "content-type" || (name is "accept" && request.Headers.Accept.Count > 0))
            {
                continue;
            }
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static List<KeyValuePair<string, string>> OtherAcsHeaders(HttpRequestHeaders headers) =>
    [
        .. from header in headers.NonValidated
           where header.Key.StartsWith("x-acs-", StringComparison.OrdinalIgnoreCase) &&
               !header.Key.Equals("x-acs-version", StringComparison.OrdinalIgnoreCase)
           select new KeyValuePair<string, string>(header.Key, header.Value.ToString()),
    ];

    private static string? Value(HttpRequestHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static string? ContentType(HttpContentHeaders? headers) =>
        headers is not null && headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    private static string HostOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }

    /// <summary>Reads a query the way servers do: a plus is a space, a name without an equals sign has an empty value.</summary>
    private static List<KeyValuePair<string, string>> Pairs(string query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in query[Math.Min(1, query.Length)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            pairs.Add(new(Decode(key), Decode(value)));
        }
        return pairs;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
