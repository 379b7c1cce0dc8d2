namespace Porpoise.Access.Signatures;

/// <summary>Header names of the signing protocols, in the lower case in which they are signed.</summary>
internal static class SignedHeaderNames
{
    public const string Prefix = "x-acs-";
    public const string Authorization = "authorization";
    public const string Host = "host";
    public const string Date = "x-acs-date";
    public const string Nonce = "x-acs-signature-nonce";
    public const string ContentSha256 = "x-acs-content-sha256";
    public const string SecurityToken = "x-acs-security-token";
    public const string BearerToken = "x-acs-bearer-token";
    public const string IdToken = "x-acs-zero-trust-idtoken";
    public const string SignatureMethod = "x-acs-signature-method";
    public const string SignatureType = "x-acs-signature-type";
}
