using Porpoise.Storage.Audit;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Conformance;

/// <summary>How a provider gives the suite a store. Each test has a fixture, and so a store, of its own.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    /// <summary>Of the store that was opened last.</summary>
    IAccessStore Access { get; }

    /// <summary>Of the store that was opened last.</summary>
    IAuditStore Audit { get; }

    /// <summary>Opens a store in which nothing was ever written.</summary>
    Task<IStore> OpenAsync();

    /// <summary>Opens the same store again as after a crash: whoever had it open closed nothing.</summary>
    Task<IStore> ReopenAsync();
}
