namespace Porpoise.Client;

/// <summary>Which server a client calls, and as whom.</summary>
public sealed record PorpoiseClientOptions
{
    /// <summary>Where a server listens unless it is told otherwise.</summary>
    public static readonly Uri DefaultEndpoint = new("http://127.0.0.1:12345");

    /// <summary>The server's address.</summary>
    public Uri Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>An access key or a token.</summary>
    public required PorpoiseCredentials Credentials { get; init; }

    /// <summary>How long one try of a call may take. Reading a stream that the server goes on writing is not bounded by it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Where the time comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
