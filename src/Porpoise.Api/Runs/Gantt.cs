using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>Draws when each task of a run ran.</summary>
internal static class Gantt
{
    public static DolphinGantt Draw(TaskGraph graph, IReadOnlyList<TaskRow> tasks, DateTimeOffset now) =>
        new(graph.Count, [.. tasks.Select(t => Draw(t, graph.Tasks[t.Index].Name, now))], [.. graph.InOrder().Select(i => graph.Tasks[i].Name)]);

    /// <summary>A task that has not started is a bar of no length at this moment, as DolphinScheduler draws it.</summary>
    private static DolphinGanttTask Draw(TaskRow task, string name, DateTimeOffset now)
    {
        var start = task.StartedAt ?? task.EndedAt ?? now;
        var end = task.EndedAt ?? now;
        return new DolphinGanttTask(
            name, [start.ToUnixTimeMilliseconds()], [end.ToUnixTimeMilliseconds()], DolphinTime.Write(start), DolphinTime.Write(end), States.Of(task), ExecutionDate: null,
            States.Duration(end - start));
    }
}
