namespace Porpoise.Access.Signatures;

/// <summary>
/// One of the ways in which official clients write the same request down before signing it. They agree on everything a
/// real operation sends and part only in the corners, so nearly every request matches the first form.
/// </summary>
internal readonly record struct CanonicalForm(HeaderForm Headers, PathForm Path, KeyForm Keys, KeyOrder Order)
{
    public override string ToString()
    {
        var path = Path switch
        {
            PathForm.RewriteAll => "rewrite-all",
            PathForm.RewriteFirst => "rewrite-first",
            _ => "raw",
        };
        var keys = Keys == KeyForm.Raw ? "key-raw" : "key-encoded";
        var order = Order == KeyOrder.Utf16 ? "utf16" : "bytes";
        var headers = Headers switch
        {
            HeaderForm.OtherHost => " headers=other-host",
            HeaderForm.CommaSpace => " headers=comma-space",
            _ => "",
        };
        return $"ACS3 uri={path} query={keys}/{order}{headers}";
    }
}

internal enum HeaderForm
{
    AsSent,

    /// <summary>The default port added to or taken from <c>host</c>: HTTP/2 clients may sign it and not send it.</summary>
    OtherHost,

    /// <summary>The values of a repeated header joined with a comma and a space instead of a comma.</summary>
    CommaSpace,
}

internal enum PathForm
{
    Raw,

    /// <summary>Every plus, asterisk and escaped tilde brought to RFC 3986.</summary>
    RewriteAll,

    /// <summary>Only the first of each: JavaScript's <c>replace</c> with a string argument.</summary>
    RewriteFirst,
}

internal enum KeyForm
{
    Encoded,
    Raw,
}

internal enum KeyOrder
{
    Bytes,
    Utf16,
}
