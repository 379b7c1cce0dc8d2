using System.Globalization;
using Porpoise.Api.Errors;
using Porpoise.Api.Monitor;
using Porpoise.Api.Operations;
using Porpoise.Api.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage;
using Porpoise.Storage.Paging;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Definitions;

/// <summary>A definition's nodes against its last runs.</summary>
public sealed class TreeOperations(IStore store, ThisServer server, TimeProvider clock)
{
    /// <summary>Runs in one answer.</summary>
    public const int RunsMax = 100;

    /// <summary>Nodes times runs in one answer: of a large definition fewer runs are shown.</summary>
    public const int InstancesMax = 100_000;

    private readonly DefinitionLookup _lookup = new(store);

    public IEnumerable<Operation> Table =>
    [
        new("GET", "/dolphinscheduler/projects/{projectCode}/process-definition/{code}/view-tree", "emr-serverless-spark:GetProcessDefinition", "The nodes of a definition, and what became of them in its last runs", GetAsync),
    ];

    private async Task<Answer> GetAsync(Call call)
    {
        var limit = Math.Min(call.Parameters.RequiredInt("limit", 1), RunsMax);
        var (workflow, version) = await _lookup.CurrentAsync(call);
        limit = Math.Clamp(InstancesMax / version.Definition.Tasks.Count, 1, limit);
        var page = await store.ListRunsAsync(call.Workspace.Id, new RunFilter { Workflow = workflow.Code }, new PageRequest(0, limit));
        var versions = new Dictionary<int, TaskCode[]>();
        var runs = new List<RunTasks>();
        foreach (var run in page.Rows.Reverse())
        {
            if (await ReadAsync(run, versions) is { } tasks)
            {
                runs.Add(tasks);
            }
        }

        var tree = TreeView.Of(version.Definition, runs, server.Host, clock.GetUtcNow()) ?? throw new RefusalException(
            ErrorCodes.BadParameter,
            string.Create(CultureInfo.InvariantCulture, $"Workflow '{workflow.Name}' has a chain of more than {TreeView.DepthMax} nodes; no tree is drawn of it. Its runs have lists of their tasks."));
        return Answer.Of(tree, DefinitionJson.Default.TreeNode);
    }

    /// <summary>Null: run and version were deleted since the list was read.</summary>
    /// <param name="versions">The codes of the nodes of those versions that were looked at before.</param>
    private async Task<RunTasks?> ReadAsync(RunRow run, Dictionary<int, TaskCode[]> versions)
    {
        if (!versions.TryGetValue(run.Version, out var codes))
        {
            if (await store.FindVersionAsync(run.Workflow, run.Version) is not { } version)
            {
                return null;
            }

            codes = versions[run.Version] = [.. version.Definition.Tasks.Select(t => t.Code)];
        }

        var tasks = await store.ListReadyTasksAsync(run.Id);
        return new RunTasks(run, tasks.ToDictionary(t => codes[t.Index]));
    }
}
