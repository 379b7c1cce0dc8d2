using Porpoise.Core.Workflows;
using Porpoise.Engine.Suite.Benches;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Engine.Tests.Workflows;

public sealed class WorkflowCatalogTests
{
    private readonly VersionShelf _shelf = new();
    private readonly WorkflowCatalog _catalog;

    public WorkflowCatalogTests() => _catalog = new WorkflowCatalog(_shelf);

    [Fact]
    public async Task A_version_is_read_and_compiled_once()
    {
        Put(1, Shape.Chain("a", "b"));
        var first = await LoadAsync(1);
        Assert.Equal(2, first!.Graph.Count);
        Assert.Same(first, await LoadAsync(1));
        Assert.Equal(1, _shelf.Reads);
    }

    [Fact]
    public async Task A_version_that_is_not_there_may_come_later()
    {
        Assert.Null(await LoadAsync(1));
        Put(1, Shape.Single("a"));
        Assert.NotNull(await LoadAsync(1));
    }

    [Fact]
    public async Task Callers_who_come_together_get_versions_that_count_once()
    {
        Put(1, Shape.Single("a"));
        var loaded = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => LoadAsync(1)));
        Assert.All(loaded, Assert.NotNull);
        var reads = _shelf.Reads;
        await LoadAsync(1);
        Assert.Equal(reads, _shelf.Reads);
    }

    [Fact]
    public async Task The_versions_used_longest_ago_go_when_the_nodes_are_too_many()
    {
        var third = Shape.Wide("t", WorkflowCatalog.NodesMax / 3);
        for (var code = 1; code <= 4; code++)
        {
            Put(code, third);
        }

        await LoadAsync(1);
        await LoadAsync(2);
        await LoadAsync(3);
        await LoadAsync(1);
        await LoadAsync(4); // 2 has to go
        Assert.Equal(4, _shelf.Reads);
        await LoadAsync(1);
        await LoadAsync(3);
        await LoadAsync(4);
        Assert.Equal(4, _shelf.Reads);
        await LoadAsync(2);
        Assert.Equal(5, _shelf.Reads);
    }

    [Fact]
    public async Task A_version_larger_than_the_whole_catalogue_is_kept_while_it_is_the_newest()
    {
        Put(1, Shape.Wide("t", WorkflowCatalog.NodesMax + 1));
        Put(2, Shape.Single("a"));
        Assert.Same(await LoadAsync(1), await LoadAsync(1));
        await LoadAsync(2);
        await LoadAsync(1);
        Assert.Equal(3, _shelf.Reads);
    }

    private Task<CompiledVersion?> LoadAsync(int code) => _catalog.LoadAsync(new WorkflowCode(code), 1).AsTask();

    private void Put(int code, Shape shape) => _shelf.Put(new WorkflowVersionRow(new WorkflowCode(code), 1, "hash", shape.Build(), DateTimeOffset.UnixEpoch, "test"));
}
