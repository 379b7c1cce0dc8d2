namespace Porpoise.Access.Signatures;

/// <summary>
/// What a signature is checked against: the request as it came over the wire, before anything decoded or normalised it.
/// </summary>
/// <param name="Method">The method token, unchanged.</param>
/// <param name="RawTarget">The request target in origin form (<c>/path?query</c>) exactly as sent, percent signs and all.</param>
/// <param name="Headers">Every received header in order; a header sent twice appears twice.</param>
/// <param name="Body">All body bytes after transfer decoding. The verifier hashes them itself, so a header cannot lie about them.</param>
/// <param name="DefaultPort">The port the scheme implies (443, 80): clients differ in whether they sign it as part of <c>host</c>.</param>
public sealed record SignedRequest(
    string Method,
    string RawTarget,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body,
    int DefaultPort)
{
    /// <summary>
    /// The security token of temporary credentials, or null. Trustworthy only after verification, which also refuses
    /// a token that was sent twice or left out of the signature.
    /// </summary>
    public string? SecurityToken
    {
        get
        {
            TryGetSingle(SignedHeaderNames.SecurityToken, out var token);
            return token;
        }
    }

    internal ReadOnlySpan<char> RawPath
    {
        get
        {
            var question = RawTarget.IndexOf('?', StringComparison.Ordinal);
            var path = question < 0 ? RawTarget.AsSpan() : RawTarget.AsSpan(0, question);
            return path.IsEmpty ? "/" : path;
        }
    }

    internal ReadOnlySpan<char> RawQuery
    {
        get
        {
            var question = RawTarget.IndexOf('?', StringComparison.Ordinal);
            return question < 0 ? default : RawTarget.AsSpan(question + 1);
        }
    }

    /// <summary>
    /// True when the request line holds nothing that could forge a line break inside the signed text. Servers refuse
    /// such lines long before, but this check must not depend on which server is in front.
    /// </summary>
    internal bool HasPlainRequestLine => IsPlain(Method) && IsPlain(RawTarget);

    /// <summary>
    /// False when the header came more than once; true with a null value when it did not come at all. The blanks
    /// HTTP allows around a value are not part of it.
    /// </summary>
    internal bool TryGetSingle(string name, out string? value)
    {
        value = null;
        for (var i = 0; i < Headers.Count; i++)
        {
            var header = Headers[i];
            if (!header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            if (value is not null)
            {
                value = null;
                return false;
            }
            value = header.Value.Trim(' ', '\t');
        }
        return true;
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is <= ' ' or '\x7f')
            {
                return false;
            }
        }
        return true;
    }
}
