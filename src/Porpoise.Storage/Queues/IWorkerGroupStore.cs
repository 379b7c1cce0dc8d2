using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Queues;

/// <summary>The worker groups of the installation: shares of its slots that never wait for each other.</summary>
public interface IWorkerGroupStore
{
    /// <summary>Worker groups in one installation.</summary>
    const int WorkerGroupsMax = 100;

    /// <summary>In the order in which they were created.</summary>
    Task<IReadOnlyList<WorkerGroupRow>> ListWorkerGroupsAsync();

    Task<SaveWorkerGroupResult> CreateWorkerGroupAsync(WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Every group keeps its name, by which workflows and runs refer to it.</summary>
    Task<SaveWorkerGroupResult> UpdateWorkerGroupAsync(int id, WorkerGroupSettings settings, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Only one that no unfinished run, no current or published version of a workflow, and no environment refers to; never the standard one.</summary>
    Task<SaveWorkerGroupResult> DeleteWorkerGroupAsync(int id, NonceRow? nonce);
}

/// <summary>What people decide about a worker group.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Slots">How many attempts of its tasks may run at once; 0: its tasks wait.</param>
/// <param name="Description">For people; may be empty.</param>
public sealed record WorkerGroupSettings(string Name, int Slots, string Description);

/// <summary>A worker group as its row says it.</summary>
public sealed record WorkerGroupRow(int Id, WorkerGroupSettings Settings, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What came of saving or deleting a worker group.</summary>
public abstract record SaveWorkerGroupResult
{
    private SaveWorkerGroupResult()
    {
    }

    /// <summary>As it is now, or was before it was deleted.</summary>
    public sealed record Saved(WorkerGroupRow Group) : SaveWorkerGroupResult;

    public sealed record NotFound : SaveWorkerGroupResult;

    public sealed record NameTaken : SaveWorkerGroupResult;

    /// <summary>The group has another name, and keeps it.</summary>
    public sealed record NameIsFixed : SaveWorkerGroupResult;

    /// <summary>The standard group cannot be deleted.</summary>
    public sealed record IsStandard : SaveWorkerGroupResult;

    /// <summary>A run or a workflow still refers to it.</summary>
    public sealed record InUse : SaveWorkerGroupResult;

    /// <summary>An environment names it, and could not be saved as it is without it.</summary>
    public sealed record NamedByEnvironment(string Environment) : SaveWorkerGroupResult;

    /// <summary>There are <see cref="IWorkerGroupStore.WorkerGroupsMax"/> groups.</summary>
    public sealed record TooMany : SaveWorkerGroupResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveWorkerGroupResult;
}
