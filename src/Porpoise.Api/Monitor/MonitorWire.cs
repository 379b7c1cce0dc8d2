using System.Text.Json.Serialization;

namespace Porpoise.Api.Monitor;

/// <summary>A server as DolphinScheduler answers it; <paramref name="ResInfo"/> is a <see cref="Heartbeat"/> as JSON text.</summary>
internal sealed record MonitoredServer(int Id, string Host, int Port, string ResInfo, string CreateTime, string LastHeartbeatTime)
{
    /// <summary>Where DolphinScheduler registers its servers; nothing is registered anywhere here.</summary>
    public string ZkDirectory => "";

    public IReadOnlyList<string> ZkDirectories => [];
}

/// <summary>How a server is.</summary>
/// <param name="ServerStatus">0: well; 1: it takes no writes.</param>
internal sealed record Heartbeat(
    long StartupTime,
    long ReportTime,
    int ProcessId,
    int ServerStatus,
    double CpuUsage,
    double MemoryUsage,
    double LoadAverage,
    double AvailablePhysicalMemorySize,
    double DiskAvailable,
    double DiskUsage)
{
    /// <summary>How many attempts may run at once; null for a master.</summary>
    public int? WorkerExecThreadCount { get; init; }

    /// <summary>Tasks that wait for a slot; null for a master.</summary>
    public int? WorkerWaitingTaskCount { get; init; }
}

/// <summary>The store as DolphinScheduler answers its database. It has no connections over a network: those figures are 0.</summary>
/// <param name="State">YES: it takes writes.</param>
/// <param name="Reason">Why it takes none.</param>
internal sealed record MonitoredDatabase(string DbType, string State, string? Reason, string Date)
{
    public int MaxConnections => 0;

    public int MaxUsedConnections => 0;

    public int ThreadsConnections => 0;

    public int ThreadsRunningConnections => 0;
}

/// <summary>What the monitoring writes as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<MonitoredServer>))]
[JsonSerializable(typeof(IReadOnlyList<MonitoredDatabase>))]
[JsonSerializable(typeof(Heartbeat))]
internal sealed partial class MonitorJson : JsonSerializerContext;
