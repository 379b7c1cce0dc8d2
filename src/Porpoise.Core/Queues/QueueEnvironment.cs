namespace Porpoise.Core.Queues;

/// <summary>Which runs a queue is for. The numbers are stored.</summary>
public enum QueueEnvironment
{
    Development = 0,
    Production = 1,
    Both = 2,
}
