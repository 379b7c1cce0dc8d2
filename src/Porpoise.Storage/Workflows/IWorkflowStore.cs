using Porpoise.Core.Workflows;
using Porpoise.Storage.Identities;

namespace Porpoise.Storage.Workflows;

/// <summary>Workflow definitions and their versions.</summary>
public interface IWorkflowStore
{
    /// <summary>Stores a new definition as version 1.</summary>
    /// <param name="schedule">Null: it has none.</param>
    Task<SaveWorkflowResult> CreateWorkflowAsync(WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool publish, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null);

    /// <summary>Stores the next version, unless the content equals the current one's.</summary>
    /// <param name="schedule">Null: as it was.</param>
    /// <param name="published">True: the saved version becomes the published one; false: none is published any more; null: as it was.</param>
    /// <param name="basis">What the caller made the definition from: if another version is current or published by now, nothing is written. Null: whatever there is.</param>
    Task<SaveWorkflowResult> UpdateWorkflowAsync(
        WorkspaceId workspace, WorkflowCode code, WorkflowDefinition definition, bool? published, string by, DateTimeOffset at, NonceRow? nonce, ScheduleChange? schedule = null, WorkflowRow? basis = null);

    /// <summary>Publishes the current version, or none.</summary>
    Task<ReleaseWorkflowResult> ReleaseWorkflowAsync(WorkspaceId workspace, WorkflowCode code, bool online, DateTimeOffset at, NonceRow? nonce);

    /// <summary>Null: no such definition in this workspace.</summary>
    Task<WorkflowRow?> FindWorkflowAsync(WorkspaceId workspace, WorkflowCode code);

    /// <summary>Null: no such version.</summary>
    Task<WorkflowVersionRow?> FindVersionAsync(WorkflowCode code, int version);

    /// <summary>The newest version with that content; null: none.</summary>
    Task<int?> FindVersionByHashAsync(WorkflowCode code, string hash);

    /// <summary>Makes every code below <paramref name="bound"/> count as handed out, also after a restart and if the clock goes back. Returns the bound in force before.</summary>
    Task<long> ReserveCodesAsync(long bound);
}
