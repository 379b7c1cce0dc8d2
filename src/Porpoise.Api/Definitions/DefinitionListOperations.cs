using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Security;
using Porpoise.Storage;

namespace Porpoise.Api.Definitions;

/// <summary>Read workflow definitions: lists, one by one, and what their nodes and parameters are.</summary>
public sealed class DefinitionListOperations(IStore store)
{
    private const string Definitions = "/dolphinscheduler/projects/{projectCode}/process-definition";
    private const string List = "emr-serverless-spark:ListProcessDefinitions";
    private const string Get = "emr-serverless-spark:GetProcessDefinition";

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("GET", Definitions, List, "A page of the definitions, those last changed first", PageAsync),
        new("GET", Definitions + "/list", List, "All definitions with their nodes and edges", ListDetailedAsync),
        new("GET", Definitions + "/all", List, "The same", ListDetailedAsync),
        new("GET", Definitions + "/simple-list", List, "Codes and names of all definitions", ListSimpleAsync),
        new("GET", Definitions + "/query-process-definition-list", List, "Codes, names and versions of all definitions", ListReferencesAsync),
        new("GET", Definitions + "/query-by-name", Get, "The definition with exactly this name", GetByNameAsync),
        new("GET", Definitions + "/verify-name", "emr-serverless-spark:QueryProcessDefinitionName", "Whether a name is free", VerifyNameAsync),
        new("GET", Definitions + "/query-task-definition-list", Get, "Codes and names of a definition's nodes", ListNodeReferencesAsync),
        new("GET", Definitions + "/batch-query-tasks", Get, "The nodes of several definitions", GetNodesOfSeveralAsync),
        new("GET", Definitions + "/{code}", Get, "A definition with its nodes and edges; versionNumber shows another version than the current one", GetAsync),
        new("GET", Definitions + "/{code}/tasks", Get, "The nodes of a definition", GetNodesAsync),
        new("GET", Definitions + "/{code}/view-variables", Get, "The parameters of a definition and of its nodes", GetVariablesAsync),
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        var search = call.Parameters.Search("searchVal");
        if (!DolphinUser.OwnsEverything(call.Parameters))
        {
            return Answer.Of(DolphinPage.Empty<DolphinWorkflow>(wish), DefinitionJson.Default.DolphinPageDolphinWorkflow);
        }

        var page = await store.ListWorkflowsAsync(call.Workspace.Id, search, wish.Request);
        return Answer.Of(DolphinPage.Of(wish, [.. page.Rows.Select(w => DolphinWorkflow.Of(w, call.Workspace))], page.Total), DefinitionJson.Default.DolphinPageDolphinWorkflow);
    }

    private async Task<Answer> ListDetailedAsync(Call call)
    {
        var currents = await _lookup.CurrentsAsync(await _lookup.AllAsync(call.Workspace, DefinitionLookup.DetailedListMax));
        return Answer.Of([.. currents.Select(c => DolphinDag.Of(c.Workflow, call.Workspace, c.Version))], DefinitionJson.Default.IReadOnlyListDolphinDag);
    }

    private async Task<Answer> ListSimpleAsync(Call call)
    {
        var all = await _lookup.AllAsync(call.Workspace, DefinitionLookup.ListMax);
        return Answer.Of([.. all.Select(w => new SimpleWorkflow(w.Id, w.Code.Value, w.Name, call.Workspace.ProjectCode))], DefinitionJson.Default.IReadOnlyListSimpleWorkflow);
    }

    private async Task<Answer> ListReferencesAsync(Call call)
    {
        var all = await _lookup.AllAsync(call.Workspace, DefinitionLookup.ListMax);
        return Answer.Of([.. all.Select(w => new Reference(w.Id, w.Code.Value, w.Name, w.Version))], DefinitionJson.Default.IReadOnlyListReference);
    }

    private async Task<Answer> GetByNameAsync(Call call)
    {
        var name = call.Parameters.RequiredText("name").Trim();
        var workflow = await store.FindWorkflowByNameAsync(call.Workspace.Id, name)
            ?? throw new RefusalException(ErrorCodes.WorkflowNotFound, $"There is no workflow definition '{name}' in this workspace.");
        return Answer.Of(DolphinDag.Of(workflow, call.Workspace, await _lookup.VersionAsync(workflow, workflow.Version)), DefinitionJson.Default.DolphinDag);
    }

    private async Task<Answer> VerifyNameAsync(Call call)
    {
        var name = call.Parameters.RequiredText("name").Trim();
        var code = call.Parameters.Long("code");
        DefinitionParser.CheckName(name);
        return await store.FindWorkflowByNameAsync(call.Workspace.Id, name) is { } other && other.Code.Value != code
            ? throw DefinitionOperations.NameIsTaken(name)
            : Answer.Nothing;
    }

    private async Task<Answer> ListNodeReferencesAsync(Call call)
    {
        var current = await _lookup.CurrentAsync(call, DefinitionLookup.CodeOf(call, "processDefinitionCode"));
        return Answer.Of(
            [.. current.Version.Definition.Tasks.Select((t, i) => new Reference(i + 1, t.Code.Value, t.Name, current.Version.Version))],
            DefinitionJson.Default.IReadOnlyListReference);
    }

    private async Task<Answer> GetNodesOfSeveralAsync(Call call)
    {
        var nodes = (await _lookup.CurrentsAsync(call, CodeList.Read(call.Parameters, "codes"))).ToDictionary(
            c => c.Workflow.Code.Value.ToString(CultureInfo.InvariantCulture),
            c => DolphinNode.ListOf(c.Workflow, call.Workspace, c.Version),
            StringComparer.Ordinal);
        return Answer.Of(nodes, DefinitionJson.Default.DictionaryStringIReadOnlyListDolphinNode);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var workflow = await _lookup.WorkflowAsync(call, DefinitionLookup.CodeOf(call));
        var version = await _lookup.VersionAsync(workflow, call.Parameters.Int("versionNumber", 1) ?? workflow.Version);
        return Answer.Of(DolphinDag.Of(workflow, call.Workspace, version), DefinitionJson.Default.DolphinDag);
    }

    private async Task<Answer> GetNodesAsync(Call call)
    {
        var current = await _lookup.CurrentAsync(call);
        return Answer.Of(DolphinNode.ListOf(current.Workflow, call.Workspace, current.Version), DefinitionJson.Default.IReadOnlyListDolphinNode);
    }

    private async Task<Answer> GetVariablesAsync(Call call)
    {
        var definition = (await _lookup.CurrentAsync(call)).Version.Definition;
        var local = definition.Tasks.Where(t => t.LocalParams.Count > 0).ToDictionary(
            t => t.Name,
            t => new DolphinLocalParams(t.Type, WireParameter.Of(t.LocalParams)),
            StringComparer.Ordinal);
        return Answer.Of(new DolphinVariables(WireParameter.Of(definition.GlobalParams), local), DefinitionJson.Default.DolphinVariables);
    }
}

/// <summary>A definition in a short list.</summary>
internal sealed record SimpleWorkflow(int Id, long Code, string Name, long ProjectCode);

/// <summary>A definition or a node, to choose from.</summary>
internal sealed record Reference(int Id, long Code, string Name, int Version);
