using System.Collections.Concurrent;
using System.Globalization;
using Porpoise.Core.Tasks;
using Porpoise.Engine.Dispatch;

namespace Porpoise.Api.Tests.Serving;

/// <summary>
/// A worker without processes. A script that is a number ends at once with that exit code; one that says <c>gives</c> succeeds with values; <c>hold</c> runs until it is ended. Every
/// attempt leaves on disk what a real one would: a folder, a script, a log.
/// </summary>
public sealed class HandWorker(string root) : IWorker
{
    public const string Gives = "gives ";

    private readonly ConcurrentDictionary<AttemptKey, AttemptOrder> _held = new();
    private IAttemptReports? _reports;

    public void Attach(IAttemptReports reports) => _reports = reports;

    public void Start(AttemptOrder order)
    {
        var path = PathOf(order.Key);
        Directory.CreateDirectory(path);
        File.WriteAllText(path + ".script", order.Program.Text);
        File.WriteAllText(path + ".log", $"{order.TaskName}: {order.Program.Text}\n");
        File.WriteAllText(path + ".exit", "0\n");
        if (int.TryParse(order.Program.Text, CultureInfo.InvariantCulture, out var code))
        {
            Report(order, new AttemptOutcome.Exited(code));
        }
        else if (order.Program.Text.LastIndexOf(Gives, StringComparison.Ordinal) is >= 0 and var at) // before it the values of its parameters
        {
            Report(order, new AttemptOutcome.Exited(0) { Outputs = order.Program.Text[(at + Gives.Length)..].TrimEnd().Split(',').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal) });
        }
        else
        {
            _held.TryAdd(order.Key, order);
        }
    }

    public void Resume(AttemptOrder order) => Report(order, new AttemptOutcome.Lost("No attempt outlives a test."));

    public void End(AttemptOrder order)
    {
        if (_held.TryRemove(order.Key, out _))
        {
            Report(order, new AttemptOutcome.Killed());
        }
    }

    /// <summary>The attempt's folder; its files stand beside it.</summary>
    public string PathOf(AttemptKey key) => Path.Combine(root, (key.Task.Value / 1000).ToString(CultureInfo.InvariantCulture), key.ToString());

    /// <summary>Later and elsewhere, as a worker does: the one who starts an attempt is inside a commit.</summary>
    private void Report(AttemptOrder order, AttemptOutcome outcome) =>
        _ = Task.Run(() => _reports!.ReportAsync(order, outcome, TimeProvider.System.GetUtcNow()), CancellationToken.None);
}
