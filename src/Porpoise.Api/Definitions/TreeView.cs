using Porpoise.Api.Runs;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Definitions;

/// <summary>A node of a definition with what became of it in the last runs; under it the nodes that wait for it.</summary>
/// <param name="Instances">One for each run, oldest first.</param>
internal sealed record TreeNode(string Name, string Type, long Code, IReadOnlyList<TreeInstance> Instances, IReadOnlyList<TreeNode> Children);

/// <summary>What became of a node in one run; a run itself at the root.</summary>
internal sealed record TreeInstance(int Id, string Name, long Code, string? Type, string State, string? StartTime, string? EndTime, string? Host, string? Duration, long SubflowCode);

/// <summary>A run with its tasks, by the code of their nodes.</summary>
internal sealed record RunTasks(RunRow Run, IReadOnlyDictionary<TaskCode, TaskRow> Tasks);

/// <summary>Makes a tree of a graph: a node that waits for several hangs under the first of them, so that the tree stays as large as the graph.</summary>
internal static class TreeView
{
    /// <summary>Longest chain that is drawn: a tree is as deep in JSON as the chain is long.</summary>
    public const int DepthMax = 200;

    /// <summary>Null: the graph has a longer chain than <see cref="DepthMax"/>.</summary>
    public static TreeNode? Of(WorkflowDefinition definition, IReadOnlyList<RunTasks> runs, string host, DateTimeOffset now)
    {
        var graph = TaskGraph.Of(definition);
        var children = Enumerable.Range(0, graph.Count).Select(_ => new List<int>()).ToArray();
        var seen = new bool[graph.Count];
        var level = graph.Roots.ToList();
        var depth = 0;
        while (level.Count > 0)
        {
            if (++depth > DepthMax)
            {
                return null;
            }

            level.ForEach(i => seen[i] = true);
            var next = new List<int>();
            foreach (var index in level)
            {
                foreach (var successor in graph.SuccessorsOf(index))
                {
                    if (!seen[successor])
                    {
                        seen[successor] = true;
                        children[index].Add(successor);
                        next.Add(successor);
                    }
                }
            }

            level = next;
        }

        TreeNode Node(int index)
        {
            var task = graph.Tasks[index];
            return new TreeNode(task.Name, task.Type, task.Code.Value, [.. runs.Select(r => InstanceOf(r, task, host, now))], [.. children[index].Select(Node)]);
        }

        return new TreeNode("DAG", "", 0, [.. runs.Select(r => InstanceOf(r.Run, host, now))], [.. graph.Roots.Select(Node)]);
    }

    private static TreeInstance InstanceOf(RunRow run, string host, DateTimeOffset now) => new(
        run.Id.Value, run.Name, run.Workflow.Value, "", States.Of(run.State), DolphinTime.Write(run.StartedAt), DolphinTime.Write(run.EndedAt), host,
        States.Duration((run.EndedAt ?? now) - run.StartedAt), 0);

    private static TreeInstance InstanceOf(RunTasks run, TaskDefinition node, string host, DateTimeOffset now) => run.Tasks.GetValueOrDefault(node.Code) is { } task
        ? new TreeInstance(
            task.Id.Value, node.Name, node.Code.Value, node.Type, States.Of(task), DolphinTime.Write(task.StartedAt), DolphinTime.Write(task.EndedAt),
            task.StartedAt is null ? null : host, task.StartedAt is { } started ? States.Duration((task.EndedAt ?? now) - started) : null, 0)
        : new TreeInstance(-1, "not running", 0, "null", "", null, null, null, null, 0);
}
