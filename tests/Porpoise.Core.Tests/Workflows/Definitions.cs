using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tests.Workflows;

/// <summary>Definitions written short: node <c>i</c> has the code <c>100 + i</c>.</summary>
internal static class Definitions
{
    public static TaskDefinition Shell(int index, string name, int retryMax = 0, int retrySeconds = 0) => new(
        new TaskCode(100 + index), name, "", TaskTypes.Shell, """{"rawScript":"true"}""", retryMax, TimeSpan.FromSeconds(retrySeconds), Priority.Medium);

    public static TaskDefinition Noop(int index, string name) => Shell(index, name) with { Type = TaskTypes.Noop, Params = "{}" };

    public static Edge Edge(int from, int to) => new(new TaskCode(100 + from), new TaskCode(100 + to));

    public static WorkflowDefinition Of(IReadOnlyList<TaskDefinition> tasks, params IReadOnlyList<Edge> edges) => new("flow", "", tasks, edges, "[]");

    public static TaskGraph Graph(IReadOnlyList<TaskDefinition> tasks, params IReadOnlyList<Edge> edges) => TaskGraph.Of(Of(tasks, edges));
}
