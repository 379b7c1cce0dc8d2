using Porpoise.Core.Workflows;
using Porpoise.Engine.Environments;
using Porpoise.Engine.Queues;
using Porpoise.Storage.DataSources;

namespace Porpoise.Api.Definitions;

/// <summary>Finds out what the definitions of a workspace may refer to.</summary>
public sealed class DefinitionSurroundings(QueueCatalog queues, EnvironmentCatalog environments, WorkerGroupCatalog groups, IDataSourceStore sources)
{
    public async Task<WorkflowSurroundings> OfAsync(WorkspaceId workspace) => new(queues.ListOf(workspace).Select(q => q.Settings.Name).ToHashSet(StringComparer.Ordinal))
    {
        Environments = environments.List().Select(e => e.Code).ToHashSet(),
        DataSources = (await sources.ListDataSourcesAsync(workspace)).Select(s => s.Id).ToHashSet(),
        WorkerGroups = groups.All.Select(g => g.Settings.Name).ToHashSet(StringComparer.Ordinal),
    };
}
