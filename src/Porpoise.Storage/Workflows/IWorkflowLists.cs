using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;

namespace Porpoise.Storage.Workflows;

/// <summary>Lists of workflow definitions and their versions, and what is done to them from there.</summary>
public interface IWorkflowLists
{
    /// <summary>Those last changed first. <paramref name="search"/>: part of the name, in which the case of A to Z does not matter; null: all.</summary>
    Task<Page<WorkflowRow>> ListWorkflowsAsync(WorkspaceId workspace, string? search, PageRequest page);

    /// <summary>Null: no definition of the workspace has exactly this name.</summary>
    Task<WorkflowRow?> FindWorkflowByNameAsync(WorkspaceId workspace, string name);

    /// <summary>Newest first. <paramref name="node"/>: only those that have this node; null: all.</summary>
    Task<Page<WorkflowVersionRow>> ListVersionsAsync(WorkflowCode code, TaskCode? node, PageRequest page);

    /// <summary>Makes a stored version the current one, which development runs take and the next edit starts from. Publishes nothing.</summary>
    Task<ChangeWorkflowResult> SwitchVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, string by, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Deletes a stored version that is neither current nor published, and that no run is pinned to.</summary>
    Task<ChangeWorkflowResult> DeleteVersionAsync(WorkspaceId workspace, WorkflowCode code, int version, NonceRow? nonce);

    /// <summary>Deletes a definition that is not published and of which no run is under way. The versions that ended runs are pinned to are kept for reading those.</summary>
    Task<ChangeWorkflowResult> DeleteWorkflowAsync(WorkspaceId workspace, WorkflowCode code, NonceRow? nonce);

    /// <summary>Hands a definition over to another workspace; it must not be published, no run of it may be under way, and its name must be free there. Its runs stay where they were.</summary>
    Task<ChangeWorkflowResult> MoveWorkflowAsync(WorkspaceId workspace, WorkflowCode code, WorkspaceId target, string by, DateTimeOffset at, NonceRow? nonce);
}

/// <summary>What came of a change to a definition.</summary>
public enum ChangeWorkflowResult
{
    Changed,

    /// <summary>No such definition in the workspace.</summary>
    NotFound,

    /// <summary>No such version.</summary>
    VersionNotFound,

    /// <summary>The definition, or this version of it, is published.</summary>
    Published,

    /// <summary>The version is the current one.</summary>
    Current,

    /// <summary>A run is pinned to the version, or a run of the definition is under way.</summary>
    UsedByRuns,

    /// <summary>The name is taken in the other workspace.</summary>
    NameTaken,

    /// <summary>The nonce was used before.</summary>
    NonceUsed,
}
