using System.Collections.Concurrent;
using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Queues;

namespace Porpoise.Engine.Queues;

/// <summary>The queues, in memory: every start and every slot asks for one. They are few, and all changes come through here, one after another.</summary>
public sealed class QueueCatalog(IQueueStore store) : IDisposable
{
    private readonly ConcurrentDictionary<QueueKey, QueueRow> _queues = new();

    /// <summary>What is read while a queue is changed must not bring its old limits back.</summary>
    private readonly ChangeGate _gate = new();

    /// <summary>Raised after a queue was read, created or changed: its limits are in force from now on.</summary>
    public event Action<QueueRow>? Changed;

    public void Dispose() => _gate.Dispose();

    /// <summary>Reads all queues, and forgets those that are gone; again after a workspace was created or deleted.</summary>
    public Task LoadAsync() => _gate.RunAsync(async () =>
    {
        var queues = await store.ListQueuesAsync(workspace: null);
        foreach (var gone in _queues.Keys.Except(queues.Select(KeyOf)))
        {
            _queues.TryRemove(gone, out _);
        }

        foreach (var queue in queues)
        {
            Put(queue);
        }

        return queues.Count;
    });

    /// <summary>In the order in which they were created.</summary>
    public IReadOnlyList<QueueRow> ListOf(WorkspaceId workspace) => [.. _queues.Values.Where(q => q.Workspace == workspace).OrderBy(q => q.Id)];

    /// <summary>Null: no such queue.</summary>
    public QueueRow? Find(QueueKey key) => _queues.GetValueOrDefault(key);

    public Task<SaveQueueResult> CreateAsync(WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce) =>
        SaveAsync(() => store.CreateQueueAsync(workspace, settings, at, nonce));

    /// <param name="change">Makes the settings from those that there are, with nobody else's change in between.</param>
    public Task<SaveQueueResult> UpdateAsync(WorkspaceId workspace, int id, Func<QueueSettings, QueueSettings> change, DateTimeOffset at, NonceRow? nonce) => SaveAsync(() =>
        _queues.Values.FirstOrDefault(q => q.Workspace == workspace && q.Id == id) is { } now
            ? store.UpdateQueueAsync(workspace, id, change(now.Settings), at, nonce)
            : Task.FromResult<SaveQueueResult>(new SaveQueueResult.NotFound()));

    private static QueueKey KeyOf(QueueRow queue) => new(queue.Workspace, queue.Settings.Name);

    private Task<SaveQueueResult> SaveAsync(Func<Task<SaveQueueResult>> save) => _gate.RunAsync(async () =>
    {
        var result = await save();
        if (result is SaveQueueResult.Saved saved)
        {
            Put(saved.Queue);
        }

        return result;
    });

    private void Put(QueueRow queue)
    {
        _queues[KeyOf(queue)] = queue;
        Changed?.Invoke(queue);
    }
}
