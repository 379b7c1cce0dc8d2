using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>Create, update and release workflow definitions, and mint codes.</summary>
public sealed class DefinitionOperations(IWorkflowStore store, CodeMint codes, TimeProvider clock)
{
    /// <summary>Codes handed out in one call.</summary>
    public const int CodesMax = 10_000;

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/projects/{projectCode}/task-definition/gen-task-codes", "emr-serverless-spark:GenerateTaskCodes", "Mint codes for new nodes", GenerateTaskCodesAsync),
        new("POST", "/dolphinscheduler/projects/{projectCode}/process-definition", "emr-serverless-spark:CreateProcessDefinitionWithSchedule", "Create a workflow definition", CreateAsync),
        new("PUT", "/dolphinscheduler/projects/{projectCode}/process-definition/{code}", "emr-serverless-spark:UpdateProcessDefinitionWithSchedule", "Save a new version of a workflow definition", UpdateAsync),
        new("POST", "/dolphinscheduler/projects/{projectCode}/process-definition/{code}/release", "emr-serverless-spark:ReleaseWorkflowAndSchedule", "Publish the newest version (ONLINE), or none (OFFLINE)", ReleaseAsync),
    ];

    private async Task<Answer> GenerateTaskCodesAsync(Call call)
    {
        CheckNamespace(call);
        var count = call.Parameters.RequiredInt("genNum", 1, CodesMax);
        return Answer.Of(await codes.TakeAsync(count), WireJson.Default.Int64Array);
    }

    private async Task<Answer> CreateAsync(Call call)
    {
        CheckNamespace(call);
        if (call.IsCloud)
        {
            call.Parameters.RequiredText("executionType");
            call.Parameters.RequiredText("description");
        }

        var definition = DefinitionParser.Parse(call.Parameters);
        var code = new WorkflowCode((await codes.TakeAsync(1))[0]);
        var result = await store.CreateWorkflowAsync(
            call.Workspace.Id, code, definition, call.Parameters.Bool("publish") ?? false, call.Principal.UserName, clock.GetUtcNow(), call.Nonce);
        var saved = Saved(result, definition.Name);
        return call.IsCloud
            ? Answer.Of(new CreatedWorkflow(saved.Workflow.Code.Value, saved.Workflow.Id), WireJson.Default.CreatedWorkflow)
            : new Answer.Data(DolphinWorkflow.Of(saved.Workflow, call.Workspace, definition.Description), WireJson.Default.DolphinWorkflow, Created: true);
    }

    private async Task<Answer> UpdateAsync(Call call)
    {
        CheckNamespace(call);
        if (call.IsCloud)
        {
            call.Parameters.RequiredText("executionType");
        }

        var code = new WorkflowCode(call.Parameters.RequiredLong("code", 1, WorkflowLimits.CodeLimit - 1));
        var definition = DefinitionParser.Parse(call.Parameters);
        var releaseState = call.Parameters.Word("releaseState", "ONLINE", "OFFLINE");
        if (!call.IsCloud && await store.FindWorkflowAsync(call.Workspace.Id, code) is { PublishedVersion: not null })
        {
            throw new RefusalException(ErrorCodes.EditWhileOnline, ErrorCodes.EditWhileOnline.Text + " " + ErrorCodes.EditWhileOnline.Remedy);
        }

        bool? published = call.Parameters.Bool("publish") == true || releaseState == "ONLINE" ? true : releaseState == "OFFLINE" ? false : null;
        var result = await store.UpdateWorkflowAsync(
            call.Workspace.Id, code, definition, published, call.Principal.UserName, clock.GetUtcNow(), call.Nonce);
        var saved = Saved(result, definition.Name);
        return call.IsCloud
            ? Answer.Of(CloudWorkflow.Of(saved, call.Workspace, definition.Description, call.Principal.AccountId), WireJson.Default.CloudWorkflow)
            : Answer.Of(DolphinWorkflow.Of(saved.Workflow, call.Workspace, definition.Description), WireJson.Default.DolphinWorkflow);
    }

    private async Task<Answer> ReleaseAsync(Call call)
    {
        var code = new WorkflowCode(call.Parameters.RequiredLong("code", 1, WorkflowLimits.CodeLimit - 1));
        var online = (call.Parameters.Word("releaseState", "ONLINE", "OFFLINE") ?? throw Parameters.Missing("releaseState")) == "ONLINE";
        return await store.ReleaseWorkflowAsync(call.Workspace.Id, code, online, clock.GetUtcNow(), call.Nonce) switch
        {
            ReleaseWorkflowResult.Released => Answer.Of(true, WireJson.Default.Boolean),
            ReleaseWorkflowResult.NonceUsed => throw NonceWasUsed(),
            _ => throw NoSuchWorkflow(code),
        };
    }

    public static RefusalException NoSuchWorkflow(WorkflowCode code) =>
        new(ErrorCodes.WorkflowNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no workflow definition {code} in this workspace."));

    /// <summary>The cloud's product tag; DolphinScheduler has none.</summary>
    internal static void CheckNamespace(Call call)
    {
        if (call.IsCloud && call.Parameters.RequiredText("productNamespace") != "SS")
        {
            throw Parameters.Invalid("productNamespace", "SS");
        }
    }

    private static SaveWorkflowResult.Saved Saved(SaveWorkflowResult result, string name) => result switch
    {
        SaveWorkflowResult.Saved saved => saved,
        SaveWorkflowResult.NameTaken => throw new RefusalException(ErrorCodes.NameTaken, $"Another workflow of this workspace is named '{name}'."),
        SaveWorkflowResult.NonceUsed => throw NonceWasUsed(),
        _ => throw new RefusalException(ErrorCodes.WorkflowNotFound, ErrorCodes.WorkflowNotFound.Text),
    };

    internal static RefusalException NonceWasUsed() => new(
        new Refusal(ErrorCodes.NotAuthenticated, Access.Signatures.GatewayError.SignatureNonceUsed.Message) { Gateway = Access.Signatures.GatewayError.SignatureNonceUsed });
}
