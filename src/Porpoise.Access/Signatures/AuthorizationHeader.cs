namespace Porpoise.Access.Signatures;

/// <summary>
/// How a request says it is authenticated, read from its <c>Authorization</c> header. Reading decides nothing about
/// whether the claim is true: the key named here must be looked up and handed to <see cref="SignatureVerifier"/>.
/// </summary>
public abstract record AuthorizationHeader
{
    /// <summary>Longest access key id, signature or scheme that is looked at; more is not a credential of ours.</summary>
    public const int FieldLengthMax = 256;

    /// <summary>Most headers a signature may list. Clients list about ten; Python lists all it sends.</summary>
    public const int SignedHeadersMax = 64;

    private const string Acs3Scheme = "ACS3-HMAC-SHA256";
    private const string RoaScheme = "acs";

    private AuthorizationHeader()
    {
    }

    /// <summary>A claim that can be verified with the secret of <paramref name="AccessKeyId"/>.</summary>
    public abstract record Signed(AccessKeyId AccessKeyId, string Signature) : AuthorizationHeader;

    /// <summary>Signature version 3, HMAC-SHA256 over the request, the listed headers and the body's hash.</summary>
    /// <param name="AccessKeyId">The key the client claims to hold.</param>
    /// <param name="SignedHeaders">Names of the covered headers: lower case, strictly ascending.</param>
    /// <param name="SignedHeaderList">The same names as sent, joined with semicolons: this text is itself signed.</param>
    /// <param name="Signature">The claimed signature.</param>
    public sealed record Acs3(
        AccessKeyId AccessKeyId, IReadOnlyList<string> SignedHeaders, string SignedHeaderList, string Signature)
        : Signed(AccessKeyId, Signature);

    /// <summary>The older resource-oriented signature, HMAC-SHA1 over the <c>x-acs-*</c> headers and the resource.</summary>
    public sealed record Roa(AccessKeyId AccessKeyId, string Signature) : Signed(AccessKeyId, Signature);

    /// <summary>A scheme or token kind this service does not take (RSA, SM3, version 4, bearer, identity token …).</summary>
    public sealed record Unsupported(string Method) : AuthorizationHeader;

    /// <summary>A known scheme whose fields cannot be read, or more than one <c>Authorization</c> header.</summary>
    public sealed record Malformed : AuthorizationHeader;

    /// <summary>No credentials of any kind.</summary>
    public sealed record Missing : AuthorizationHeader;

    /// <summary>Reads the claim out of a request's headers; never throws.</summary>
    public static AuthorizationHeader Read(SignedRequest request)
    {
        if (!request.TryGetSingle(SignedHeaderNames.Authorization, out var value))
        {
            return new Malformed();
        }
        return value is null ? ReadUnsigned(request) : Parse(value);
    }

    /// <summary>The answer to give without looking up any key, or null when the claim is worth verifying.</summary>
    public GatewayError? Refusal(SignatureOptions options) => this switch
    {
        Acs3 => null,
        Roa when options.AllowRoa => null,
        Roa or Unsupported => GatewayError.InvalidSignatureMethod,
        _ => GatewayError.IncompleteSignature,
    };

    /// <summary>Token modes carry no <c>Authorization</c> header at all, only a header of their own.</summary>
    private static AuthorizationHeader ReadUnsigned(SignedRequest request)
    {
        foreach (var (name, _) in request.Headers)
        {
            if (name.Equals(SignedHeaderNames.BearerToken, StringComparison.OrdinalIgnoreCase) ||
                name.Equals(SignedHeaderNames.IdToken, StringComparison.OrdinalIgnoreCase) ||
                name.Equals(SignedHeaderNames.SignatureType, StringComparison.OrdinalIgnoreCase))
            {
                return new Unsupported(name);
            }
        }
        return new Missing();
    }

    private static AuthorizationHeader Parse(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? value.AsSpan() : value.AsSpan(0, space);
        var rest = space < 0 ? default : value.AsSpan(space + 1).Trim(' ');
        if (scheme.SequenceEqual(Acs3Scheme))
        {
            return ParseAcs3(rest);
        }
        if (scheme.SequenceEqual(RoaScheme))
        {
            return ParseRoa(rest);
        }
        return scheme.IsEmpty || scheme.Length > FieldLengthMax ? new Malformed() : new Unsupported(scheme.ToString());
    }

    private static AuthorizationHeader ParseAcs3(ReadOnlySpan<char> fields)
    {
        string? keyId = null, headerList = null, signature = null;
        foreach (var range in fields.Split(','))
        {
            var field = fields[range].Trim(' ');
            var read = TryField(field, "Credential=", ref keyId)
                || TryField(field, "SignedHeaders=", ref headerList)
                || TryField(field, "Signature=", ref signature);
            if (!read)
            {
                return new Malformed();
            }
        }
        if (!IsField(keyId) || !IsField(signature) || headerList is null || ParseNames(headerList) is not { } names)
        {
            return new Malformed();
        }
        return new Acs3(new AccessKeyId(keyId!), names, headerList, signature!);
    }

    /// <summary>False for another field's name and for a field that came twice: which of two would be signed is a guess.</summary>
    private static bool TryField(ReadOnlySpan<char> field, string prefix, ref string? into)
    {
        if (into is not null || !field.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }
        into = field[prefix.Length..].ToString();
        return true;
    }

    private static AuthorizationHeader ParseRoa(ReadOnlySpan<char> fields)
    {
        var colon = fields.IndexOf(':');
        if (colon < 0)
        {
            return new Malformed();
        }
        var (keyId, signature) = (fields[..colon].ToString(), fields[(colon + 1)..].ToString());
        return IsField(keyId) && IsField(signature) ? new Roa(new AccessKeyId(keyId), signature) : new Malformed();
    }

    private static string[]? ParseNames(string headerList)
    {
        // Bounded before it is split, so a long header cannot make a long array.
        if (headerList.AsSpan().Count(';') >= SignedHeadersMax)
        {
            return null;
        }
        var names = headerList.Split(';');
        for (var i = 0; i < names.Length; i++)
        {
            var ascending = i == 0 || string.CompareOrdinal(names[i - 1], names[i]) < 0;
            if (!ascending || !IsLowerCaseName(names[i]))
            {
                return null;
            }
        }
        return names;
    }

    private static bool IsField(string? text)
    {
        if (text is null or "" || text.Length > FieldLengthMax)
        {
            return false;
        }
        foreach (var c in text)
        {
            if (c is <= ' ' or >= '\x7f')
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsLowerCaseName(string name)
    {
        foreach (var c in name)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.'))
            {
                return false;
            }
        }
        return name.Length > 0;
    }
}
