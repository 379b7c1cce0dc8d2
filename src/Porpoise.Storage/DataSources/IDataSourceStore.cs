using Porpoise.Core.DataSources;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.DataSources;

/// <summary>The data sources of the workspaces. Each belongs to one, and is found in that one only. Passwords are kept encrypted; the store cannot read them.</summary>
public interface IDataSourceStore
{
    /// <summary>Data sources in one workspace.</summary>
    const int DataSourcesMax = 1_000;

    /// <summary>In the order in which they were created.</summary>
    Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAsync(WorkspaceId workspace);

    Task<DataSourceRow?> FindDataSourceAsync(WorkspaceId workspace, int id);

    /// <param name="encrypt">Gives the encrypted password of the row with this id, for which alone it can be decrypted; null: there is none.</param>
    Task<SaveDataSourceResult> CreateDataSourceAsync(WorkspaceId workspace, DataSourceSettings settings, Func<int, byte[]>? encrypt, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Changes a data source.</summary>
    /// <param name="before">What the caller made the settings from: if it is otherwise by now, nothing is written.</param>
    /// <param name="encryptedPassword">Null: the password stays as it is.</param>
    Task<SaveDataSourceResult> UpdateDataSourceAsync(DataSourceRow before, DataSourceSettings settings, byte[]? encryptedPassword, DateTimeOffset at, NonceRow? nonce);

    Task<SaveDataSourceResult> DeleteDataSourceAsync(WorkspaceId workspace, int id, NonceRow? nonce);

    /// <summary>Of all workspaces those with a password, by id, behind the given one.</summary>
    Task<IReadOnlyList<DataSourceRow>> ListDataSourcesAfterAsync(int after, int max);

    /// <summary>False when the password is no longer the one that was read.</summary>
    Task<bool> ReplaceDataSourcePasswordAsync(int id, byte[] before, byte[] after);
}

/// <summary>A data source as its row says it.</summary>
/// <param name="EncryptedPassword">Under the master key, for this row only; null: there is none.</param>
public sealed record DataSourceRow(int Id, WorkspaceId Workspace, DataSourceSettings Settings, byte[]? EncryptedPassword, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What came of saving or deleting a data source.</summary>
public abstract record SaveDataSourceResult
{
    private SaveDataSourceResult()
    {
    }

    /// <summary>As it is now, or was before it was deleted.</summary>
    public sealed record Saved(DataSourceRow DataSource) : SaveDataSourceResult;

    public sealed record NotFound : SaveDataSourceResult;

    /// <summary>Somebody else changed it after the caller had looked at it.</summary>
    public sealed record Overtaken : SaveDataSourceResult;

    /// <summary>Another data source of the workspace has the name.</summary>
    public sealed record NameTaken : SaveDataSourceResult;

    /// <summary>The workspace has <see cref="IDataSourceStore.DataSourcesMax"/> data sources.</summary>
    public sealed record TooMany : SaveDataSourceResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveDataSourceResult;
}
