using Porpoise.Storage.DataSources;
using Porpoise.Storage.Environments;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Library;
using Porpoise.Storage.Queues;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage;

/// <summary>
/// The durable truth. Each verb is exactly one transaction; a write's task completes only when it is durable. Expected refusals are values;
/// <see cref="StoreUnavailableException"/> means that the store cannot serve now.
/// </summary>
public interface IStore : IRunStore, IRunLists, IWorkflowStore, IWorkflowLists, IIdentityStore, IWorkspaceStore, IQueueStore, IWorkerGroupStore, IEnvironmentStore, ILibraryStore, IDataSourceStore, IAsyncDisposable
{
    StoreHealth Health { get; }

    /// <summary>
    /// Raised when the store takes writes again after a time in which it did not. What was written in between is not known to whoever
    /// wrote it: read again what is unfinished.
    /// </summary>
    event Action? Recovered;
}
