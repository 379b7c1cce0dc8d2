namespace Porpoise.Access.Signatures;

/// <summary>One text the server would have accepted a signature over, for finding out why a client's differs.</summary>
/// <param name="Form">Which of the clients' habits this text follows.</param>
/// <param name="CanonicalRequest">The normalised request; null for the older signature, which has none.</param>
/// <param name="StringToSign">The text that goes into the HMAC.</param>
public sealed record Explanation(string Form, string? CanonicalRequest, string StringToSign);
