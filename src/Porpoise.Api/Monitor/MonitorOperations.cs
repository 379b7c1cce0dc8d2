using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Engine;
using Porpoise.Engine.Queues;
using Porpoise.Storage;

namespace Porpoise.Api.Monitor;

/// <summary>How the service is: DolphinScheduler's pages for masters, workers and databases, each with this one process.</summary>
public sealed class MonitorOperations(IStore store, RunEngine engine, WorkerGroupCatalog groups, ThisServer server, TimeProvider clock)
{
    private const int OnlyId = 1;

    private readonly MachineGauge _machine = new();

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/monitor/masters", "emr-serverless-spark:ListMasters", "Who decides what runs: this process", c => Task.FromResult(ListMasters(c))),
        new("GET", "/dolphinscheduler/monitor/workers", "emr-serverless-spark:ListWorkers", "Who runs tasks: this machine", c => Task.FromResult(ListWorkers(c))),
        new("GET", "/dolphinscheduler/monitor/databases", "emr-serverless-spark:ListDatabases", "Whether the store takes writes", _ => Task.FromResult(ListDatabases())),
    ];

    private Answer ListMasters(Call call) => Answer.Of<IReadOnlyList<MonitoredServer>>([Describe(call, Heartbeat())], MonitorJson.Default.IReadOnlyListMonitoredServer);

    private Answer ListWorkers(Call call)
    {
        var slots = groups.All.Sum(g => g.Settings.Slots);
        var figures = Heartbeat() with { WorkerExecThreadCount = slots, WorkerWaitingTaskCount = engine.Queue.Waiting };
        return Answer.Of<IReadOnlyList<MonitoredServer>>([Describe(call, figures)], MonitorJson.Default.IReadOnlyListMonitoredServer);
    }

    private Answer ListDatabases()
    {
        var database = new MonitoredDatabase("SQLITE", store.Health.ReadOnlyReason is null ? "YES" : "NO", store.Health.ReadOnlyReason, DolphinTime.Write(clock.GetUtcNow()));
        return Answer.Of<IReadOnlyList<MonitoredDatabase>>([database], MonitorJson.Default.IReadOnlyListMonitoredDatabase);
    }

    private MonitoredServer Describe(Call call, Heartbeat heartbeat) => new(
        OnlyId, server.Host, call.Http.Connection.LocalPort, AnswerJson.Write(heartbeat, MonitorJson.Default.Heartbeat),
        DolphinTime.Write(server.StartedAt), DolphinTime.Write(clock.GetUtcNow()));

    private Heartbeat Heartbeat()
    {
        var figures = _machine.Read(server.DataFolder);
        return new Heartbeat(
            server.StartedAt.ToUnixTimeMilliseconds(), clock.GetUtcNow().ToUnixTimeMilliseconds(), Environment.ProcessId, store.Health.ReadOnlyReason is null ? 0 : 1,
            figures.CpuUsage, figures.MemoryUsage, figures.LoadAverage, figures.AvailableMemory, figures.DiskAvailable, figures.DiskUsage);
    }
}
