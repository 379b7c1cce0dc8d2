using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Worker.Tests;

/// <summary>A server in a process of its own, to be killed with -9. It serves one attempt, described in the file <c>order</c> of its root.</summary>
internal static class Victim
{
    public static async Task<int> ServeAsync(string root, string installId, string call)
    {
        await using var worker = new LocalWorker(
            new LocalWorkerOptions { Root = root, InstallId = installId }, TimeProvider.System, NullLogger<LocalWorker>.Instance);
        worker.Attach(new Reports());
        var order = WorkerTest.Order(await File.ReadAllTextAsync(Path.Combine(root, "order")));
        Action<AttemptOrder> act = call switch { "start" => worker.Start, "end" => worker.End, _ => worker.Resume };
        act(order);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public static Process Launch(string root, string installId, string script, string call)
    {
        File.WriteAllText(Path.Combine(root, "order"), script);
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", root, installId, call]) { UseShellExecute = false })!;
    }

    private sealed class Reports : IAttemptReports
    {
        public Task ReportAsync(AttemptOrder order, AttemptOutcome outcome, DateTimeOffset at) =>
            Task.CompletedTask;
    }
}
