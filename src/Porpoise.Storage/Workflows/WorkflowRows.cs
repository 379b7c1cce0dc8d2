using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;

namespace Porpoise.Storage.Workflows;

/// <summary>A definition as its row says it.</summary>
/// <param name="Id">Dense number, for clients that expect an int32 beside the code.</param>
/// <param name="Code">Its name for ever.</param>
/// <param name="Workspace">Where it belongs.</param>
/// <param name="Name">Unique in the workspace.</param>
/// <param name="Version">The current version, which development runs take.</param>
/// <param name="PublishedVersion">The version that production runs take; null when none is published.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="UpdatedBy">By whom.</param>
public sealed record WorkflowRow(
    int Id,
    WorkflowCode Code,
    WorkspaceId Workspace,
    string Name,
    int Version,
    int? PublishedVersion,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string UpdatedBy)
{
    /// <summary>The highest number that a version ever had; <see cref="Version"/> is a lower one after a switch, and a version that was deleted leaves its number unused.</summary>
    public int LastVersion { get; init; } = Version;

    /// <summary>Of the current version.</summary>
    public string Description { get; init; } = "";

    public string CreatedBy { get; init; } = UpdatedBy;

    /// <summary>Null: it is only started by hand.</summary>
    public Schedule? Schedule { get; init; }
}

/// <summary>A change of a definition's schedule: the new one, or null to have none any more.</summary>
public sealed record ScheduleChange(Schedule? Schedule);

/// <summary>One stored version; it never changes.</summary>
public sealed record WorkflowVersionRow(WorkflowCode Code, int Version, string Hash, WorkflowDefinition Definition, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>What came of saving a definition.</summary>
public abstract record SaveWorkflowResult
{
    private SaveWorkflowResult()
    {
    }

    public sealed record Saved(WorkflowRow Workflow, string Hash) : SaveWorkflowResult;

    /// <summary>Another definition of the workspace has the name.</summary>
    public sealed record NameTaken : SaveWorkflowResult;

    public sealed record NotFound : SaveWorkflowResult;

    /// <summary>Somebody else changed the definition after the caller had looked at it.</summary>
    public sealed record Overtaken : SaveWorkflowResult;

    /// <summary>The nonce was used before.</summary>
    public sealed record NonceUsed : SaveWorkflowResult;
}

/// <summary>What came of publishing a definition, or taking it back.</summary>
public enum ReleaseWorkflowResult
{
    Released,

    /// <summary>No such definition in the workspace.</summary>
    NotFound,

    /// <summary>The nonce was used before.</summary>
    NonceUsed,
}
