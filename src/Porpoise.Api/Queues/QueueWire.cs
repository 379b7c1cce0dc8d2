using System.Text.Json.Serialization;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Queues;
using Porpoise.Storage.Queues;

namespace Porpoise.Api.Queues;

/// <summary>A queue as DolphinScheduler answers it: its two names are one here. Then what it says beyond that.</summary>
internal sealed record DolphinQueue(int Id, string QueueName, string Queue, string CreateTime, string UpdateTime, long ProjectCode, string Environment, int TasksMax, int CuMax)
{
    public static DolphinQueue Of(QueueRow queue, long projectCode) => new(
        queue.Id, queue.Settings.Name, queue.Settings.Name, DolphinTime.Write(queue.CreatedAt), DolphinTime.Write(queue.UpdatedAt), projectCode,
        QueueEnvironments.NameOf(queue.Settings.Environment), queue.Settings.TasksMax, queue.Settings.CuMax);
}

/// <summary>A queue at the addresses of our own.</summary>
/// <param name="TasksMax">How many of its tasks may run at once; 0: no limit.</param>
/// <param name="CuMax">How many compute units its Spark jobs may take together; 0: no limit.</param>
internal sealed record WorkspaceQueue(int Id, string Name, string Environment, int TasksMax, int CuMax, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static WorkspaceQueue Of(QueueRow queue) => new(
        queue.Id, queue.Settings.Name, QueueEnvironments.NameOf(queue.Settings.Environment), queue.Settings.TasksMax, queue.Settings.CuMax, queue.CreatedAt, queue.UpdatedAt);
}

/// <summary>The words for which runs a queue is for.</summary>
internal static class QueueEnvironments
{
    public static string NameOf(QueueEnvironment environment) => environment switch
    {
        QueueEnvironment.Development => "DEVELOPMENT",
        QueueEnvironment.Production => "PRODUCTION",
        _ => "BOTH",
    };

    public static QueueEnvironment? Read(Parameters parameters) => parameters.Word("environment", "DEVELOPMENT", "PRODUCTION", "BOTH") switch
    {
        null => null,
        "DEVELOPMENT" => QueueEnvironment.Development,
        "PRODUCTION" => QueueEnvironment.Production,
        _ => QueueEnvironment.Both,
    };
}

/// <summary>What the operations on queues and on what stands beside them write as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DolphinQueue))]
[JsonSerializable(typeof(IReadOnlyList<DolphinQueue>))]
[JsonSerializable(typeof(DolphinPage<DolphinQueue>))]
[JsonSerializable(typeof(WorkspaceQueue))]
[JsonSerializable(typeof(IReadOnlyList<WorkspaceQueue>))]
[JsonSerializable(typeof(DolphinWorkerGroup))]
[JsonSerializable(typeof(DolphinPage<DolphinWorkerGroup>))]
[JsonSerializable(typeof(WorkerGroup))]
[JsonSerializable(typeof(IReadOnlyList<WorkerGroup>))]
[JsonSerializable(typeof(DolphinPage<DolphinTenant>))]
[JsonSerializable(typeof(IReadOnlyList<DolphinTenant>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class QueueJson : JsonSerializerContext;
