using System.Globalization;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;
using Porpoise.Core.Environments;
using Porpoise.Core.Queues;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Environments;
using Porpoise.Engine.Queues;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Runs;

/// <summary>The queue of a run, and whether the caller named it: then the nodes' own queues do not count.</summary>
internal readonly record struct ChosenQueue(string Name, bool IsChosen);

/// <summary>What a run is pinned to, and the zone in which its time parameters are written: that of the workflow's schedule.</summary>
internal readonly record struct ChosenVersion(CompiledVersion Version, string TimeZone);

/// <summary>Chooses the version and the queue of a run, and says why when there is none.</summary>
internal sealed class StartChoices(IWorkflowStore store, WorkflowCatalog catalog, QueueCatalog queues, EnvironmentCatalog environments)
{
    /// <summary>Nodes that one message names.</summary>
    private const int NodesNamedMax = 20;

    /// <summary>
    /// What a run is pinned to: the named version, else the published one in production and the current one in development. Production runs
    /// need a published workflow also when they name another version of it: OFFLINE means that it is not in production.
    /// </summary>
    public async Task<ChosenVersion> ChooseVersionAsync(Call call, WorkflowCode code, bool isProduction)
    {
        var workflow = await store.FindWorkflowAsync(call.Workspace.Id, code) ?? throw DefinitionLookup.NoSuchWorkflow(code);
        if (isProduction && workflow.PublishedVersion is null)
        {
            throw new RefusalException(ErrorCodes.NotPublished, $"Workflow '{workflow.Name}' is not published. {ErrorCodes.NotPublished.Remedy}");
        }

        var number = await ReadPinAsync(call.Parameters, workflow) ?? (isProduction ? workflow.PublishedVersion!.Value : workflow.Version);
        var version = await catalog.LoadAsync(code, number) ?? throw DefinitionLookup.NoSuchVersion(workflow, number);
        return new ChosenVersion(version, workflow.Schedule?.TimeZone ?? ScheduleParser.DefaultTimeZone);
    }

    /// <summary>
    /// The queue that the caller names; else the workflow's own, if it takes runs of this kind; else the standard one. Then the nodes of a
    /// production run that name queues of their own must name production queues.
    /// </summary>
    public ChosenQueue ChooseQueue(WorkspaceId workspace, string? wanted, WorkflowDefinition definition, bool isProduction)
    {
        if (wanted is not null)
        {
            return queues.Find(new QueueKey(workspace, wanted)) is not null ? new ChosenQueue(wanted, IsChosen: true) : throw NoSuchQueue(workspace, "", wanted);
        }

        if (isProduction)
        {
            CheckNodeQueues(workspace, definition);
        }

        if (definition.Queue.Length > 0)
        {
            var own = queues.Find(new QueueKey(workspace, definition.Queue)) ?? throw NoSuchQueue(workspace, "The workflow's own queue is not there any more; name another one with runtimeQueue. ", definition.Queue);
            if (Takes(own.Settings.Environment, isProduction))
            {
                return new ChosenQueue(definition.Queue, IsChosen: false);
            }
        }

        return new ChosenQueue(isProduction ? StandardQueues.Production : StandardQueues.Development, IsChosen: false);
    }

    /// <summary>The environment of the nodes that name none. Those that name one must name one that is there.</summary>
    public EnvironmentCode ChooseEnvironment(Parameters parameters, WorkflowDefinition definition)
    {
        var chosen = EnvironmentCode.OfWire(parameters.Long("environmentCode"));
        CheckEnvironments(environments, definition.Tasks, chosen);
        return chosen;
    }

    /// <summary>A task whose environment is not there would fail, each time that it is tried.</summary>
    /// <param name="environments">Those that there are.</param>
    /// <param name="tasks">The nodes that are to run.</param>
    /// <param name="ofRun">The environment of the nodes that name none.</param>
    public static void CheckEnvironments(EnvironmentCatalog environments, IEnumerable<TaskDefinition> tasks, EnvironmentCode ofRun)
    {
        foreach (var code in tasks.Select(static t => t.Environment).Append(ofRun).Distinct())
        {
            if (environments.VariablesOf(code) is null)
            {
                throw new RefusalException(ErrorCodes.EnvironmentNotFound, $"There is no environment {code} (any more). {ErrorCodes.EnvironmentNotFound.Remedy}");
            }
        }
    }

