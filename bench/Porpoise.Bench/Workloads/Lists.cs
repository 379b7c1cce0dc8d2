using System.Diagnostics;
using System.Globalization;
using Porpoise.Bench.Histories;
using Porpoise.Bench.Load;
using Porpoise.Bench.Reports;
using Porpoise.Bench.Serving;

namespace Porpoise.Bench.Workloads;

/// <summary>
/// What a page of a list costs when there are 200,000 runs and 1,000,000 tasks behind it, over HTTP from one caller; and whether a start notices
/// them, against an empty server at the same time.
/// </summary>
internal static class Lists
{
    private const int Calls = 300;
    private const int WarmUps = 20;
    private const int Starts = 1_000;

    /// <summary>So many that the compiler is done with both servers, also with the one that has not answered any read.</summary>
    private const int StartWarmUps = 2_000;
    private const int PageSize = 10;

    private static readonly string[] Names = ["hourly-ingest", "daily-sales", "features", "monthly-sales", "yearly-audit"];

    public static void Measure(Trial trial)
    {
        using var empty = trial.StartServer(slots: 8);
        var (folder, workflows) = Prepare(trial);
        var watch = Stopwatch.StartNew();
        using var full = trial.StartServer(folder, slots: 8);
        trial.Add("lists.ready", "s", watch.Elapsed.TotalSeconds);
        MeasureReads(trial, full, workflows);
        MeasureStarts(trial, empty, full);
    }

    private static (string Folder, List<long> Workflows) Prepare(Trial trial)
    {
        using var server = trial.StartServer(slots: 8);
        using var caller = new Caller(server);
        var workflows = Names.Select(name => caller.Define(Shape.Chain(PastRuns.TasksPerRun) with { Name = name, Script = "/bin/true" })).ToList();
        server.Stop();
        var watch = Stopwatch.StartNew();
        PastRuns.Write(server.DataFolder, server.Key.WorkspaceId, workflows);
        trial.Add("lists.generated", "runs/s", PastRuns.Count / watch.Elapsed.TotalSeconds);
        return (server.DataFolder, workflows);
    }

