namespace Porpoise.Core.Queues;

/// <summary>The worker group that every installation starts with, and that takes whatever names no other.</summary>
public static class StandardWorkerGroup
{
    public const string Name = "default";
}