    /// <summary>A task of a worker group that is not there would wait for ever.</summary>
    /// <param name="groups">Those that there are.</param>
    /// <param name="tasks">The nodes that are to run.</param>
    /// <param name="ofRun">The group of the nodes that name none.</param>
    public static void CheckGroups(WorkerGroupCatalog groups, IEnumerable<TaskDefinition> tasks, string ofRun)
    {
        var refused = tasks.Select(t => (t.Name, Group: t.WorkerGroup.Length > 0 ? t.WorkerGroup : ofRun)).Where(t => !groups.Has(t.Group)).Select(t => $"'{t.Name}' ({t.Group})").ToList();
        if (refused.Count > 0)
        {
            throw new RefusalException(
                ErrorCodes.WorkerGroupNotFound,
                $"The worker groups of these nodes are not there any more: {Listed(refused)}. There are: {string.Join(", ", groups.All.Select(g => g.Settings.Name))}. Create the group again, or change the nodes and start anew.");
        }
    }

    /// <summary>Nothing is started of a workflow that could not be run to its end.</summary>
    public static void CheckTypes(CompiledVersion version)
    {
        if (version.NotRunnable.Count > 0)
        {
            var nodes = version.NotRunnable.Select(t => $"'{t.Name}' ({t.Type})").ToList();
            throw new RefusalException(ErrorCodes.TypeNotRunnable, $"Nothing was started: this server cannot run the types of these nodes: {Listed(nodes)}.");
        }
    }

    private async Task<int?> ReadPinAsync(Parameters parameters, WorkflowRow workflow)
    {
        var number = parameters.Int("versionNumber", 1);
        if (parameters.Int("version", 1) is { } version)
        {
            number = number is null || number == version
                ? version
                : throw new RefusalException(ErrorCodes.BadParameter, $"versionNumber {number} and version {version} name different versions.");
        }

        if (parameters.Text("versionHashCode") is not { } hash)
        {
            return number;
        }

        var byHash = await store.FindVersionByHashAsync(workflow.Code, hash)
            ?? throw new RefusalException(ErrorCodes.VersionNotFound, $"No version of workflow '{workflow.Name}' has the versionHashCode '{hash}'.");
        if (number is { } named && await store.FindVersionAsync(workflow.Code, named) is { } row && row.Hash != hash)
        {
            throw new RefusalException(ErrorCodes.BadParameter, $"versionNumber {named} and versionHashCode '{hash}' name different versions.");
        }

        return number ?? byHash;
    }

    private void CheckNodeQueues(WorkspaceId workspace, WorkflowDefinition definition)
    {
        List<string>? refused = null;
        foreach (var task in definition.Tasks)
        {
            if (task.Queue.Length > 0 && (queues.Find(new QueueKey(workspace, task.Queue)) is not { } queue || !Takes(queue.Settings.Environment, isProduction: true)))
            {
                (refused ??= []).Add($"'{task.Name}' ({task.Queue})");
            }
        }

        if (refused is not null)
        {
            throw new RefusalException(
                ErrorCodes.QueueNotFound,
                $"In a production run the nodes' queues must be production queues of the workspace; these are not: {Listed(refused)}. Change the nodes, or name one queue for all of them with runtimeQueue.");
        }
    }

    private RefusalException NoSuchQueue(WorkspaceId workspace, string reason, string name) => new(
        ErrorCodes.QueueNotFound,
        $"{reason}There is no queue '{name}' in this workspace. There are: {string.Join(", ", queues.ListOf(workspace).Take(NodesNamedMax).Select(q => q.Settings.Name))}.");

    private static bool Takes(QueueEnvironment environment, bool isProduction) =>
        environment == QueueEnvironment.Both || environment == (isProduction ? QueueEnvironment.Production : QueueEnvironment.Development);

    private static string Listed(List<string> nodes) => nodes.Count <= NodesNamedMax
        ? string.Join(", ", nodes)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", nodes.Take(NodesNamedMax))} and {nodes.Count - NodesNamedMax} more");
}
