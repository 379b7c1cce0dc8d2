using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Identities;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>A definition with its current version.</summary>
internal sealed record CurrentVersion(WorkflowRow Workflow, WorkflowVersionRow Version);

/// <summary>Finds what a call names, in the workspace that its path names and in no other.</summary>
internal sealed class DefinitionLookup(IStore store)
{
    /// <summary>Definitions in an answer that holds them without their nodes, or that looks through all of them.</summary>
    public const int ListMax = 10_000;

    /// <summary>Definitions in an answer that holds their nodes.</summary>
    public const int DetailedListMax = 1_000;

    /// <summary>Nodes of all definitions in one answer.</summary>
    public const int NodesMax = 50_000;

    /// <summary>Characters of all definitions in one answer: several of the largest.</summary>
    public const long LengthMax = 8L * WorkflowLimits.DefinitionLengthMax;

    private const int PageSize = 500;

    /// <summary>The code of a definition, from a parameter.</summary>
    public static WorkflowCode CodeOf(Call call, string name = "code") => new(call.Parameters.RequiredLong(name, 1, WorkflowLimits.CodeLimit - 1));

    public static RefusalException NoSuchWorkflow(WorkflowCode code) =>
        new(ErrorCodes.WorkflowNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no workflow definition {code} in this workspace."));

    public static RefusalException NoSuchVersion(WorkflowRow workflow, int version) => new(
        ErrorCodes.VersionNotFound,
        string.Create(CultureInfo.InvariantCulture, $"Workflow '{workflow.Name}' has no version {version}; its newest is {workflow.LastVersion}."));

    public async Task<WorkflowRow> WorkflowAsync(Call call, WorkflowCode code) => await store.FindWorkflowAsync(call.Workspace.Id, code) ?? throw NoSuchWorkflow(code);

    public async Task<WorkflowVersionRow> VersionAsync(WorkflowRow workflow, int version) =>
        await store.FindVersionAsync(workflow.Code, version) ?? throw NoSuchVersion(workflow, version);

    public Task<CurrentVersion> CurrentAsync(Call call) => CurrentAsync(call, CodeOf(call));

    public async Task<CurrentVersion> CurrentAsync(Call call, WorkflowCode code)
    {
        var workflow = await WorkflowAsync(call, code);
        return new CurrentVersion(workflow, await VersionAsync(workflow, workflow.Version));
    }

    /// <summary>All definitions of the workspace, those last changed first.</summary>
    /// <exception cref="RefusalException">There are more than <paramref name="max"/>.</exception>
    public async Task<IReadOnlyList<WorkflowRow>> AllAsync(WorkspaceRow workspace, int max)
    {
        var all = new Dictionary<WorkflowCode, WorkflowRow>();
        for (long offset = 0; ; offset += PageSize)
        {
            var page = await store.ListWorkflowsAsync(workspace.Id, search: null, new PageRequest(offset, PageSize));
            foreach (var workflow in page.Rows)
            {
                all[workflow.Code] = workflow; // one that was changed in between moves to the front, and others come twice
            }

            if (all.Count > max)
            {
                throw new RefusalException(ErrorCodes.BadParameter, string.Create(CultureInfo.InvariantCulture, $"The workspace has more than {max} workflow definitions. List them in pages."));
            }

            if (page.Rows.Count < PageSize)
            {
                return [.. all.Values];
            }
        }
    }

    /// <summary>Current versions of the definitions that a call names.</summary>
    /// <exception cref="RefusalException">One of them is not there, or they are too large together.</exception>
    public async Task<IReadOnlyList<CurrentVersion>> CurrentsAsync(Call call, IReadOnlyList<WorkflowCode> codes)
    {
        var workflows = new List<WorkflowRow>();
        foreach (var code in codes)
        {
            workflows.Add(await WorkflowAsync(call, code));
        }

        return await CurrentsAsync(workflows);
    }

    /// <summary>Current versions, in the order of the definitions; those that were deleted in between are missing.</summary>
    /// <exception cref="RefusalException">They are larger than <see cref="NodesMax"/> or <see cref="LengthMax"/> allows.</exception>
    public async Task<IReadOnlyList<CurrentVersion>> CurrentsAsync(IEnumerable<WorkflowRow> workflows)
    {
        var currents = new List<CurrentVersion>();
        var (nodes, length) = (0, 0L);
        foreach (var workflow in workflows)
        {
            if (await store.FindVersionAsync(workflow.Code, workflow.Version) is not { } version)
            {
                continue;
            }

            currents.Add(new CurrentVersion(workflow, version));
            nodes += version.Definition.Tasks.Count;
            length += WorkflowValidation.LengthOf(version.Definition);
            if (nodes > NodesMax || length > LengthMax)
            {
                throw new RefusalException(
                    ErrorCodes.BadParameter,
                    string.Create(CultureInfo.InvariantCulture, $"The answer would have more than {NodesMax} nodes or {LengthMax} characters. Ask for fewer definitions."));
            }
        }

        return currents;
    }
}
