using Porpoise.Storage.Identities;
using Porpoise.Storage.Runs;
using Porpoise.Storage.Workflows;

namespace Porpoise.Storage;

/// <summary>
/// The durable truth. Each verb is exactly one transaction; a write's task completes only when it is durable. Expected refusals are values;
/// <see cref="StoreUnavailableException"/> means that the store cannot serve now.
/// </summary>
public interface IStore : IRunStore, IWorkflowStore, IIdentityStore, IAsyncDisposable
{
    StoreHealth Health { get; }
}
