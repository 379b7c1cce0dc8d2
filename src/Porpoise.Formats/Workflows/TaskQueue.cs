using Porpoise.Core.Workflows;

namespace Porpoise.Formats.Workflows;

/// <summary>A job of the cloud service names its queue among what its type takes; in a file the key <c>queue</c> says it, as for every other task.</summary>
internal static class TaskQueue
{
    public const string JobMember = "resourceQueueId";

    public static bool IsInJob(string type) => type == TaskTypes.EmrServerlessSpark;
}
