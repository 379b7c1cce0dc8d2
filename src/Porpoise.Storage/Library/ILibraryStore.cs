using Porpoise.Core.Library;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Library;

/// <summary>Development tasks and their versions.</summary>
public interface ILibraryStore
{
    /// <summary>Development tasks in one workspace.</summary>
    const int TasksMax = 10_000;

    /// <summary>Workflows that a refusal to delete names.</summary>
    const int UsersNamedMax = 20;

    /// <summary>Stores a new development task as version 1.</summary>
    Task<SaveDevelopmentTaskResult> CreateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce);

    /// <summary>Stores the next version, unless the content equals the newest one's. Its kind stays.</summary>
    /// <param name="basis">The version that the caller made the content from: if another one is the newest by now, nothing is written. Null: whatever there is.</param>
    Task<SaveDevelopmentTaskResult> UpdateDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DevelopmentTask task, SaveTerms terms, NonceRow? nonce, int? basis = null);

    /// <summary>Makes a version the one that production runs take; null: the newest.</summary>
    Task<SaveDevelopmentTaskResult> PublishDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, int? version, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Deletes a development task that no workflow's current or published version refers to. Its versions are kept for the runs that are pinned to them.</summary>
    Task<DeleteDevelopmentTaskResult> DeleteDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Null: no such development task in this workspace.</summary>
    Task<DevelopmentTaskRow?> FindDevelopmentTaskAsync(WorkspaceId workspace, DevelopmentTaskId id);

    /// <summary>Also of a development task that was deleted. Null: no such version.</summary>
    Task<DevelopmentTaskVersionRow?> FindDevelopmentTaskVersionAsync(DevelopmentTaskId id, int version);

    /// <summary>Those last changed first. <paramref name="search"/>: part of the name, in which the case of A to Z does not matter; null: all.</summary>
    Task<Page<DevelopmentTaskRow>> ListDevelopmentTasksAsync(WorkspaceId workspace, string? search, PageRequest page);

    /// <summary>Newest first.</summary>
    Task<Page<DevelopmentTaskVersionRow>> ListDevelopmentTaskVersionsAsync(DevelopmentTaskId id, PageRequest page);
}

/// <summary>How a version is saved.</summary>
/// <param name="Publish">True: it becomes the published one.</param>
/// <param name="Remark">What its author says about it; may be empty.</param>
/// <param name="By">Who saves it.</param>
/// <param name="At">When.</param>
public sealed record SaveTerms(bool Publish, string Remark, string By, DateTimeOffset At);

/// <summary>A development task as its row says it.</summary>
/// <param name="Id">Its name for ever.</param>
/// <param name="Workspace">Where it belongs.</param>
/// <param name="Name">Of the newest version.</param>
/// <param name="Kind">The same in all versions.</param>
/// <param name="Version">The newest, which development runs take.</param>
/// <param name="PublishedVersion">The one that production runs take; null: none is published.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="UpdatedBy">By whom its newest version was saved.</param>
public sealed record DevelopmentTaskRow(
    DevelopmentTaskId Id, WorkspaceId Workspace, string Name, DevelopmentTaskKind Kind, int Version, int? PublishedVersion, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string UpdatedBy);

/// <summary>One stored version; it never changes.</summary>
public sealed record DevelopmentTaskVersionRow(DevelopmentTaskId Id, int Version, DevelopmentTask Task, string Remark, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>What came of saving or publishing a development task.</summary>
public abstract record SaveDevelopmentTaskResult
{
    private SaveDevelopmentTaskResult()
    {
    }

    public sealed record Saved(DevelopmentTaskRow Task) : SaveDevelopmentTaskResult;

    public sealed record NotFound : SaveDevelopmentTaskResult;

    public sealed record VersionNotFound : SaveDevelopmentTaskResult;

    /// <summary>Another development task of the workspace has the name.</summary>
    public sealed record NameTaken : SaveDevelopmentTaskResult;

    /// <summary>It is of this kind, and stays so.</summary>
    public sealed record KindIsFixed(DevelopmentTaskKind Kind) : SaveDevelopmentTaskResult;

    /// <summary>The workspace has <see cref="ILibraryStore.TasksMax"/> of them.</summary>
    public sealed record TooMany : SaveDevelopmentTaskResult;

    /// <summary>Somebody else changed it after the caller had looked at it.</summary>
    public sealed record Overtaken : SaveDevelopmentTaskResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveDevelopmentTaskResult;
}

/// <summary>What came of deleting a development task.</summary>
public abstract record DeleteDevelopmentTaskResult
{
    private DeleteDevelopmentTaskResult()
    {
    }

    public sealed record Deleted : DeleteDevelopmentTaskResult;

    public sealed record NotFound : DeleteDevelopmentTaskResult;

    /// <summary>These workflows refer to it; at most <see cref="ILibraryStore.UsersNamedMax"/> are named.</summary>
    public sealed record InUse(IReadOnlyList<string> Workflows) : DeleteDevelopmentTaskResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : DeleteDevelopmentTaskResult;
}
