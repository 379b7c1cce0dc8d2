using Porpoise.Api.Definitions;
using Porpoise.Api.Operations;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>What tasks gave to those after them, as DolphinScheduler answers it (varPool): JSON text of a list of parameters.</summary>
internal static class GivenValues
{
    /// <summary>Characters of all of them in one list of task instances. After those a row says null.</summary>
    public const int ListLengthMax = 4 * 1024 * 1024;

    /// <summary>When nothing was given.</summary>
    public const string Nothing = "[]";

    /// <summary>Of one task.</summary>
    public static string WriteVarPool(TaskRow task, TaskDefinition node) => task.Outputs is null ? Nothing : Write(Of(task, node));

    /// <summary>Of a whole run: of two values of one name the one whose task ended later, as for a task after all of them.</summary>
    public static string WriteVarPool(IEnumerable<TaskRow> tasks, WorkflowDefinition definition)
    {
        var given = new Dictionary<string, WireParameter>(StringComparer.Ordinal);
        foreach (var task in tasks.Where(t => t.Outputs is not null).OrderBy(t => t.EndedAt).ThenBy(t => t.Index))
        {
            foreach (var parameter in Of(task, definition.Tasks[task.Index]))
            {
                given[parameter.Prop] = parameter;
            }
        }

        return given.Count == 0 ? Nothing : Write([.. given.Values]);
    }

    /// <summary>A row of a list, without its values if the rows before it had too many.</summary>
    public static DolphinTask Bounded(DolphinTask task, ref long length)
    {
        length += task.VarPool!.Length;
        return length <= ListLengthMax ? task : task with { VarPool = null };
    }

    /// <summary>In the order of the node's parameters.</summary>
    private static IReadOnlyList<WireParameter> Of(TaskRow task, TaskDefinition node)
    {
        var values = TaskOutputs.Read(task.Outputs);
        return [.. WireParameter.Of([.. node.LocalParams.Where(p => p.Direction == ParameterDirection.Out && values.ContainsKey(p.Name))]).Select(p => p with { Value = values[p.Prop] })];
    }

    private static string Write(IReadOnlyList<WireParameter> parameters) => AnswerJson.Write(parameters, RunJson.Default.IReadOnlyListWireParameter);
}
