using System.Text.Json.Serialization;
using Porpoise.Client.Calls;

namespace Porpoise.Client.Queues;

/// <summary>The queues of a workspace, and where their tasks run.</summary>
public sealed class QueueClient(PorpoiseClient client)
{
    public Task<IReadOnlyList<Queue>> ListAsync(string workspace, CancellationToken ct) =>
        client.SendAsync(ApiCall.Get($"/porpoise/v1/workspaces/{workspace}/queues"), QueueJson.Default.Queues, ct);

    /// <param name="settings">What is null gets the server's default.</param>
    public Task<Queue> CreateAsync(string workspace, string name, QueueSettings settings, CancellationToken ct) => client.SendAsync(
        ApiCall.Post($"/porpoise/v1/workspaces/{workspace}/queues", ("name", name), ("environment", settings.Environment), ("tasksMax", settings.TasksMax), ("cuMax", settings.CuMax)), QueueJson.Default.Queue, ct);

    /// <param name="settings">What is null stays as it is.</param>
    public Task<Queue> UpdateAsync(string workspace, int id, QueueSettings settings, CancellationToken ct) => client.SendAsync(
        ApiCall.Put($"/porpoise/v1/workspaces/{workspace}/queues/{id}", ("environment", settings.Environment), ("tasksMax", settings.TasksMax), ("cuMax", settings.CuMax)), QueueJson.Default.Queue, ct);

    /// <summary>The workers, with how they are.</summary>
    public Task<IReadOnlyList<WorkerServer>> ListWorkersAsync(CancellationToken ct) => client.SendAsync(ApiCall.Get($"/dolphinscheduler/monitor/workers"), QueueJson.Default.Workers, ct);
}

/// <summary>A queue.</summary>
/// <param name="Environment">DEVELOPMENT, PRODUCTION or BOTH.</param>
/// <param name="TasksMax">Tasks that may run at once; 0: no limit.</param>
/// <param name="CuMax">Compute units that its Spark jobs may take; 0: no limit.</param>
public sealed record Queue(int Id, string Name, string Environment, int TasksMax, int CuMax, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What can be chosen about a queue.</summary>
public sealed record QueueSettings(string? Environment = null, int? TasksMax = null, int? CuMax = null);

/// <summary>A worker. <paramref name="ResInfo"/> is a <see cref="WorkerFigures"/> as JSON text.</summary>
public sealed record WorkerServer(int Id, string Host, int Port, string ResInfo, string CreateTime, string LastHeartbeatTime);

/// <summary>How a worker is: shares of 0 to 1, GiB, slots, and tasks that wait for one.</summary>
public sealed record WorkerFigures(
    double CpuUsage, double MemoryUsage, double DiskUsage, double LoadAverage, double AvailablePhysicalMemorySize, double DiskAvailable, int WorkerExecThreadCount, int WorkerWaitingTaskCount);

/// <summary>How queues are written; also for whoever shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Queue))]
[JsonSerializable(typeof(IReadOnlyList<Queue>), TypeInfoPropertyName = "Queues")]
[JsonSerializable(typeof(IReadOnlyList<WorkerServer>), TypeInfoPropertyName = "Workers")]
[JsonSerializable(typeof(WorkerFigures))]
public sealed partial class QueueJson : JsonSerializerContext;
