using Porpoise.Core.Runs;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class TaskListsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly string[] Searches = ["load", "CHECK", "_it", "%", "1.2", "nowhere", " "];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_page_of_every_filter_is_what_the_rows_say(int seed)
    {
        await AddWorkspacesAsync();
        var random = new Random(seed);
        var history = await RandomHistory.WriteAsync(Store, random);
        var found = 0;
        for (var i = 0; i < 250; i++)
        {
            var workspace = random.Next(4) == 0 ? OtherWorkspace : Workspace;
            var filter = Draw(history, random);
            var expected = history.Tasks.Where(row => row.Run.Workspace == workspace && Fits(row, filter)).ToList();
            await ComparePageAsync(workspace, filter, new PageRequest(0, 10), expected);
            await ComparePageAsync(workspace, filter, new PageRequest(random.Next(expected.Count + 3), random.Next(1, 60)), expected);
            await ComparePageAsync(workspace, filter, new PageRequest(Math.Max(0, expected.Count - 5), 10), expected);
            found += expected.Count > 5 ? 1 : 0;
        }

        Assert.True(found > 60, "The filters find too little to compare.");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task The_counters_equal_a_recount(int seed)
    {
        await AddWorkspacesAsync();
        var random = new Random(seed);
        var history = await RandomHistory.WriteAsync(Store, random);
        await CrashAndReopenAsync();
        for (var i = 0; i < 60; i++)
        {
            var workspace = random.Next(3) == 0 ? OtherWorkspace : Workspace;
            var (from, to) = Range(random, i);
            var tasks = await Store.CountTasksAsync(workspace, from, to);
            var runs = await Store.CountRunsAsync(workspace, from, to);
            foreach (var state in Enum.GetValues<TaskState>())
            {
                Assert.Equal(
                    history.Tasks.Count(t => t.Run.Workspace == workspace && t.Task.State == state && !(t.Task.SubmittedAt < from) && !(t.Task.SubmittedAt > to)),
                    tasks.GetValueOrDefault(state));
            }

            foreach (var state in Enum.GetValues<RunState>())
            {
                Assert.Equal(
                    history.Runs.Count(r => r.Workspace == workspace && r.State == state && !(r.StartedAt < from) && !(r.StartedAt > to)), runs.GetValueOrDefault(state));
            }
        }
    }

    [Fact]
    public async Task A_refused_write_counts_no_task()
    {
        var run = await StartAsync();
        Assert.False(await Store.SaveRunAsync(run.Run, run.Epoch, Decide([new TaskChange.AttemptStarted(0, 1, At), new TaskChange.Ended(1, 1, TaskState.Failed, 1, "", 1, 0, At)])));
        Assert.False(await Store.SaveRunAsync(run.Run, new OwnerEpoch(9), Decide([new TaskChange.AttemptStarted(0, 1, At)])));
        var counts = await Store.CountTasksAsync(Workspace, null, null);
        Assert.Equal((1, 0, 0), (counts[TaskState.Queued], counts[TaskState.Running], counts[TaskState.Failed]));
    }

    [Fact]
    public async Task Both_bounds_belong_to_the_range()
    {
        await StartAsync(new TaskChange.Submitted(0, At));
        foreach (var (from, to, expected) in new (DateTimeOffset?, DateTimeOffset?, int)[] { (At, At, 1), (At.AddMicroseconds(1), null, 0), (null, At.AddMicroseconds(-1), 0), (At, null, 1), (null, At, 1) })
        {
            Assert.Equal(expected, (await Store.CountTasksAsync(Workspace, from, to))[TaskState.Queued]);
            Assert.Equal(expected, (await Store.ListTaskInstancesAsync(Workspace, new TaskFilter { From = from, To = to }, new PageRequest(0, 10))).Total);
        }
    }

    [Fact]
    public async Task Attempts_are_listed_in_their_order_with_how_they_ended()
    {
        var run = await StartAsync(new TaskChange.Submitted(0, At), new TaskChange.Submitted(1, At));
        var later = At.AddMinutes(1);
        await SaveAsync(run, new TaskChange.AttemptStarted(0, 1, At), new TaskChange.AttemptFailed(0, 1, 7, "exit code 7 – 每天", 1, 0, null, later), new TaskChange.AttemptStarted(0, 2, later));
        await SaveAsync(run, new TaskChange.AttemptStarted(1, 1, At));
        Assert.Equal(
            [new AttemptRow(1, At, later, 7, "exit code 7 – 每天"), new AttemptRow(2, later, null, null, null)],
            await Store.ListAttemptsAsync(new TaskId(run.FirstTaskId)));
        Assert.Empty(await Store.ListAttemptsAsync(new TaskId(run.FirstTaskId + 2)));
    }

    /// <summary>Every tenth run is of a workflow that is gone, and has the text in its name only.</summary>
    [Fact]
    public async Task A_search_looks_at_the_tasks_of_the_newest_runs_only()
    {
        const int Found = IRunLists.SearchWindow / 2; // Each row of a run has one of a task.
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("nightly"));
        var runs = await Task.WhenAll(Enumerable.Range(0, Found + 700).Select(i => StartAsync(
            NewRun(taskCount: 1) with { Workflow = i % 10 == 0 ? new WorkflowCode(Workflow.Value + 1) : Workflow })));
        var tasks = runs.Select(r => r.FirstTaskId).OrderDescending().ToList();
        foreach (var filter in new TaskFilter[] { new() { RunSearch = "nightly" }, new() { StartedBy = "root" } })
        {
            for (var offset = 0; offset < Found; offset += 1_000)
            {
                var page = await Store.ListTaskInstancesAsync(Workspace, filter, new PageRequest(offset, 1_000));
                Assert.Equal(Found, page.Total);
                Assert.Equal(tasks.Skip(offset).Take(1_000), page.Rows.Select(r => r.Task.Id.Value));
            }

            Assert.Empty((await Store.ListTaskInstancesAsync(Workspace, filter, new PageRequest(Found, 10))).Rows);
        }
    }

    /// <summary>The newer runs alone are more than a search looks at.</summary>
    [Fact]
    public async Task A_search_in_a_span_or_a_state_looks_at_the_newest_of_it()
    {
        const int Nodes = 100;
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("nightly", Nodes));
        var before = await StartManyAsync(20, At.AddDays(-2), new TaskChange.Submitted(0, At.AddDays(-2)));
        var wanted = await StartManyAsync(20, At.AddDays(-1), new TaskChange.Submitted(0, At.AddDays(-1)), new TaskChange.Ended(0, 0, TaskState.Killed, null, "", 0, 0, At));
        var after = await StartManyAsync((IRunLists.SearchWindow / Nodes) + 20, At, new TaskChange.Submitted(0, At));
        Assert.True(before.Max() < wanted.Min() && wanted.Max() < after.Min());
        foreach (var filter in new TaskFilter[]
        {
            new() { Search = "node 0" }, new() { StartedBy = "root" }, new() { RunSearch = "nightly" }, new() { RunSearch = "NIGHTLY", StartedBy = "root" }, new() { RunSearch = "-3 – 每" }, new() { RunSearch = "ly-3", Search = "0" },
        })
        {
            foreach (var narrowed in new[] { filter with { From = At.AddDays(-1), To = At.AddHours(-1) }, filter with { States = [TaskState.Killed] } })
            {
                var page = await Store.ListTaskInstancesAsync(Workspace, narrowed, new PageRequest(0, 1_000));
                Assert.True(page.Total == wanted.Count, $"{narrowed}: {page.Total}");
                Assert.Equal(wanted.OrderDescending(), page.Rows.Select(r => r.Task.Id.Value));
            }

            Assert.Equal(0, (await Store.ListTaskInstancesAsync(Workspace, filter with { States = [TaskState.Failed] }, new PageRequest(0, 10))).Total);
        }

        async Task<List<int>> StartManyAsync(int count, DateTimeOffset at, params TaskChange[] changes) =>
            [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync(NewRun(at: at, taskCount: Nodes, changes: changes) with { Version = 1 })))).Select(r => r.FirstTaskId)];
    }

    private static TaskFilter Draw(RandomHistory history, Random random)
    {
        var filter = new TaskFilter();
        if (random.Next(5) == 0)
        {
            filter = filter with { Run = random.Next(9) == 0 ? new RunId(99_999) : history.Runs[random.Next(history.Runs.Count)].Id };
        }

        if (random.Next(6) == 0)
        {
            filter = filter with { RunSearch = random.Next(2) == 0 ? "Beta" : "-2-1" };
        }

        if (random.Next(4) == 0)
        {
            filter = filter with { Search = Searches[random.Next(Searches.Length)] };
        }

        if (random.Next(6) == 0)
        {
            filter = filter with { StartedBy = "Ann" };
        }

        if (random.Next(2) == 0)
        {
            filter = filter with { States = [.. Enum.GetValues<TaskState>().Where(state => state != TaskState.Waiting && random.Next(3) == 0)] }; // those that wait are in no list
        }

        var (from, to) = Range(random, random.Next(4));
        return filter with { From = from, To = to };
    }

    private static (DateTimeOffset? From, DateTimeOffset? To) Range(Random random, int kind) =>
        ((kind & 1) == 0 ? null : At.AddMinutes(random.Next(RandomHistory.RunsMin)), (kind & 2) == 0 ? null : At.AddMinutes(random.Next(RandomHistory.RunsMin)));

    private static bool Fits(TaskInstanceRow row, TaskFilter filter) =>
        (filter.Run is null || row.Run.Id == filter.Run)
        && (filter.RunSearch is null || RandomHistory.IsNamed(row.Run.Workspace, row.Run, filter.RunSearch))
        && (filter.Search is null || NameOf(row.Task).Contains(filter.Search, StringComparison.OrdinalIgnoreCase))
        && (filter.StartedBy is null || row.Run.StartedBy.Equals(filter.StartedBy, StringComparison.OrdinalIgnoreCase))
        && filter.States?.Contains(row.Task.State) != false
        && !(row.Task.SubmittedAt < filter.From)
        && !(row.Task.SubmittedAt > filter.To);

    private static string NameOf(TaskRow task) => RandomHistory.NodeName((int)(task.Workflow.Value % 100), task.Version, task.Index);

    private async Task ComparePageAsync(WorkspaceId workspace, TaskFilter filter, PageRequest request, List<TaskInstanceRow> expected)
    {
        var page = await Store.ListTaskInstancesAsync(workspace, filter, request);
        Assert.True(expected.Count == page.Total, $"{filter} {string.Join(',', filter.States ?? [])}: {page.Total} instead of {expected.Count}");
        Assert.Equal(expected.Skip((int)request.Offset).Take(request.Limit), page.Rows);
    }
}
