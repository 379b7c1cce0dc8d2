using System.Diagnostics;
using System.Globalization;
using Porpoise.Simulation;

// porpoise simulation: --seed N (the first seed) --count M (how many) --bug NAME (plant one) --trace (print what happened)
var seed = 1;
var count = 1;
var bug = PlantedBug.None;
var showTrace = false;
for (var i = 0; i < args.Length; i++)
{
    string Value() => i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
    switch (args[i])
    {
        case "--seed":
            seed = int.Parse(Value(), CultureInfo.InvariantCulture);
            break;
        case "--count":
            count = int.Parse(Value(), CultureInfo.InvariantCulture);
            break;
        case "--bug":
            bug = Enum.Parse<PlantedBug>(Value(), ignoreCase: true);
            break;
        case "--trace":
            showTrace = true;
            break;
        default:
            Console.Error.WriteLine($"usage: ./run sim [--seed N] [--count M] [--bug {string.Join('|', Enum.GetNames<PlantedBug>())}] [--trace]");
            return 2;
    }
}

var watch = Stopwatch.StartNew();
var runs = 0;
var crashes = 0;
var retries = 0;
var timeOuts = 0;
for (var s = seed; s < seed + count; s++)
{
    var result = SimWorld.Run(s, bug);
    runs += result.Runs;
    crashes += result.Crashes;
    retries += result.Retries;
    timeOuts += result.TimeOuts;
    if (showTrace)
    {
        Console.Write(result.Trace);
    }

    if (result.Violation is { } violation)
    {
        Console.WriteLine($"seed {s}: VIOLATION {violation}");
        Console.WriteLine($"repeat it with: ./run sim --seed {s}{(bug == PlantedBug.None ? "" : $" --bug {bug}")} --trace");
        return 1;
    }

    if (count == 1)
    {
        Console.WriteLine($"seed {s}: trace {result.TraceHash}, {result.Steps} steps");
    }
    else if (s % 100 == 0)
    {
        Console.Error.WriteLine($"… seed {s}");
    }
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds, no violation: {runs} runs, {crashes} crashes, {retries} retries, {timeOuts} time limits exceeded, {watch.Elapsed.TotalSeconds:F1} s"));
return 0;