    private static void MeasureReads(Trial trial, Server server, List<long> workflows)
    {
        using var connection = new Connection(server.Port);
        var calls = new Calls(server);
        const int Pages = PastRuns.Count / PageSize;
        const int TaskPages = Pages * PastRuns.TasksPerRun;
        Time("runs.first", i => calls.Runs(1, PageSize));
        Time("runs.middle", i => calls.Runs((Pages / 2) + i, PageSize));
        Time("runs.last", i => calls.Runs(Pages - (i % 3), PageSize));
        Time("runs.by_state", i => calls.Runs(1 + (i * 7), PageSize, ("stateType", i % 2 == 0 ? "FAILURE" : "SUCCESS")));
        Time("runs.by_workflow", i => calls.Runs(1 + (i % 15), PageSize, ("processDefinitionCode", Text(workflows[i % 5]))));
        Time("runs.by_workflow_middle", i => calls.Runs((Pages * 3 / 10) + i, PageSize, ("processDefinitionCode", Text(workflows[0]))));
        Time("runs.by_workflow_and_state", i => calls.Runs(1, PageSize, ("processDefinitionCode", Text(workflows[i % 5])), ("stateType", "FAILURE")));
        Time("runs.by_date", i => calls.Runs(1 + i, PageSize, Between(i, days: 30)));
        Time("runs.by_workflow_and_date", i => calls.Runs(1 + i, PageSize, [("processDefinitionCode", Text(workflows[0])), .. Between(i, days: 30)]));
        Time("runs.by_definition_name", i => calls.Runs(1 + i, PageSize, ("searchVal", "sales")));
        Time("runs.by_text", i => calls.Runs(1, PageSize, ("searchVal", Text(10 + (i % 14)) + Text(10 + (i % 50)))));
        Time("runs.by_caller", i => calls.Runs(1 + i, PageSize, ("executorName", "ann")));
        Time("tasks.first", i => calls.Tasks(1, PageSize));
        Time("tasks.middle", i => calls.Tasks((TaskPages / 2) + i, PageSize));
        Time("tasks.last", i => calls.Tasks(TaskPages - (i % 3), PageSize));
        Time("tasks.by_state", i => calls.Tasks(1 + i, PageSize, ("stateType", "FAILURE")));
        Time("tasks.by_date", i => calls.Tasks(1 + i, PageSize, Between(i, days: 30)));
        Time("tasks.by_run", i => calls.Tasks(1, PageSize, ("processInstanceId", Text(1 + (i * 600)))));
        Time("tasks.by_name", i => calls.Tasks(1 + i, PageSize, ("searchVal", "t-3")));
        Time("tasks.by_caller", i => calls.Tasks(1 + i, PageSize, ("executorName", "ann")));
        Time("tasks.by_definition_name", i => calls.Tasks(1 + i, PageSize, ("processInstanceName", "sales")));
        Time("run", i => calls.Run(1 + (i * 601)));
        Time("run.tasks", i => calls.TasksOf(1 + (i * 601)));
        Time("counts", i => calls.Counts(Between(i, days: 30)));
        Time("task_counts", i => calls.TaskCounts(Between(i, days: 30)));

        void Time(string name, Func<int, byte[]> request)
        {
            var times = new List<double>(Calls);
            for (var i = -WarmUps; i < Calls; i++)
            {
                var bytes = request(Math.Abs(i));
                var begin = Stopwatch.GetTimestamp();
                connection.Exchange(bytes).RequireData();
                if (i >= 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                }
            }

            times.Sort();
            trial.Add($"lists.{name}.p50", "ms", Sheet.Percentile(times, 0.50));
            trial.Add($"lists.{name}.p99", "ms", Sheet.Percentile(times, 0.99));
        }
    }

    /// <summary>W1's runs, by turns on the empty server and on the full one, now this one first and now that, so that whatever disturbs the machine disturbs both.</summary>
    private static void MeasureStarts(Trial trial, Server empty, Server full)
    {
        var sides = new[] { empty, full }.Select(static server => new Side(server)).ToList();
        for (var i = 0; i < StartWarmUps + Starts; i++)
        {
            sides[i % 2].Start(isCounted: i >= StartWarmUps);
            sides[(i + 1) % 2].Start(isCounted: i >= StartWarmUps);
        }

        trial.Add("lists.starts.empty.p50", "ms", sides[0].Median);
        trial.Add("lists.starts.full.p50", "ms", sides[1].Median);
        trial.Add("lists.starts_to_empty", "ratio", sides[0].Median / sides[1].Median);
        sides.ForEach(static side => side.Dispose());
    }

    private static (string, string)[] Between(int i, int days)
    {
        var from = PastRuns.From.AddDays(5).AddMinutes(i * 37);
        return [("startDate", Text(from)), ("endDate", Text(from.AddDays(days)))];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed class Side : IDisposable
    {
        private readonly Caller _caller;
        private readonly Connection _connection;
        private readonly long _workflow;
        private readonly List<double> _times = new(Starts);

        public Side(Server server)
        {
            _caller = new Caller(server);
            _connection = new Connection(server.Port);
            _workflow = _caller.Define(Shape.Single);
        }

        public double Median => Sheet.Percentile([.. _times.Order()], 0.5);

        public void Start(bool isCounted)
        {
            var request = _caller.Calls.SignedStart(_workflow);
            var begin = Stopwatch.GetTimestamp();
            var run = _connection.Exchange(request).RunId();
            if (isCounted)
            {
                _times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            _connection.Exchange(_caller.Calls.Wait(run)).RequireSuccess();
        }

        public void Dispose()
        {
            _caller.Dispose();
            _connection.Dispose();
        }
    }
}
