using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Create, update and publish workflow definitions, and mint codes.</summary>
public sealed class DefinitionOperations(IStore store, DefinitionSurroundings surroundings, CodeMint codes, AccessGate gate, TimeProvider clock)
{
    /// <summary>Codes handed out in one call.</summary>
    public const int CodesMax = 10_000;

    internal const string PublishAction = "emr-serverless-spark:PublishWorkflowDefinition";

    private const string Online = "ONLINE";
    private const string Offline = "OFFLINE";
    private const string Definitions = "/dolphinscheduler/projects/{projectCode}/process-definition";

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/projects/{projectCode}/task-definition/gen-task-codes", "emr-serverless-spark:GenerateTaskCodes", "Mint codes for new nodes", GenerateTaskCodesAsync),
        new("POST", Definitions, "emr-serverless-spark:CreateProcessDefinitionWithSchedule", "Create a workflow definition", CreateAsync),
        new("POST", Definitions + "/empty", "emr-serverless-spark:CreateProcessDefinitionWithSchedule", "Refused: a definition has at least one node", RefuseEmptyAsync),
        new("PUT", Definitions + "/{code}", "emr-serverless-spark:UpdateProcessDefinitionWithSchedule", "Save a new version of a workflow definition", UpdateAsync),
        new("PUT", Definitions + "/{code}/basic-info", "emr-serverless-spark:UpdateProcessDefinitionWithSchedule", "Save a new version with the same nodes and edges", UpdateBasicsAsync),
        new("POST", Definitions + "/{code}/release", PublishAction, "Publish the current version (ONLINE), or none (OFFLINE)", ReleaseAsync),
        new("POST", Definitions + "/{code}/release-workflow", "emr-serverless-spark:ReleaseWorkflowAndSchedule", "The same, OFFLINE if it does not say; schedules do not fire yet", ReleaseWithScheduleAsync),
    ];

    private async Task<Answer> GenerateTaskCodesAsync(Call call)
    {
        CheckNamespace(call);
        var count = call.Parameters.RequiredInt("genNum", 1, CodesMax);
        return Answer.Of(await codes.TakeAsync(count), DefinitionJson.Default.Int64Array);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        CheckNamespace(call);
        if (call.IsCloud)
        {
            call.Parameters.RequiredText("executionType");
            call.Parameters.RequiredText("description");
        }

        var parsed = (await ParserOfAsync(call)).Parse(call.Parameters);
        var publish = ReadPublish(call, isPublished: false) ?? false;
        var code = new WorkflowCode((await codes.TakeAsync(1))[0]);
        var result = await store.CreateWorkflowAsync(call.Workspace.Id, code, parsed.Definition, publish, call.Principal.UserName, clock.GetUtcNow(), call.Nonce, parsed.Schedule);
        var saved = Saved(result, code, parsed.Definition.Name);
        return call.IsCloud
            ? Answer.Of(new CreatedWorkflow(saved.Workflow.Code.Value, saved.Workflow.Id), DefinitionJson.Default.CreatedWorkflow)
            : new Answer.Data(DolphinWorkflow.Of(saved.Workflow, call.Workspace, parsed.Definition, saved.Hash), DefinitionJson.Default.DolphinWorkflow, Created: true);
    }

    private static Task<Answer> RefuseEmptyAsync(Call call) => throw new RefusalException(
        ErrorCodes.EmptyDefinition,
        $"{ErrorCodes.EmptyDefinition.Text} Create it with its first node: POST {Definitions.Replace("{projectCode}", call.Workspace.Id.Value, StringComparison.Ordinal)} takes taskDefinitionJson and taskRelationJson.");

    private async Task<Answer> UpdateAsync(Call call)
    {
        CheckNamespace(call);
        if (call.IsCloud)
        {
            call.Parameters.RequiredText("executionType");
        }

        return await SaveAsync(call, static (parser, parameters, before) => parser.Parse(parameters, before));
    }

    private Task<Answer> UpdateBasicsAsync(Call call) => SaveAsync(call, static (parser, parameters, before) => parser.ParseBasics(parameters, before));

    private Task<Answer> ReleaseAsync(Call call) => ReleaseAsync(call, ReadState(call.Parameters) ?? throw Parameters.Missing("releaseState"));

    private Task<Answer> ReleaseWithScheduleAsync(Call call) => ReleaseAsync(call, ReadState(call.Parameters) ?? Offline);

    private async Task<Answer> ReleaseAsync(Call call, string state)
    {
        var code = DefinitionLookup.CodeOf(call);
        var online = state == Online;
        return await store.ReleaseWorkflowAsync(call.Workspace.Id, code, online, clock.GetUtcNow(), call.Nonce) switch
        {
            ReleaseWorkflowResult.Released => Answer.Of(true, DefinitionJson.Default.Boolean),
            ReleaseWorkflowResult.NonceUsed => throw Nonces.WasUsed(),
            _ => throw DefinitionLookup.NoSuchWorkflow(code),
        };
    }

    /// <summary>DolphinScheduler's clients take a definition OFFLINE first; they may rely on nobody changing what is ONLINE.</summary>
    private async Task<CurrentVersion> CheckEditableAsync(Call call)
    {
        var before = await _lookup.CurrentAsync(call);
        return call.IsCloud || before.Workflow.PublishedVersion is null
            ? before
            : throw new RefusalException(ErrorCodes.EditWhileOnline, $"Workflow '{before.Workflow.Name}': {ErrorCodes.EditWhileOnline.Text} {ErrorCodes.EditWhileOnline.Remedy}");
    }

    /// <summary>What a call does not say stays as it is, and not as it was before what somebody else saves meanwhile: then the call is read again.</summary>
    private async Task<Answer> SaveAsync(Call call, Func<DefinitionParser, Parameters, WorkflowDefinition, ParsedDefinition> parse)
    {
        CurrentVersion before;
        ParsedDefinition parsed;
        SaveWorkflowResult result;
        var tries = 0;
        do
        {
            before = await CheckEditableAsync(call);
            parsed = parse(await ParserOfAsync(call), call.Parameters, before.Version.Definition);
            result = await store.UpdateWorkflowAsync(
                call.Workspace.Id, before.Workflow.Code, parsed.Definition, ReadPublish(call, before.Workflow.PublishedVersion is not null), call.Principal.UserName, clock.GetUtcNow(), call.Nonce, parsed.Schedule, before.Workflow);
        }
        while (result is SaveWorkflowResult.Overtaken && ++tries < Overtaking.TriesMax);
        var saved = Saved(result, before.Workflow.Code, parsed.Definition.Name);
        var definition = saved.Workflow.Version == before.Version.Version ? before.Version.Definition : parsed.Definition; // the same content: what stands beside it stays too
        return call.IsCloud
            ? Answer.Of(CloudWorkflow.Of(saved, call.Workspace, definition.AlertEmail, call.Principal.AccountId), DefinitionJson.Default.CloudWorkflow)
            : Answer.Of(DolphinWorkflow.Of(saved.Workflow, call.Workspace, definition, saved.Hash), DefinitionJson.Default.DolphinWorkflow);
    }

    /// <summary>True: the saved version becomes the published one; false: none is published any more; null: as it was.</summary>
    /// <param name="isPublished">As it was. DolphinScheduler's UI says OFFLINE of what is OFFLINE with every save: that asks for nothing.</param>
    private bool? ReadPublish(Call call, bool isPublished)
    {
        var publish = call.Parameters.Bool("publish");
        var releaseState = ReadState(call.Parameters);
        bool? asked = publish == true || releaseState == Online ? true : releaseState == Offline ? false : null;
        if (asked == true || (asked == false && isPublished))
        {
            gate.CheckNotForbidden(call, PublishAction);
        }

        return asked;
    }

    private static string? ReadState(Parameters parameters) => parameters.Word("releaseState", Online, Offline);

    private async Task<DefinitionParser> ParserOfAsync(Call call) => new(call.IsCloud, await surroundings.OfAsync(call.Workspace.Id));

    /// <summary>The cloud's product tag; DolphinScheduler has none.</summary>
    internal static void CheckNamespace(Call call)
    {
        if (call.IsCloud && call.Parameters.RequiredText("productNamespace") != "SS")
        {
            throw Parameters.Invalid("productNamespace", "SS");
        }
    }

    internal static SaveWorkflowResult.Saved Saved(SaveWorkflowResult result, WorkflowCode code, string name) => result switch
    {
        SaveWorkflowResult.Saved saved => saved,
        SaveWorkflowResult.NameTaken => throw NameIsTaken(name),
        SaveWorkflowResult.NonceUsed => throw Nonces.WasUsed(),
        SaveWorkflowResult.Overtaken => throw Overtaking.Refuse($"workflow '{name}'"),
        _ => throw DefinitionLookup.NoSuchWorkflow(code),
    };

    internal static RefusalException NameIsTaken(string name) => new(ErrorCodes.NameTaken, $"Another workflow of this workspace is named '{name}'.");
}
