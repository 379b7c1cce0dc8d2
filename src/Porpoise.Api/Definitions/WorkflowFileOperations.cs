using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Workflows as files: make a workspace's workflows what a file says, and say what they are as files. The name is what ties the two together.</summary>
public sealed class WorkflowFileOperations(IStore store, DefinitionSurroundings surroundings, CodeMint codes, AccessGate gate, TimeProvider clock)
{
    private const string Workflows = "/porpoise/v1/workspaces/{projectCode}/workflows";
    private const string Create = "emr-serverless-spark:CreateProcessDefinitionWithSchedule";
    private const string Update = "emr-serverless-spark:UpdateProcessDefinitionWithSchedule";

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("POST", Workflows + "/apply", Create, "Create or change workflows to what a file says", ApplyAsync) { TakesFile = true },
        new("GET", Workflows + "/export", "emr-serverless-spark:GetProcessDefinition", "Workflows as YAML", ExportAsync),
    ];

    /// <summary>Nothing is changed unless all of the file is sound. What is already as the file says is left alone, so the same file can be applied again and again.</summary>
    private async Task<Answer> ApplyAsync(Call call)
    {
        var entries = WorkflowText.Read(call.Parameters.RequiredText("file"), await surroundings.OfAsync(call.Workspace.Id));
        var (publish, isDry) = (call.Parameters.Bool("publish") == true, call.Parameters.Bool("dryRun") == true);
        if (publish)
        {
            gate.CheckNotForbidden(call, DefinitionOperations.PublishAction);
        }

        var applied = new List<AppliedWorkflow>();
        await Batch.ForEachAsync(call, store, entries, e => $"'{e.Name}'", async e => applied.Add(await ApplyAsync(call, e, publish, isDry)));
        return Answer.Of(applied, DefinitionJson.Default.IReadOnlyListAppliedWorkflow);
    }

    private async Task<AppliedWorkflow> ApplyAsync(Call call, WorkflowEntry entry, bool publish, bool isDry)
    {
        for (var tries = 1; ; tries++)
        {
            var workflow = await store.FindWorkflowByNameAsync(call.Workspace.Id, entry.Name);
            var result = workflow is null ? await CreateAsync(call, entry, publish, isDry) : await UpdateAsync(call, entry, workflow, publish, isDry);
            if (result.Applied is { } applied)
            {
                return applied;
            }

            if (tries == Overtaking.TriesMax || result.Saved is SaveWorkflowResult.NonceUsed)
            {
                DefinitionOperations.Saved(result.Saved!, workflow?.Code ?? default, entry.Name);
            }
        }
    }

    private async Task<(AppliedWorkflow? Applied, SaveWorkflowResult? Saved)> CreateAsync(Call call, WorkflowEntry entry, bool publish, bool isDry)
    {
        if (isDry)
        {
            return (new AppliedWorkflow(entry.Name, null, AppliedWorkflow.Created, 1, null, publish ? 1 : null), null);
        }

        var fresh = await codes.TakeAsync(1 + entry.Source.CountNewCodes(before: null));
        var definition = entry.Source.Onto(before: null, fresh.Skip(1).Select(c => new TaskCode(c)));
        var result = await store.CreateWorkflowAsync(
            call.Workspace.Id, new WorkflowCode(fresh[0]), definition, publish, call.Principal.UserName, clock.GetUtcNow(), nonce: null, entry.Schedule);
        return (result is SaveWorkflowResult.Saved saved ? AppliedWorkflow.Of(saved, AppliedWorkflow.Created) : null, result);
    }

    private async Task<(AppliedWorkflow? Applied, SaveWorkflowResult? Saved)> UpdateAsync(Call call, WorkflowEntry entry, WorkflowRow workflow, bool publish, bool isDry)
    {
        gate.CheckAlso(call, Update, "*");
        var before = await _lookup.VersionAsync(workflow, workflow.Version);
        var count = entry.Source.CountNewCodes(before.Definition);
        var fresh = isDry ? [.. Enumerable.Range(1, count).Select(i => WorkflowLimits.CodeLimit + i)] : await codes.TakeAsync(count);
        var definition = entry.Source.Onto(before.Definition, fresh.Select(c => new TaskCode(c)));
        var schedule = entry.Schedule is { } change && change.Schedule != workflow.Schedule ? change : null;
        var isSame = ReferenceEquals(definition, before.Definition);
        if (isSame && schedule is null && (!publish || workflow.PublishedVersion == workflow.Version))
        {
            return (new AppliedWorkflow(workflow.Name, workflow.Code.Value, AppliedWorkflow.Unchanged, workflow.Version, before.Hash, workflow.PublishedVersion), null);
        }

        if (isDry)
        {
            var version = isSame ? workflow.Version : workflow.LastVersion + 1;
            return (new AppliedWorkflow(workflow.Name, workflow.Code.Value, AppliedWorkflow.Changed, version, isSame ? before.Hash : null, publish ? version : workflow.PublishedVersion), null);
        }

        var result = await store.UpdateWorkflowAsync(
            call.Workspace.Id, workflow.Code, definition, publish ? true : null, call.Principal.UserName, clock.GetUtcNow(), nonce: null, schedule, workflow);
        return (result is SaveWorkflowResult.Saved saved ? AppliedWorkflow.Of(saved, AppliedWorkflow.Changed) : null, result);
    }

    private async Task<Answer> ExportAsync(Call call)
    {
        var currents = call.Parameters.Text("name") is { } name
            ? await _lookup.CurrentsAsync([await store.FindWorkflowByNameAsync(call.Workspace.Id, name) ?? throw new RefusalException(ErrorCodes.WorkflowNotFound, $"There is no workflow definition '{name}' in this workspace.")])
            : call.Parameters.Text("codes") is not null
                ? await _lookup.CurrentsAsync(call, CodeList.Read(call.Parameters, "codes"))
                : await _lookup.CurrentsAsync(await _lookup.AllAsync(call.Workspace, DefinitionLookup.DetailedListMax));
        return Answer.Of([.. currents.Select(WorkflowYaml.Of)], DefinitionJson.Default.IReadOnlyListWorkflowYaml);
    }
}

/// <summary>What came of a workflow of a file.</summary>
/// <param name="Code">Null: it would be created.</param>
/// <param name="Change">CREATED, CHANGED or UNCHANGED.</param>
/// <param name="VersionHashCode">Null: the content would be new.</param>
internal sealed record AppliedWorkflow(string Name, long? Code, string Change, int Version, string? VersionHashCode, int? PublishedVersion)
{
    public const string Created = "CREATED";
    public const string Changed = "CHANGED";
    public const string Unchanged = "UNCHANGED";

    public static AppliedWorkflow Of(SaveWorkflowResult.Saved saved, string change) =>
        new(saved.Workflow.Name, saved.Workflow.Code.Value, change, saved.Workflow.Version, saved.Hash, saved.Workflow.PublishedVersion);
}

/// <summary>A workflow as a document of a file.</summary>
internal sealed record WorkflowYaml(string Name, long Code, int Version, string VersionHashCode, string Yaml)
{
    public static WorkflowYaml Of(CurrentVersion current) => new(
        current.Workflow.Name, current.Workflow.Code.Value, current.Version.Version, current.Version.Hash, WorkflowFile.Write([(current.Version.Definition, current.Workflow.Schedule)]));
}
