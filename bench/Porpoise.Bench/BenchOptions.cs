using System.Globalization;
using Porpoise.Bench.Workloads;

namespace Porpoise.Bench;

/// <summary>The command line: <c>[--only w1,w2,…] [--runs N] [--json FILE|-] [--server PATH] [--patience SECONDS]</c>.</summary>
internal sealed record BenchOptions(IReadOnlyList<Workload> Workloads, int Runs, string? Json, string Server, TimeSpan Patience)
{
    public static string Usage =>
        $"""
        usage: bench [--only NAME,…] [--runs N] [--json FILE] [--server PATH] [--patience SECONDS]
          --only      which workloads, of {string.Join(' ', Workload.All.Select(static w => w.Name))} (default: all)
          --runs      how often each is measured (default 3)
          --json      append one JSON line per figure to FILE; - is standard output
          --server    the porpoise program (default: the one built beside this program)
          --patience  how long to wait for a quiet machine before each run (default 30)
        Data go to $BENCH_DATA, else $TMPDIR, and are removed.
        """;

    /// <summary>Null: the arguments cannot be understood.</summary>
    public static BenchOptions? Read(string[] args)
    {
        var options = new BenchOptions(Workload.All, 3, null, Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Porpoise/release/porpoise")), TimeSpan.FromSeconds(30));
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || options.With(args[i], args[i + 1]) is not { } more)
            {
                return null;
            }

            options = more;
        }

        return options;
    }

    private BenchOptions? With(string name, string value)
    {
        switch (name)
        {
            case "--only":
                var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                var chosen = Workload.All.Where(w => names.Contains(w.Name)).ToList();
                return chosen.Count == names.Length && chosen.Count > 0 ? this with { Workloads = chosen } : null;
            case "--runs":
                return int.TryParse(value, CultureInfo.InvariantCulture, out var runs) && runs > 0 ? this with { Runs = runs } : null;
            case "--json":
                return this with { Json = value };
            case "--server":
                return this with { Server = value };
            case "--patience":
                return int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0 ? this with { Patience = TimeSpan.FromSeconds(seconds) } : null;
            default:
                return null;
        }
    }
}
