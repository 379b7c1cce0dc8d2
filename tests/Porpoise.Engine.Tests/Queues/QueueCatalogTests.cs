using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Queues;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Engine.Tests.Queues;

public sealed class QueueCatalogTests
{
    private static readonly WorkspaceId Workspace = new("w-0");
    private static readonly QueueKey Key = new(Workspace, "q");

    [Fact]
    public async Task A_queue_that_is_changed_while_all_are_read_does_not_get_its_old_limits_back()
    {
        var store = new OneQueue();
        using var catalog = new QueueCatalog(store);
        await catalog.LoadAsync();
        var reading = new TaskCompletionSource();
        store.BeforeAnswer = reading.Task;
        var load = catalog.LoadAsync(); // has read the row, and has not answered
        var change = catalog.UpdateAsync(Workspace, 1, now => now with { TasksMax = 5 }, default, null);
        reading.SetResult();
        await Task.WhenAll(load, change);
        Assert.Equal(5, catalog.Find(Key)!.Settings.TasksMax);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_made_from_each_other()
    {
        var store = new OneQueue();
        using var catalog = new QueueCatalog(store);
        await catalog.LoadAsync();
        var reading = new TaskCompletionSource();
        store.BeforeAnswer = reading.Task;
        var load = catalog.LoadAsync(); // holds both changes back
        var changes = Task.WhenAll(
            catalog.UpdateAsync(Workspace, 1, now => now with { TasksMax = 5 }, default, null), catalog.UpdateAsync(Workspace, 1, now => now with { CuMax = 6 }, default, null));
        reading.SetResult();
        await load;
        await changes;
        Assert.Equal((5, 6), (catalog.Find(Key)!.Settings.TasksMax, catalog.Find(Key)!.Settings.CuMax));
        Assert.IsType<SaveQueueResult.NotFound>(await catalog.UpdateAsync(Workspace, 2, now => now, default, null));
    }

    [Fact]
    public async Task What_is_read_and_what_is_changed_is_told()
    {
        var store = new OneQueue();
        using var catalog = new QueueCatalog(store);
        var told = new List<int>();
        catalog.Changed += queue => told.Add(queue.Settings.TasksMax);
        await catalog.LoadAsync();
        await catalog.UpdateAsync(Workspace, 1, now => now with { TasksMax = 5 }, default, null);
        Assert.Equal([0, 5], told);
    }

    [Fact]
    public async Task A_queue_that_is_gone_when_all_are_read_is_forgotten()
    {
        var store = new OneQueue();
        using var catalog = new QueueCatalog(store);
        await catalog.LoadAsync();
        Assert.NotNull(catalog.Find(Key));
        store.Row = null;
        await catalog.LoadAsync();
        Assert.Null(catalog.Find(Key));
        Assert.Empty(catalog.ListOf(Workspace));
    }

    private sealed class OneQueue : IQueueStore
    {
        public QueueRow? Row { get; set; } = new(1, Workspace, new QueueSettings(Key.Name, QueueEnvironment.Both, 0, 0), default, default);

        public Task BeforeAnswer { get; set; } = Task.CompletedTask;

        public async Task<IReadOnlyList<QueueRow>> ListQueuesAsync(WorkspaceId? workspace)
        {
            var row = Row;
            await BeforeAnswer;
            return row is null ? [] : [row];
        }

        public Task<SaveQueueResult> CreateQueueAsync(WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) => throw new NotSupportedException();

        public Task<SaveQueueResult> UpdateQueueAsync(WorkspaceId workspace, int id, QueueSettings settings, DateTimeOffset at, NonceRow? nonce)
        {
            Row = Row! with { Settings = settings };
            return Task.FromResult<SaveQueueResult>(new SaveQueueResult.Saved(Row));
        }
    }
}
