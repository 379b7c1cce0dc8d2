namespace Porpoise.Core.Workflows;

/// <summary>Names a workspace (DolphinScheduler: project): <c>w-</c> and 16 hexadecimal digits. Everything else belongs to exactly one.</summary>
public readonly record struct WorkspaceId(string Value)
{
    public override string ToString() => Value;
}
