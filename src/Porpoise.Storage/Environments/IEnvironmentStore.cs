using Porpoise.Core.Environments;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Environments;

/// <summary>The environments, which belong to no workspace.</summary>
public interface IEnvironmentStore
{
    const int EnvironmentsMax = 1_000;

    /// <summary>In the order of their codes, which is that in which they were created.</summary>
    Task<IReadOnlyList<EnvironmentRow>> ListEnvironmentsAsync();

    Task<SaveEnvironmentResult> CreateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, string by, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Changes everything but the code, by which nodes and runs refer to it.</summary>
    Task<SaveEnvironmentResult> UpdateEnvironmentAsync(EnvironmentCode code, EnvironmentSettings settings, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Deletes one that neither a current nor a published version of a workflow names, nor a run that has not ended.</summary>
    Task<DeleteEnvironmentResult> DeleteEnvironmentAsync(EnvironmentCode code, NonceRow? nonce);
}

/// <summary>What people decide about an environment.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Config">Lines <c>export NAME=value</c>, as <see cref="EnvironmentConfig"/> reads them.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="WorkerGroups">The worker groups for which editors offer it.</param>
public sealed record EnvironmentSettings(string Name, string Config, string Description, IReadOnlyList<string> WorkerGroups);

/// <summary>An environment as its row says it.</summary>
public sealed record EnvironmentRow(EnvironmentCode Code, EnvironmentSettings Settings, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What came of saving an environment.</summary>
public abstract record SaveEnvironmentResult
{
    private SaveEnvironmentResult()
    {
    }

    public sealed record Saved(EnvironmentRow Environment) : SaveEnvironmentResult;

    public sealed record NotFound : SaveEnvironmentResult;

    /// <summary>Another environment has the name.</summary>
    public sealed record NameTaken : SaveEnvironmentResult;

    /// <summary>There are <see cref="IEnvironmentStore.EnvironmentsMax"/> environments.</summary>
    public sealed record TooMany : SaveEnvironmentResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveEnvironmentResult;
}

/// <summary>What came of deleting an environment.</summary>
public abstract record DeleteEnvironmentResult
{
    private DeleteEnvironmentResult()
    {
    }

    public sealed record Deleted : DeleteEnvironmentResult;

    public sealed record NotFound : DeleteEnvironmentResult;

    /// <summary>A workflow or a run that has not ended names it.</summary>
    /// <param name="By">Its name.</param>
    public sealed record Used(string By) : DeleteEnvironmentResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : DeleteEnvironmentResult;
}
