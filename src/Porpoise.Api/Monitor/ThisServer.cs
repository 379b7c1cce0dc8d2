namespace Porpoise.Api.Monitor;

/// <summary>The one machine and process that serves, decides and runs tasks.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="StartedAt">When the process began to serve.</param>
/// <param name="DataFolder">Where its data is, for the figures of the disk.</param>
public sealed record ThisServer(string Host, DateTimeOffset StartedAt, string DataFolder)
{
    /// <summary>True when a list by host includes this one: DolphinScheduler takes any part of the name, and none means all.</summary>
    internal bool Matches(string? host) => host is null || Host.Contains(host, StringComparison.OrdinalIgnoreCase);
}
