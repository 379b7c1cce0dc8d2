namespace Porpoise.Client;

/// <summary>What a signed request needs on the wire besides its method, path and body.</summary>
/// <param name="Headers">All headers to set, <c>host</c>, <c>content-type</c> and <c>Authorization</c> included.</param>
/// <param name="EncodedQuery">The query string without its question mark; empty when there are no parameters.</param>
public sealed record AcsSignature(IReadOnlyList<KeyValuePair<string, string>> Headers, string EncodedQuery);
