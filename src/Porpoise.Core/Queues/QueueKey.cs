using Porpoise.Core.Workflows;

namespace Porpoise.Core.Queues;

/// <summary>Names a queue: a share of the machine's work with limits of its own. Unique inside its workspace.</summary>
public readonly record struct QueueKey(WorkspaceId Workspace, string Name)
{
    public override string ToString() => $"{Workspace}/{Name}";
}
