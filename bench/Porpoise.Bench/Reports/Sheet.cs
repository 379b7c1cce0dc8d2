using System.Globalization;
using System.Text.Json.Nodes;
using Porpoise.Bench.Machine;

namespace Porpoise.Bench.Reports;

/// <summary>Collects the figures: a JSON line for each as it comes, and a table of medians at the end.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly List<Figure> _figures = [];
    private readonly TextWriter? _lines;
    private readonly string _date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    private readonly MachineFacts _machine;

    /// <param name="jsonPath">Where the lines go; <c>-</c> is standard output, null nowhere.</param>
    /// <param name="machine">Written into every line.</param>
    public Sheet(string? jsonPath, MachineFacts machine)
    {
        _machine = machine;
        _lines = jsonPath switch
        {
            null => null,
            "-" => Console.Out,
            _ => File.AppendText(jsonPath),
        };
    }

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        _lines?.WriteLine(new JsonObject
        {
            ["date"] = _date,
            ["machine"] = _machine.ToString(),
            ["workload"] = figure.Workload,
            ["run"] = figure.Run,
            ["figure"] = figure.Name,
            ["value"] = figure.Value,
            ["unit"] = figure.Unit,
            ["busy_before"] = Math.Round(figure.BusyBefore, 3),
            ["busy_by_others"] = Math.Round(figure.BusyByOthers, 3),
            ["noisy"] = figure.IsNoisy,
        }.ToJsonString());
        _lines?.Flush();
    }

    /// <summary>Medians leave out noisy runs when there are quiet ones.</summary>
    public void WriteTable(TextWriter to)
    {
        to.WriteLine($"\n{_machine}\n{_date}\n");
        to.WriteLine($"{"figure",-30} {"median",12} {"min..max",26} {"unit",-12} {"runs",4}  {"target",-12} verdict");
        foreach (var group in _figures.GroupBy(static f => f.Name))
        {
            var quiet = group.Where(static f => !f.IsNoisy).ToList();
            var isNoisy = quiet.Count == 0;
            var values = (isNoisy ? group.ToList() : quiet).Select(static f => f.Value).Order().ToList();
            var median = Percentile(values, 0.5);
            var target = Target.Of(group.Key);
            var verdict = target is null ? "" : target.IsMetBy(median) ? "ok" : "MISSED";
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Key,-30} {Text(median),12} {Text(values[0]) + ".." + Text(values[^1]),26} {group.First().Unit,-12} {values.Count,4}  {target?.ToString() ?? "",-12} {verdict}{(isNoisy ? " (noisy)" : "")}"));
        }
    }

    public void Dispose() => _lines?.Dispose();

    /// <summary>Of values in ascending order; between two of them for an even number's median.</summary>
    public static double Percentile(IReadOnlyList<double> ordered, double share)
    {
        var at = share * (ordered.Count - 1);
        var (below, above) = (ordered[(int)Math.Floor(at)], ordered[(int)Math.Ceiling(at)]);
        return below + ((above - below) * (at - Math.Floor(at)));
    }

    private static string Text(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.0000" }, CultureInfo.InvariantCulture);
}
