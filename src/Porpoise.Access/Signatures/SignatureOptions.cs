namespace Porpoise.Access.Signatures;

/// <summary>What the operator may decide about signature checking; everything starts at the safe end.</summary>
public sealed record SignatureOptions
{
    /// <summary>Fifteen minutes either way, version 3 only, nothing explained.</summary>
    public static SignatureOptions Default { get; } = new();

    /// <summary>How far a request's date may lie from the server's clock, in the past and in the future.</summary>
    public TimeSpan ClockWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Takes the older HMAC-SHA1 signature too. It covers neither the host nor, without <c>Content-MD5</c>, the body,
    /// and writes query values unescaped, so one value with an ampersand reads like two: only for clients that know nothing newer.
    /// </summary>
    public bool AllowRoa { get; init; }

    /// <summary>Refuses an older signature over a non-empty body without <c>Content-MD5</c>; clients of the middle generation never send it.</summary>
    public bool RoaRequiresContentMd5 { get; init; }

    /// <summary>
    /// Puts the server's string to sign into the mismatch message, for debugging a client. It repeats the
    /// caller's query values and security token, so it must stay off where answers are logged.
    /// </summary>
    public bool ExplainMismatch { get; init; }
}
