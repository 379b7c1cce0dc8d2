using Porpoise.Core.Workflows;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Workflows;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Workflows;

public abstract class WorkflowListsTests(IStoreFixture fixture) : StoreTests(fixture)
{
    [Fact]
    public async Task Definitions_are_listed_with_those_last_changed_first_page_by_page()
    {
        await AddWorkspacesAsync();
        for (var i = 1; i <= 7; i++)
        {
            await CreateAsync(new WorkflowCode(i), Definition($"flow {i}"));
        }

        Assert.IsType<SaveWorkflowResult.Saved>(await Store.CreateWorkflowAsync(OtherWorkspace, new WorkflowCode(99), Definition("flow 1"), false, "ann", At, null));
        await UpdateAsync(new WorkflowCode(3), Definition("flow 3", 5));
        Assert.Equal([3, 7, 6], await ListAsync(null, 0, 3, total: 7));
        Assert.Equal([5, 4, 2], await ListAsync(null, 3, 3, total: 7));
        Assert.Equal([1], await ListAsync(null, 6, 3, total: 7));
        Assert.Empty(await ListAsync(null, 7, 3, total: 7));
        Assert.Empty(await ListAsync(null, 0, 0, total: 7));
        var row = (await Store.ListWorkflowsAsync(Workspace, null, new PageRequest(0, 1))).Rows[0];
        Assert.Equal(await Store.FindWorkflowAsync(Workspace, new WorkflowCode(3)), row);
        Assert.Equal(7, await Store.CountWorkflowsAsync(Workspace));
    }

    [Theory]
    [InlineData("sales", new long[] { 4, 1 })]
    [InlineData("SALES", new long[] { 4, 1 })]
    [InlineData("les d", new long[] { 1 })]
    [InlineData("%", new long[] { 3 })]
    [InlineData("_", new long[] { 2 })]
    [InlineData("\\", new long[] { 5 })]
    [InlineData("' or 1=1 --", new long[0])]
    [InlineData("每天", new long[] { 4 })]
    [InlineData("", new long[] { 5, 4, 3, 2, 1 })]
    public async Task A_search_finds_the_text_in_the_name_and_means_every_sign_as_it_is(string search, long[] expected)
    {
        await AddWorkspaceAsync();
        foreach (var (name, code) in new[] { "sales daily", "under_score", "100 %", "monthly sales 每天", @"back\slash" }.Select((name, i) => (name, i + 1)))
        {
            await CreateAsync(new WorkflowCode(code), Definition(name));
        }

        Assert.Equal(expected, await ListAsync(search, 0, 10, expected.Length));
    }

    [Fact]
    public async Task A_definition_is_found_by_its_exact_name()
    {
        await AddWorkspacesAsync();
        var saved = await CreateAsync(Workflow, Definition("flow"));
        Assert.Equal(saved.Workflow, await Store.FindWorkflowByNameAsync(Workspace, "flow"));
        Assert.Null(await Store.FindWorkflowByNameAsync(Workspace, "Flow"));
        Assert.Null(await Store.FindWorkflowByNameAsync(Workspace, "flo"));
        Assert.Null(await Store.FindWorkflowByNameAsync(OtherWorkspace, "flow"));
    }

    [Fact]
    public async Task Versions_are_listed_with_the_newest_first()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        for (var i = 2; i <= 5; i++)
        {
            await UpdateAsync(Workflow, Definition("flow", i));
        }

        var page = await Store.ListVersionsAsync(Workflow, null, new PageRequest(1, 3));
        Assert.Equal(5, page.Total);
        Assert.Equal([4, 3, 2], page.Rows.Select(v => v.Version));
        Assert.Equal([4, 3, 2], page.Rows.Select(v => v.Definition.Tasks.Count));
        Assert.Equal(await HashOfAsync(4), page.Rows[0].Hash);
        Assert.Equal((Workflow, At.AddMinutes(1), "bob"), (page.Rows[0].Code, page.Rows[0].CreatedAt, page.Rows[0].CreatedBy));
        Assert.Equal((0, 0), ((await Store.ListVersionsAsync(new WorkflowCode(5), null, new PageRequest(0, 3))).Rows.Count, (await Store.ListVersionsAsync(new WorkflowCode(5), null, new PageRequest(0, 3))).Total));
    }

    [Fact]
    public async Task Versions_with_a_node_are_counted_by_themselves()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Workflow, Definition("flow", 1));
        foreach (var nodes in new[] { 3, 2, 1, 4, 3 })
        {
            await UpdateAsync(Workflow, Definition($"flow of {nodes}", nodes));
        }

        foreach (var (node, expected) in new (int, int[])[] { (0, [6, 5, 4, 3, 2, 1]), (1, [6, 5, 3, 2]), (2, [6, 5, 2]), (3, [5]), (4, []) })
        {
            foreach (var offset in new[] { 0, 2, 6 })
            {
                var page = await Store.ListVersionsAsync(Workflow, new TaskCode(100 + node), new PageRequest(offset, 2));
                Assert.Equal(expected.Length, page.Total);
                Assert.Equal(expected.Skip(offset).Take(2), page.Rows.Select(v => v.Version));
            }
        }
    }

    [Fact]
    public async Task A_page_is_never_longer_than_the_bound()
    {
        await AddWorkspaceAsync();
        await Task.WhenAll(Enumerable.Range(1, PageRequest.LimitMax + 1).Select(i => CreateAsync(new WorkflowCode(i), Definition($"flow {i}", 1))));
        var page = await Store.ListWorkflowsAsync(Workspace, null, new PageRequest(-5, int.MaxValue));
        Assert.Equal((PageRequest.LimitMax, PageRequest.LimitMax + 1), (page.Rows.Count, (int)page.Total));
    }

    private async Task<string> HashOfAsync(int version) => (await Store.FindVersionAsync(Workflow, version))!.Hash;

    private async Task<IEnumerable<long>> ListAsync(string? search, long offset, int limit, long total)
    {
        var page = await Store.ListWorkflowsAsync(Workspace, search, new PageRequest(offset, limit));
        Assert.Equal(total, page.Total);
        return page.Rows.Select(r => r.Code.Value);
    }
}
