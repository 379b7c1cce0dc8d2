using System.Globalization;
using System.Runtime.InteropServices;
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
var isEnding = false;
AppDomain.CurrentDomain.ProcessExit += (_, _) => CleanUp();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => Environment.Exit(130)); // which cleans up, unlike the signal's default
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(143));
using var sheet = new Sheet(options.Json, MachineFacts.Read(dataRoot));
try
{
    foreach (var workload in options.Workloads)
    {
        MeasureRuns(workload);
    }

    sheet.WriteTable(Console.Out);
    return 0;
}
catch (Exception) when (isEnding)
{
    Thread.Sleep(Timeout.Infinite); // the server was taken away because the bench was interrupted, which is ending it
    return 1;
}
catch (Exception e)
{
    Console.Error.WriteLine(e);
    return 1;
}

// As many runs as asked for in which others left the machine alone; at most twice as many in all.
void MeasureRuns(Workload workload)
{
    var quiet = 0;
    for (var run = 1; quiet < options.Runs && run <= 2 * options.Runs; run++)
    {
        var busyBefore = Busyness.WaitForQuiet(options.Patience);
        trial = new Trial(options.Server, Directory.CreateDirectory(Path.Combine(dataRoot, string.Create(CultureInfo.InvariantCulture, $"{workload.Name}-{run}"))).FullName);
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
    isEnding = true;
    trial?.Dispose();
    if (Directory.Exists(dataRoot))
    {
        Server.EndTasks(dataRoot);
        Directory.Delete(dataRoot, recursive: true);
    }
}
