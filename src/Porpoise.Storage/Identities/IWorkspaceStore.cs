using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Identities;

/// <summary>Creates, renames and deletes workspaces.</summary>
public interface IWorkspaceStore
{
    /// <summary>With its standard queues.</summary>
    /// <param name="ownerId">A user or a role, which becomes a member as its owner; null: the account's owner, who needs no membership.</param>
    Task<ChangeWorkspaceResult> CreateWorkspaceAsync(WorkspaceRow workspace, NonceRow? nonce, string? ownerId = null);

    /// <param name="description">Null: it stays as it is.</param>
    Task<ChangeWorkspaceResult> UpdateWorkspaceAsync(WorkspaceId workspace, string name, string? description, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Deletes a workspace that has no workflow definitions and no runs, with its queues and its members.</summary>
    Task<ChangeWorkspaceResult> DeleteWorkspaceAsync(WorkspaceId workspace, NonceRow? nonce);

    /// <summary>How many definitions a workspace has.</summary>
    Task<long> CountWorkflowsAsync(WorkspaceId workspace);
}

/// <summary>What came of a change to a workspace.</summary>
public enum ChangeWorkspaceResult
{
    Changed,
    NotFound,

    /// <summary>Another workspace has the name.</summary>
    NameTaken,

    /// <summary>It has definitions or runs.</summary>
    NotEmpty,

    /// <summary>The nonce was used before.</summary>
    NonceUsed,
}
