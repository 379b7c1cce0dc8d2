using System.Globalization;
using Porpoise.Bench;
using Porpoise.Bench.Limits;
using Porpoise.Bench.Machine;
using Porpoise.Bench.Reports;
using Porpoise.Bench.Serving;
using Porpoise.Bench.Workloads;

if (args is ["--bare-loop", var variant, var count, var folder])
{
    return BareLoop.RunHere(variant, int.Parse(count, CultureInfo.InvariantCulture), folder);
}

if (BenchOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

if (!File.Exists(options.Server))
{
    Console.Error.WriteLine($"There is no server program at {options.Server}: build it, or name it with --server.");
    return 1;
}

var parent = Environment.GetEnvironmentVariable("BENCH_DATA") is { Length: > 0 } chosen ? chosen : Path.GetTempPath();
var dataRoot = Directory.CreateDirectory(Path.GetFullPath(Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"porpoise-bench-{Environment.ProcessId}")))).FullName;
Trial? trial = null;
AppDomain.CurrentDomain.ProcessExit += (_, _) => CleanUp(); // also when it is interrupted
using var sheet = new Sheet(options.Json, MachineFacts.Read(dataRoot));
foreach (var workload in options.Workloads)
{
    MeasureRuns(workload);
}

sheet.WriteTable(Console.Out);
return 0;

// As many runs as asked for in which others left the machine alone; at most twice as many in all.
void MeasureRuns(Workload workload)
{
    var quiet = 0;
    for (var run = 1; quiet < options.Runs && run <= 2 * options.Runs; run++)
    {
        var busyBefore = Busyness.WaitForQuiet(options.Patience);
        trial = new Trial(options.Server, dataRoot);
        workload.Measure(trial);
        var busyByOthers = trial.BusyByOthers();
        var isNoisy = busyBefore > Busyness.BusyMax || busyByOthers > Busyness.BusyMax;
        quiet += isNoisy ? 0 : 1;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Name} run {run}: others {busyBefore:P0} before, {busyByOthers:P0} during{(isNoisy ? ": noisy" : "")}"));
        foreach (var (name, unit, value) in trial.Figures)
        {
            sheet.Add(new Figure(workload.Name, run, name, unit, value, busyBefore, busyByOthers, isNoisy));
        }

        trial.Dispose();
    }
}

void CleanUp()
{
    trial?.Dispose();
    if (Directory.Exists(dataRoot))
    {
        Server.Remove(dataRoot);
    }
}
