using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Porpoise.Client.Queues;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Runs;

/// <summary><c>porpoise worker …</c>: where tasks run, and how those machines are.</summary>
internal static class WorkerCommand
{
    public static Command Create() => ClientCommand.Group("worker", "Workers: the machines that run tasks", List());

    private static Command List() => ClientCommand.Of("list", "All workers, and how they are", [], async (call, ct) =>
        call.Output.Show(await call.Client.Queues.ListWorkersAsync(ct), QueueJson.Default.Workers, workers => call.Output.Table(
            [.. workers.Select(w => (Worker: w, Figures: JsonSerializer.Deserialize(w.ResInfo, QueueJson.Default.WorkerFigures)!))],
            new("HOST", w => w.Worker.Host), new("SLOTS", w => w.Figures.WorkerExecThreadCount), new("WAITING", w => w.Figures.WorkerWaitingTaskCount), new("CPU", w => Share(w.Figures.CpuUsage)),
            new("MEMORY", w => Share(w.Figures.MemoryUsage)), new("DISK", w => Share(w.Figures.DiskUsage)), new("DISK FREE", w => string.Create(CultureInfo.InvariantCulture, $"{w.Figures.DiskAvailable:0.0} GiB")))));

    private static string Share(double share) => share.ToString("0 %", CultureInfo.InvariantCulture);
}
