using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;
using Xunit;
using static Porpoise.Storage.Conformance.Samples;

namespace Porpoise.Storage.Conformance.Queues;

public abstract class QueuesTests(IStoreFixture fixture) : StoreTests(fixture)
{
    private static readonly DateTimeOffset Later = At.AddMinutes(7);
    private static readonly QueueSettings Big = new("big – 每天", QueueEnvironment.Both, 30, 400);

    [Fact]
    public async Task Each_workspace_starts_with_the_two_standard_queues_without_limits()
    {
        Assert.Empty(await Store.ListQueuesAsync(null));
        await AddWorkspacesAsync();
        foreach (var row in new[] { HomeRow, OtherRow })
        {
            var queues = await Store.ListQueuesAsync(row.Id);
            Assert.Equal(
                [
                    new QueueRow(queues[0].Id, row.Id, new QueueSettings(StandardQueues.Production, QueueEnvironment.Production, 0, 0), row.CreatedAt, row.CreatedAt),
                    new QueueRow(queues[1].Id, row.Id, new QueueSettings(StandardQueues.Development, QueueEnvironment.Development, 0, 0), row.CreatedAt, row.CreatedAt),
                ],
                queues);
        }

        Assert.Equal([.. await Store.ListQueuesAsync(Workspace), .. await Store.ListQueuesAsync(OtherWorkspace)], await Store.ListQueuesAsync(null));
        Assert.Equal(4, (await Store.ListQueuesAsync(null)).Select(q => q.Id).Distinct().Count());
        Assert.Empty(await Store.ListQueuesAsync(new WorkspaceId("w-none")));
    }

    [Fact]
    public async Task A_queue_is_created_changed_and_still_there_after_a_crash()
    {
        await AddWorkspaceAsync();
        var created = await CreateAsync(Big);
        Assert.Equal(new QueueRow(created.Id, Workspace, Big, At, At), created);
        var changed = Big with { Environment = QueueEnvironment.Development, TasksMax = 0, CuMax = 1 };
        var saved = Assert.IsType<SaveQueueResult.Saved>(await UpdateAsync(created.Id, changed)).Queue;
        Assert.Equal(new QueueRow(created.Id, Workspace, changed, At, Later), saved);
        await CrashAndReopenAsync();
        Assert.Equal(saved, (await Store.ListQueuesAsync(Workspace))[^1]);
        Assert.Equal(3, (await Store.ListQueuesAsync(Workspace)).Count);
    }

    [Fact]
    public async Task A_name_is_taken_once_in_a_workspace()
    {
        await AddWorkspacesAsync();
        var big = await CreateAsync(Big);
        Assert.IsType<SaveQueueResult.NameTaken>(await Store.CreateQueueAsync(Workspace, Big with { TasksMax = 1 }, At, Nonce("n")));
        Assert.IsType<SaveQueueResult.NameTaken>(await Store.CreateQueueAsync(Workspace, Big with { Name = StandardQueues.Production }, At, null));
        Assert.Equal([big], (await Store.ListQueuesAsync(Workspace)).Skip(2));
        Assert.Empty(await Store.ListNoncesAsync(At, 10)); // a refused call leaves nothing behind
        Assert.IsType<SaveQueueResult.Saved>(await Store.CreateQueueAsync(OtherWorkspace, Big, At, null));
    }

    [Fact]
    public async Task Every_queue_keeps_its_name()
    {
        await AddWorkspaceAsync();
        await CreateAsync(Big);
        var queues = await Store.ListQueuesAsync(Workspace);
        foreach (var queue in queues)
        {
            foreach (var name in new[] { "free", Big.Name, StandardQueues.Development, queue.Settings.Name.ToUpperInvariant() }.Where(n => n != queue.Settings.Name))
            {
                Assert.IsType<SaveQueueResult.NameIsFixed>(await UpdateAsync(queue.Id, queue.Settings with { Name = name, TasksMax = 9 }, Nonce("n")));
            }
        }

        Assert.Equal(queues, await Store.ListQueuesAsync(Workspace));
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_standard_queue_takes_limits_and_keeps_its_environment()
    {
        await AddWorkspaceAsync();
        foreach (var queue in await Store.ListQueuesAsync(Workspace))
        {
            Assert.IsType<SaveQueueResult.IsStandard>(await UpdateAsync(queue.Id, queue.Settings with { Environment = QueueEnvironment.Both }, Nonce("n")));
            var limited = queue.Settings with { TasksMax = 5, CuMax = 6 };
            Assert.Equal(limited, Assert.IsType<SaveQueueResult.Saved>(await UpdateAsync(queue.Id, limited)).Queue.Settings);
        }

        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_changed()
    {
        await AddWorkspacesAsync();
        var other = (await Store.ListQueuesAsync(OtherWorkspace))[0];
        Assert.IsType<SaveQueueResult.NotFound>(await UpdateAsync(12_345, Big));
        Assert.IsType<SaveQueueResult.NotFound>(await UpdateAsync(other.Id, Big, Nonce("n"))); // it belongs to another workspace
        Assert.IsType<SaveQueueResult.NotFound>(await Store.CreateQueueAsync(new WorkspaceId("w-none"), Big, At, Nonce("n")));
        Assert.Equal(4, (await Store.ListQueuesAsync(null)).Count);
        Assert.Empty(await Store.ListNoncesAsync(At, 10));
    }

    [Fact]
    public async Task A_nonce_saves_one_queue()
    {
        await AddWorkspaceAsync();
        var created = Assert.IsType<SaveQueueResult.Saved>(await Store.CreateQueueAsync(Workspace, Big, At, Nonce("n"))).Queue;
        Assert.IsType<SaveQueueResult.NonceUsed>(await Store.CreateQueueAsync(Workspace, Big with { Name = "second" }, At, Nonce("n")));
        Assert.IsType<SaveQueueResult.NonceUsed>(await UpdateAsync(created.Id, Big with { TasksMax = 9 }, Nonce("n")));
        Assert.Equal(created, (await Store.ListQueuesAsync(Workspace))[^1]);
        Assert.IsType<SaveQueueResult.Saved>(await UpdateAsync(created.Id, Big with { TasksMax = 9 }, Nonce("m")));
        Assert.IsType<SaveQueueResult.NonceUsed>(await UpdateAsync(created.Id, Big, Nonce("m")));
    }

    [Fact]
    public async Task A_workspace_has_so_many_queues_and_no_more()
    {
        await AddWorkspacesAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, IQueueStore.QueuesMax).Select(i => Store.CreateQueueAsync(Workspace, Big with { Name = $"q{i}" }, At, null)));
        Assert.Equal(IQueueStore.QueuesMax - 2, answers.Count(a => a is SaveQueueResult.Saved));
        Assert.Equal(2, answers.Count(a => a is SaveQueueResult.TooMany));
        Assert.Equal(IQueueStore.QueuesMax, (await Store.ListQueuesAsync(Workspace)).Count);
        Assert.IsType<SaveQueueResult.Saved>(await Store.CreateQueueAsync(OtherWorkspace, Big, At, null));
    }

    private async Task<QueueRow> CreateAsync(QueueSettings settings) => Assert.IsType<SaveQueueResult.Saved>(await Store.CreateQueueAsync(Workspace, settings, At, null)).Queue;

    private Task<SaveQueueResult> UpdateAsync(int id, QueueSettings settings, NonceRow? nonce = null) => Store.UpdateQueueAsync(Workspace, id, settings, Later, nonce);
}
