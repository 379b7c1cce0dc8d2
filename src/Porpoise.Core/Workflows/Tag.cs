namespace Porpoise.Core.Workflows;

/// <summary>A key and a value that people put on a workflow or a node to find it again.</summary>
public readonly record struct Tag(string Key, string Value);
