namespace Porpoise.Access.Signatures;

/// <summary>
/// The values of the headers a version 3 signature lists, found in one pass over what was received. Exists only if
/// the list is complete, so whoever holds one may trust that nothing the server reads is outside the signature.
/// </summary>
internal sealed class CoveredHeaders
{
    private readonly IReadOnlyList<string> _names;
    private readonly string[] _values;
    private readonly string?[]? _commaSpaceValues;
    private readonly string? _otherHost;

    private CoveredHeaders(
        IReadOnlyList<string> names, string[] values, string?[]? commaSpaceValues, string date, string nonce, string contentSha256, string? otherHost)
    {
        _names = names;
        _values = values;
        _commaSpaceValues = commaSpaceValues;
        _otherHost = otherHost;
        Date = date;
        Nonce = nonce;
        ContentSha256 = contentSha256;
    }

    public string Date { get; }

    public string Nonce { get; }

    public string ContentSha256 { get; }

    /// <summary>
    /// Null when a listed header was not received, a received <c>x-acs-*</c> header or one of the four that are always
    /// needed is not listed, or a header that the server reads a single value from came more than once.
    /// </summary>
    public static CoveredHeaders? Read(SignedRequest request, AuthorizationHeader.Acs3 claim)
    {
        var names = claim.SignedHeaders;
        var values = new string?[names.Count];
        List<string>?[]? repeated = null;
        for (var i = 0; i < request.Headers.Count; i++)
        {
            var (name, sent) = request.Headers[i];
            var at = IndexOf(names, name);
            if (at < 0)
            {
                if (name.StartsWith(SignedHeaderNames.Prefix, StringComparison.OrdinalIgnoreCase))
                {
                    return null;
                }
                continue;
            }
            var value = sent.AsSpan().Trim(" \t").Length == sent.Length ? sent : sent.Trim(' ', '\t');
            if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                return null;
            }
            if (values[at] is not { } first)
            {
                values[at] = value;
                continue;
            }
            if (MustBeSingle(names[at]))
            {
                return null;
            }
            repeated ??= new List<string>?[names.Count];
            (repeated[at] ??= [first]).Add(value);
        }
        return Complete(names, values, repeated, request.DefaultPort);
    }

    public bool Has(HeaderForm form) => form switch
    {
        HeaderForm.OtherHost => _otherHost is not null,
        HeaderForm.CommaSpace => _commaSpaceValues is not null,
        _ => true,
    };

    public void Write(Utf8Buffer into, HeaderForm form)
    {
        for (var i = 0; i < _names.Count; i++)
        {
            into.Add(_names[i]);
            into.Add((byte)':');
            into.Add(form switch
            {
                HeaderForm.OtherHost when _names[i] == SignedHeaderNames.Host => _otherHost,
                HeaderForm.CommaSpace => _commaSpaceValues![i] ?? _values[i],
                _ => _values[i],
            });
            into.Add((byte)'\n');
        }
    }

    private static CoveredHeaders? Complete(IReadOnlyList<string> names, string?[] values, List<string>?[]? repeated, int defaultPort)
    {
        string?[]? commaSpaceValues = repeated is null ? null : new string?[names.Count];
        string? host = null, date = null, nonce = null, contentSha256 = null;
        for (var i = 0; i < names.Count; i++)
        {
            if (values[i] is not { } value)
            {
                return null;
            }
            if (repeated?[i] is { } all)
            {
                all.Sort(StringComparer.Ordinal);
                values[i] = string.Join(',', all);
                commaSpaceValues![i] = string.Join(", ", all);
            }
            switch (names[i])
            {
                case SignedHeaderNames.Host: host = value; break;
                case SignedHeaderNames.Date: date = value; break;
                case SignedHeaderNames.Nonce: nonce = value; break;
                case SignedHeaderNames.ContentSha256: contentSha256 = value; break;
                default: break;
            }
        }
        return host is null || date is null || nonce is null || contentSha256 is null
            ? null
            : new CoveredHeaders(names, values!, commaSpaceValues, date, nonce, contentSha256, OtherHost(host, defaultPort));
    }

    private static bool MustBeSingle(string name) => name is
        SignedHeaderNames.Host or SignedHeaderNames.Date or SignedHeaderNames.Nonce or
        SignedHeaderNames.ContentSha256 or SignedHeaderNames.SecurityToken or SignedHeaderNames.Authorization;

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == name.Length && names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>The host with its default port if it has none, without it if it has that one; null with any other port.</summary>
    private static string? OtherHost(string host, int defaultPort)
    {
        // A colon inside the brackets of an IPv6 address does not begin a port.
        var colon = host.LastIndexOf(':');
        if (colon <= host.LastIndexOf(']'))
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{defaultPort}");
        }
        var isDefault = int.TryParse(
            host.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
            && port == defaultPort;
        return isDefault ? host[..colon] : null;
    }
}
