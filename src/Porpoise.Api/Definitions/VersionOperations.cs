using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>The versions of a definition: list them, compare them, go back to one, delete one.</summary>
public sealed class VersionOperations(IStore store, TimeProvider clock)
{
    /// <summary>Versions in one page: each may be as large as a definition.</summary>
    public const int PageMax = 20;

    private const string Versions = "/dolphinscheduler/projects/{projectCode}/process-definition/{code}/versions";

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("GET", Versions, "emr-serverless-spark:ListProcessDefinitionVersions", "A page of the versions, newest first", PageAsync),
        new("GET", Versions + "/compare", "emr-serverless-spark:QueryProcessDefinitionVersionDifferences", "What is different between two versions", CompareAsync),
        new("GET", Versions + "/{version}", "emr-serverless-spark:SwitchProcessDefinitionVersion", "Make a stored version the current one", SwitchAsync),
        new("DELETE", Versions + "/{version}", "emr-serverless-spark:DeleteProcessDefinitionVersion", "Delete a stored version", DeleteAsync),
    ];

    /// <summary>What the store refused.</summary>
    internal static RefusalException Refused(ChangeWorkflowResult result, WorkflowCode code, string what) => result switch
    {
        ChangeWorkflowResult.NotFound => DefinitionLookup.NoSuchWorkflow(code),
        ChangeWorkflowResult.VersionNotFound => new RefusalException(ErrorCodes.VersionNotFound, $"{what}: {ErrorCodes.VersionNotFound.Text}"),
        ChangeWorkflowResult.NonceUsed => Nonces.WasUsed(),
        ChangeWorkflowResult.NameTaken => new RefusalException(ErrorCodes.NameTaken, $"{what}: {ErrorCodes.NameTaken.Text}"),
        ChangeWorkflowResult.Published => new RefusalException(ErrorCodes.DefinitionOnline, $"{what}: {ErrorCodes.DefinitionOnline.Text} {ErrorCodes.DefinitionOnline.Remedy}"),
        ChangeWorkflowResult.UsedByRuns => new RefusalException(ErrorCodes.DefinitionInUse, $"{what}: {ErrorCodes.DefinitionInUse.Text} {ErrorCodes.DefinitionInUse.Remedy}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters, PageMax);
        var workflow = await _lookup.WorkflowAsync(call, DefinitionLookup.CodeOf(call));
        var page = await store.ListVersionsAsync(workflow.Code, node: null, wish.Request);
        return Answer.Of(
            DolphinPage.Of(wish, [.. page.Rows.Select(v => DolphinWorkflow.OfVersion(workflow, call.Workspace, v))], page.Total),
            DefinitionJson.Default.DolphinPageDolphinWorkflow);
    }

    private async Task<Answer> CompareAsync(Call call)
    {
        var (from, to) = (call.Parameters.RequiredInt("from", 1), call.Parameters.RequiredInt("to", 1));
        var workflow = await _lookup.WorkflowAsync(call, DefinitionLookup.CodeOf(call));
        var comparison = VersionComparison.Of(await _lookup.VersionAsync(workflow, from), await _lookup.VersionAsync(workflow, to));
        return Answer.Of(comparison, DefinitionJson.Default.VersionComparison);
    }

    private async Task<Answer> SwitchAsync(Call call)
    {
        var (code, version) = Named(call);
        var result = await store.SwitchVersionAsync(call.Workspace.Id, code, version, call.Principal.UserName, clock.GetUtcNow(), call.Nonce);
        return result == ChangeWorkflowResult.Changed ? Answer.Nothing : throw Refused(result, code, $"Version {version} of workflow {code}");
    }

    private async Task<Answer> DeleteAsync(Call call)
    {
        var (code, version) = Named(call);
        var what = $"Version {version} of workflow {code}";
        return await store.DeleteVersionAsync(call.Workspace.Id, code, version, call.Nonce) switch
        {
            ChangeWorkflowResult.Changed => Answer.Nothing,
            ChangeWorkflowResult.Current or ChangeWorkflowResult.Published => throw new RefusalException(ErrorCodes.VersionIsCurrent, $"{what}: {ErrorCodes.VersionIsCurrent.Text} {ErrorCodes.VersionIsCurrent.Remedy}"),
            ChangeWorkflowResult.UsedByRuns => throw new RefusalException(ErrorCodes.VersionIsUsed, $"{what}: {ErrorCodes.VersionIsUsed.Text} {ErrorCodes.VersionIsUsed.Remedy}"),
            var result => throw Refused(result, code, what),
        };
    }

    private static (WorkflowCode Code, int Version) Named(Call call) => (DefinitionLookup.CodeOf(call), call.Parameters.RequiredInt("version", 1));
}
