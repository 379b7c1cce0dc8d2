using Porpoise.Core.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Engine.Workflows;

/// <summary>A stored version, compiled for running.</summary>
public sealed record CompiledVersion(WorkflowVersionRow Row, TaskGraph Graph)
{
    /// <summary>The nodes that need a Spark.</summary>
    public IReadOnlyList<TaskDefinition> OnSpark { get; } = [.. Graph.Tasks.Where(task => TaskTypes.IsSpark(task.Type))];

    /// <summary>The nodes of types that this version of the service cannot run. While there are any, no run of it may be started.</summary>
    public IReadOnlyList<TaskDefinition> NotRunnable { get; } = [.. Graph.Tasks.Where(task => !TaskTypes.IsRunnable(task.Type))];
}

/// <summary>Compiled versions, kept because runs of the same version follow each other. Versions never change, so nothing here gets stale.</summary>
public sealed class WorkflowCatalog(IWorkflowStore store)
{
    /// <summary>Nodes of all kept versions together; the versions used longest ago go first.</summary>
    public const int NodesMax = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(WorkflowCode, int), LinkedListNode<CompiledVersion>> _versions = [];
    private readonly LinkedList<CompiledVersion> _byUse = new();
    private int _nodes;

    /// <summary>Null: no such version.</summary>
    public async ValueTask<CompiledVersion?> LoadAsync(WorkflowCode code, int version)
    {
        lock (_gate)
        {
            if (_versions.TryGetValue((code, version), out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return known.Value;
            }
        }

        if (await store.FindVersionAsync(code, version) is not { } row)
        {
            return null;
        }

        var compiled = new CompiledVersion(row, TaskGraph.Of(row.Definition));
        lock (_gate)
        {
            if (!_versions.ContainsKey((code, version)))
            {
                _versions.Add((code, version), _byUse.AddFirst(compiled));
                _nodes += compiled.Graph.Count;
                Trim();
            }
        }

        return compiled;
    }

    private void Trim()
    {
        while (_nodes > NodesMax && _byUse.Count > 1 && _byUse.Last is { } oldest)
        {
            _byUse.RemoveLast();
            _versions.Remove((oldest.Value.Row.Code, oldest.Value.Row.Version));
            _nodes -= oldest.Value.Graph.Count;
        }
    }
}
