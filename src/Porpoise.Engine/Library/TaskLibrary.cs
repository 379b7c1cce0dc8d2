using System.Text.Json;
using Porpoise.Core.Library;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Workflows;
using Porpoise.Storage.Library;

namespace Porpoise.Engine.Library;

/// <summary>The versions of development tasks that a run is pinned to, with what they say.</summary>
public sealed record PinnedLibrary(IReadOnlyDictionary<DevelopmentTaskId, DevelopmentTaskVersionRow> Versions)
{
    public static PinnedLibrary None { get; } = new(new Dictionary<DevelopmentTaskId, DevelopmentTaskVersionRow>());

    /// <summary>As it stands in the run's row.</summary>
    public string Write() => LibraryPins.Write(Versions.Values.Select(v => KeyValuePair.Create(v.Id, v.Version)));
}

/// <summary>What came of choosing the development tasks of a run.</summary>
public abstract record LibraryChoice
{
    private LibraryChoice()
    {
    }

    public sealed record Chosen(PinnedLibrary Library) : LibraryChoice;

    /// <summary>A node refers to one that is not in the workspace.</summary>
    public sealed record NotFound(string Node, DevelopmentTaskId Task) : LibraryChoice;

    /// <summary>A production run takes the published version, and there is none.</summary>
    public sealed record NotPublished(string Node, DevelopmentTaskRow Task) : LibraryChoice;
}

/// <summary>Chooses the versions of development tasks that a run takes, and reads them again later.</summary>
public sealed class TaskLibrary(ILibraryStore store)
{
    private const string Reference = "taskBizId";

    /// <summary>The published version of each development task that a node refers to, in production; else its newest.</summary>
    public async Task<LibraryChoice> ChooseAsync(WorkspaceId workspace, CompiledVersion version, bool isProduction)
    {
        var chosen = new Dictionary<DevelopmentTaskId, DevelopmentTaskVersionRow>();
        foreach (var node in version.Graph.Tasks.Where(t => t.Type == TaskTypes.EmrServerlessSpark))
        {
            var id = ReferenceOf(node);
            if (chosen.ContainsKey(id))
            {
                continue;
            }

            if (await store.FindDevelopmentTaskAsync(workspace, id) is not { } task)
            {
                return new LibraryChoice.NotFound(node.Name, id);
            }

            if (isProduction && task.PublishedVersion is null)
            {
                return new LibraryChoice.NotPublished(node.Name, task);
            }

            chosen[id] = await LoadAsync(id, isProduction ? task.PublishedVersion!.Value : task.Version);
        }

        return new LibraryChoice.Chosen(chosen.Count == 0 ? PinnedLibrary.None : new PinnedLibrary(chosen));
    }

    /// <summary>What a run was pinned to at its start.</summary>
    public async ValueTask<PinnedLibrary> LoadAsync(string pins)
    {
        if (pins.Length == 0)
        {
            return PinnedLibrary.None;
        }

        var versions = new Dictionary<DevelopmentTaskId, DevelopmentTaskVersionRow>();
        foreach (var (id, version) in LibraryPins.Read(pins))
        {
            versions[id] = await LoadAsync(id, version);
        }

        return new PinnedLibrary(versions);
    }

    /// <summary>The development task that a node of the cloud refers to.</summary>
    public static DevelopmentTaskId ReferenceOf(TaskDefinition node)
    {
        using var document = JsonDocument.Parse(node.Params);
        return new DevelopmentTaskId(TaskParameterText.Of(document.RootElement, Reference));
    }

    private async Task<DevelopmentTaskVersionRow> LoadAsync(DevelopmentTaskId id, int version) => await store.FindDevelopmentTaskVersionAsync(id, version)
        ?? throw new InvalidOperationException($"Version {version} of development task {id} is not in the store, though versions are never deleted.");
}
