using System.Globalization;
using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Commits;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Sqlite;
using Porpoise.Storage.Workflows;

namespace Porpoise.Bench.Histories;

/// <summary>
/// Writes runs that have long ended into the store of a server that is down, through the store's own verbs and the real state machine, so that rows and
/// counters are what they would be had the runs been started one by one.
/// </summary>
internal sealed class PastRuns(string dataFolder, WorkspaceId workspace, IReadOnlyList<long> workflows)
{
    public const int Count = 200_000;
    public const int TasksPerRun = 5;

    /// <summary>Starts are this far apart: together two months.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(26);

    private const int RunsAtOnce = 500;

    /// <summary>Shares of the runs in a thousand, by workflow: one is busy, one is hardly ever started.</summary>
    private static readonly int[] Shares = [600, 250, 120, 29, 1];

    private readonly List<WorkflowVersionRow> _versions = [];

    /// <summary>When the first of them started.</summary>
    public static DateTimeOffset From { get; } = TimeProvider.System.GetUtcNow() - (Interval * Count);

    public static void Write(string dataFolder, string workspace, IReadOnlyList<long> workflows) =>
        new PastRuns(dataFolder, new WorkspaceId(workspace), workflows).WriteAsync().GetAwaiter().GetResult();

    private async Task WriteAsync()
    {
        await using var store = SqliteStore.Open(new SqliteStoreOptions(Path.Combine(dataFolder, "porpoise.db"), TimeProvider.System, new CommitThread(), static () => "bench"));
        foreach (var workflow in workflows)
        {
            _versions.Add(await store.FindVersionAsync(new WorkflowCode(workflow), 1) ?? throw new InvalidDataException($"Workflow {workflow} has no version 1."));
        }

        for (var first = 0; first < Count; first += RunsAtOnce)
        {
            await Task.WhenAll(Enumerable.Range(first, RunsAtOnce).Select(number => WriteRunAsync(store, number)));
        }
    }

    private async Task WriteRunAsync(SqliteStore store, int number)
    {
        var version = _versions[WorkflowOf(number)];
        var at = From + (Interval * number);
        var started = new Decision();
        var run = Run.Start(TaskGraph.Of(version.Definition), FailureStrategy.Continue, at, started);
        var result = await store.StartRunAsync(new NewRun(
            workspace, version.Code, version.Version, string.Create(CultureInfo.InvariantCulture, $"{version.Definition.Name}-1-{at.UtcDateTime:yyyyMMddHHmmssfff}"),
            FailureStrategy.Continue, Priority.Medium, false, "dev_queue", number % 3 == 0 ? "ann" : "root", "", TasksPerRun, at, started, null, null));
        var (id, epoch) = result is StartRunResult.Started s ? (s.Run, s.Epoch) : throw new InvalidDataException($"The store answered {result} to a start.");
        if (!await store.SaveRunAsync(id, epoch, Finish(run, number, at)))
        {
            throw new InvalidDataException($"Run {id} was not saved.");
        }
    }

    /// <summary>All that happens to the run: of a hundred one is stopped and three fail, each in its last task.</summary>
    private static Decision Finish(Run run, int number, DateTimeOffset at)
    {
        var decision = new Decision();
        for (var task = 0; task < TasksPerRun; task++)
        {
            at += TimeSpan.FromSeconds(7);
            run.Decide(new RunEvent.Claimed(task, at), decision);
            var isLast = task == TasksPerRun - 1;
            if (isLast && number % 100 == 50)
            {
                run.Decide(new RunEvent.StopRequested(at), decision);
                run.Decide(new RunEvent.AttemptEnded(task, 1, new AttemptOutcome.Killed(), at), decision);
            }
            else
            {
                run.Decide(new RunEvent.AttemptEnded(task, 1, new AttemptOutcome.Exited(isLast && number % 100 is 7 or 38 or 81 ? 1 : 0), at), decision);
            }
        }

        return decision;
    }

    /// <summary>Spread by a multiplication, so that neighbours differ and every run of the bench gives the same.</summary>
    private static int WorkflowOf(int number)
    {
        var draw = (int)(unchecked((uint)number * 2654435761u) >> 16) % 1000;
        for (var workflow = 0; ; workflow++)
        {
            draw -= Shares[workflow];
            if (draw < 0)
            {
                return workflow;
            }
        }
    }
}
