namespace Porpoise.Client;

/// <summary>What is to be signed: one request, before it is put on the wire.</summary>
public sealed record AcsRequest
{
    /// <summary>The API version this service speaks.</summary>
    public const string DefaultVersion = "2023-08-08";

    /// <summary>The HTTP method in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The host as it will be sent, with its port unless that is the scheme's own.</summary>
    public required string Host { get; init; }

    /// <summary>The path exactly as it will be sent, path parameters already percent-encoded.</summary>
    public required string Path { get; init; }

    /// <summary>Query parameters, decoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>The bytes of the body; empty for none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The body's media type, null when there is no body.</summary>
    public string? ContentType { get; init; }

    /// <summary>The operation's name, as in <c>StartProcessInstance</c>. Servers route by method and path; null leaves it out.</summary>
    public string? Action { get; init; }

    /// <summary>The API version.</summary>
    public string Version { get; init; } = DefaultVersion;

    /// <summary>More <c>x-acs-*</c> headers to send; they are signed with the rest. Their names must be unique.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
