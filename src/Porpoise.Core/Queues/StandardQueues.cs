namespace Porpoise.Core.Queues;

/// <summary>The queues that every workspace starts with.</summary>
public static class StandardQueues
{
    /// <summary>Takes production runs that name no other queue.</summary>
    public const string Production = "root_queue";

    /// <summary>Takes development runs that name no other queue.</summary>
    public const string Development = "dev_queue";
}
