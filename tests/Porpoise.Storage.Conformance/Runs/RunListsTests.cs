using Porpoise.Core.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Runs;

public abstract class RunListsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly string[] Searches = ["alpha", "ALPHA", "beta", "a", "-2-", "-1-00", "%", "_", "nowhere", "' or 1=1 --"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_page_of_every_filter_is_what_the_rows_say(int seed)
    {
        await AddWorkspacesAsync();
        var random = new Random(seed);
        var history = await RandomHistory.WriteAsync(Store, random);
        var found = 0;
        for (var i = 0; i < 400; i++)
        {
            var workspace = random.Next(4) == 0 ? OtherWorkspace : Workspace;
            var filter = Draw(workspace, random);
            var expected = history.Runs.Where(run => run.Workspace == workspace && Fits(run, workspace, filter)).ToList();
            await ComparePageAsync(workspace, filter, new PageRequest(0, 10), expected);
            await ComparePageAsync(workspace, filter, new PageRequest(random.Next(expected.Count + 3), random.Next(1, 60)), expected);
            await ComparePageAsync(workspace, filter, new PageRequest(Math.Max(0, expected.Count - 5), 10), expected);
            found += expected.Count > 5 ? 1 : 0;
        }

        Assert.True(found > 100, "The filters find too little to compare.");
    }

    [Fact]
    public async Task A_workspace_without_runs_has_an_empty_list()
    {
        await StartAsync(NewRun(OtherWorkspace));
        foreach (var filter in new RunFilter[] { new(), new() { Workflow = Workflow }, new() { Search = "n" }, new() { States = [RunState.Running] }, new() { From = At }, new() { StartedBy = "root" } })
        {
            var page = await Store.ListRunsAsync(Workspace, filter, new PageRequest(0, 10));
            Assert.Equal((0, 0), (page.Rows.Count, page.Total));
        }
    }

    [Fact]
    public async Task No_state_is_no_run()
    {
        await StartAsync();
        Assert.Equal(0, (await Store.ListRunsAsync(Workspace, new RunFilter { States = [] }, new PageRequest(0, 10))).Total);
        Assert.Equal(0, (await Store.ListRunsAsync(Workspace, new RunFilter { States = [], Workflow = Workflow }, new PageRequest(0, 10))).Total);
    }

    [Fact]
    public async Task A_search_looks_at_the_newest_runs_only()
    {
        const int Count = IRunLists.SearchWindow + 600;
        var runs = await Task.WhenAll(Enumerable.Range(1, Count).Select(i => StartAsync(NewRun(taskCount: 1) with { Name = $"run-{i}" })));
        var ids = runs.Select(r => r.Run.Value).Order().ToList();
        Assert.Equal(1, await FindAsync(ids[^1]));
        Assert.Equal(1, await FindAsync(ids[^IRunLists.SearchWindow]));
        Assert.Equal(0, await FindAsync(ids[0]));

        async Task<long> FindAsync(int id)
        {
            var name = (await Store.FindRunAsync(Workspace, new RunId(id)))!.Name[3..];
            var page = await Store.ListRunsAsync(Workspace, new RunFilter { Search = name }, new PageRequest(0, 1000));
            return page.Rows.Count(r => r.Id.Value == id);
        }
    }

    private static RunFilter Draw(WorkspaceId workspace, Random random)
    {
        var filter = new RunFilter();
        if (random.Next(3) == 0)
        {
            filter = filter with { Workflow = RandomHistory.CodeOf(workspace, random.Next(RandomHistory.Names.Length + 1)) };
        }

        if (random.Next(4) == 0)
        {
            filter = filter with { Search = Searches[random.Next(Searches.Length)] };
        }

        if (random.Next(6) == 0)
        {
            filter = filter with { StartedBy = random.Next(2) == 0 ? "Ann" : "nobody" };
        }

        if (random.Next(2) == 0)
        {
            filter = filter with { States = [.. Enum.GetValues<RunState>().Where(_ => random.Next(3) == 0).DefaultIfEmpty(RunState.Failed)] };
        }

        return random.Next(2) == 0
            ? filter
            : filter with
            {
                From = random.Next(4) == 0 ? null : At.AddMinutes(random.Next(RandomHistory.RunsMin)),
                To = random.Next(4) == 0 ? null : At.AddMinutes(random.Next(RandomHistory.RunsMin)),
            };
    }

    /// <summary>A text is in what the definition is called now, or in the run's own name.</summary>
    private static bool Fits(RunRow run, WorkspaceId workspace, RunFilter filter) =>
        (filter.Workflow is null || run.Workflow == filter.Workflow)
        && (filter.StartedBy is null || run.StartedBy.Equals(filter.StartedBy, StringComparison.OrdinalIgnoreCase))
        && filter.States?.Contains(run.State) != false
        && !(run.StartedAt < filter.From)
        && !(run.StartedAt > filter.To)
        && (filter.Search is not { } text || RandomHistory.IsNamed(workspace, run, text));

    private async Task ComparePageAsync(WorkspaceId workspace, RunFilter filter, PageRequest request, List<RunRow> expected)
    {
        var page = await Store.ListRunsAsync(workspace, filter, request);
        Assert.True(expected.Count == page.Total, $"{filter} {string.Join(',', filter.States ?? [])}: {page.Total} instead of {expected.Count}");
        Assert.Equal(expected.Skip((int)request.Offset).Take(request.Limit), page.Rows);
    }
}
