using Porpoise.Core.Queues;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Queues;

/// <summary>The queues of the workspaces. A workspace is created with the two of <see cref="StandardQueues"/>.</summary>
public interface IQueueStore
{
    /// <summary>Queues in one workspace.</summary>
    const int QueuesMax = 1_000;

    /// <summary>In the order in which they were created; of all workspaces when <paramref name="workspace"/> is null.</summary>
    Task<IReadOnlyList<QueueRow>> ListQueuesAsync(WorkspaceId? workspace);

    Task<SaveQueueResult> CreateQueueAsync(WorkspaceId workspace, QueueSettings settings, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Changes the queue with this id. Every queue keeps its name, by which workflows and runs refer to it; a standard queue also its environment.</summary>
    Task<SaveQueueResult> UpdateQueueAsync(WorkspaceId workspace, int id, QueueSettings settings, DateTimeOffset at, NonceRow? nonce);
}

/// <summary>What people decide about a queue.</summary>
/// <param name="Name">Unique in the workspace.</param>
/// <param name="Environment">Which runs it is for.</param>
/// <param name="TasksMax">How many of its tasks may run at once; 0: no limit.</param>
/// <param name="CuMax">How many compute units (1 core, 4 GiB) its Spark jobs may take together; 0: no limit.</param>
public sealed record QueueSettings(string Name, QueueEnvironment Environment, int TasksMax, int CuMax);

/// <summary>A queue as its row says it.</summary>
public sealed record QueueRow(int Id, WorkspaceId Workspace, QueueSettings Settings, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What came of saving a queue.</summary>
public abstract record SaveQueueResult
{
    private SaveQueueResult()
    {
    }

    public sealed record Saved(QueueRow Queue) : SaveQueueResult;

    public sealed record NotFound : SaveQueueResult;

    /// <summary>Another queue of the workspace has the name under which one was to be created.</summary>
    public sealed record NameTaken : SaveQueueResult;

    /// <summary>The queue has another name, and keeps it.</summary>
    public sealed record NameIsFixed : SaveQueueResult;

    /// <summary>A standard queue keeps its environment.</summary>
    public sealed record IsStandard : SaveQueueResult;

    /// <summary>The workspace has <see cref="IQueueStore.QueuesMax"/> queues.</summary>
    public sealed record TooMany : SaveQueueResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveQueueResult;
}
