using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage;

namespace Porpoise.Api.Definitions;

/// <summary>
/// Nodes by themselves, as DolphinScheduler's task pages ask for them. Here a node is a part of its definition: it has no life of its own, its version is
/// its definition's, and codes that clients chose themselves may be in several definitions, of which the one changed last answers.
/// </summary>
public sealed class TaskDefinitionOperations(IStore store)
{
    private const string Nodes = "/dolphinscheduler/projects/{projectCode}/task-definition";

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("GET", Nodes, "emr-serverless-spark:ListTaskDefinitions", "A page of the nodes of all definitions", PageAsync),
        new("GET", Nodes + "/{code}", "emr-serverless-spark:GetTaskDefinition", "One node; processDefinitionCode says of which definition", GetAsync),
        new("GET", Nodes + "/{code}/versions", "emr-serverless-spark:ListTaskDefinitionVersions", "A page of a node's versions, newest first", PageVersionsAsync),
    ];

    private async Task<Answer> PageAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters);
        bool Fits(string name, string parameter) => call.Parameters.Search(parameter) is not { } search || name.Contains(search, StringComparison.OrdinalIgnoreCase);
        if (call.Parameters.Word("taskExecuteType", "BATCH", "STREAM") == "STREAM") // streaming tasks do not exist here
        {
            return Answer.Of(DolphinPage.Empty<NodeInList>(wish), DefinitionJson.Default.DolphinPageNodeInList);
        }

        var workflows = (await _lookup.AllAsync(call.Workspace, DefinitionLookup.DetailedListMax)).Where(w => Fits(w.Name, "searchWorkflowName"));
        var type = call.Parameters.Text("taskType");
        var nodes = new List<NodeInList>();
        foreach (var current in await _lookup.CurrentsAsync(workflows))
        {
            var definition = current.Version.Definition;
            var names = definition.Tasks.ToDictionary(t => t.Code, t => t.Name);
            var upstream = definition.Edges.ToLookup(e => e.To, e => e.From);
            nodes.AddRange(definition.Tasks
                .Where(t => (type is null || t.Type == TaskTypes.Canonical(type)) && Fits(t.Name, "searchTaskName"))
                .Select(t => NodeInList.Of(current, t, upstream[t.Code].Distinct(), names)));
        }

        return Answer.Of(DolphinPage.Cut(wish, nodes), DefinitionJson.Default.DolphinPageNodeInList);
    }

    private async Task<Answer> GetAsync(Call call)
    {
        var (current, index) = await FindAsync(call);
        return Answer.Of(DolphinNode.Of(current.Workflow, call.Workspace, current.Version, index), DefinitionJson.Default.DolphinNode);
    }

    /// <summary>Those of the definition that have the node.</summary>
    private async Task<Answer> PageVersionsAsync(Call call)
    {
        var wish = PageWish.Read(call.Parameters, VersionOperations.PageMax);
        var (current, index) = await FindAsync(call);
        var code = current.Version.Definition.Tasks[index].Code;
        var page = await store.ListVersionsAsync(current.Workflow.Code, code, wish.Request);
        return Answer.Of(
            DolphinPage.Of(wish, [.. page.Rows.Select(v => DolphinNode.Of(current.Workflow, call.Workspace, v, IndexOf(v.Definition, code)))], page.Total),
            DefinitionJson.Default.DolphinPageDolphinNode);
    }

    private async Task<(CurrentVersion Current, int Index)> FindAsync(Call call)
    {
        var code = new TaskCode(call.Parameters.RequiredLong("code", 1, WorkflowLimits.CodeLimit - 1));
        if (call.Parameters.Text("processDefinitionCode") is not null)
        {
            var current = await _lookup.CurrentAsync(call, DefinitionLookup.CodeOf(call, "processDefinitionCode"));
            return IndexOf(current.Version.Definition, code) is >= 0 and var index ? (current, index) : throw NoSuchNode(code);
        }

        foreach (var workflow in await _lookup.AllAsync(call.Workspace, DefinitionLookup.ListMax))
        {
            foreach (var current in await _lookup.CurrentsAsync([workflow]))
            {
                if (IndexOf(current.Version.Definition, code) is >= 0 and var index)
                {
                    return (current, index);
                }
            }
        }

        throw NoSuchNode(code);
    }

    private static int IndexOf(WorkflowDefinition definition, TaskCode code)
    {
        for (var i = 0; i < definition.Tasks.Count; i++)
        {
            if (definition.Tasks[i].Code == code)
            {
                return i;
            }
        }

        return -1;
    }

    private static RefusalException NoSuchNode(TaskCode code) => new(
        ErrorCodes.TaskDefinitionNotFound,
        string.Create(CultureInfo.InvariantCulture, $"No workflow definition of this workspace has a node {code}."));
}

/// <summary>A node in the list of all nodes, with the names of those it waits for.</summary>
internal sealed record NodeInList(
    string TaskName,
    long TaskCode,
    int TaskVersion,
    string TaskType,
    string TaskCreateTime,
    string TaskUpdateTime,
    long ProcessDefinitionCode,
    int ProcessDefinitionVersion,
    string ProcessDefinitionName,
    string ProcessReleaseState,
    IReadOnlyDictionary<string, string> UpstreamTaskMap)
{
    internal static NodeInList Of(CurrentVersion current, TaskDefinition task, IEnumerable<TaskCode> upstream, Dictionary<TaskCode, string> names)
    {
        var time = DolphinTime.Write(current.Version.CreatedAt);
        return new NodeInList(
            task.Name, task.Code.Value, current.Version.Version, task.Type, DolphinTime.Write(current.Workflow.CreatedAt), time, current.Workflow.Code.Value, current.Version.Version,
            current.Workflow.Name, DolphinWorkflow.ReleaseStateOf(current.Workflow), upstream.ToDictionary(c => c.ToString(), c => names[c], StringComparer.Ordinal));
    }
}
