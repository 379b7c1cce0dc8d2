using Porpoise.Api.Definitions;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Runs;
using Porpoise.Storage.Runs;

namespace Porpoise.Api.Runs;

/// <summary>The parameters of a run with the values that its tasks get: references replaced, what was given at the start above all.</summary>
internal static class RunVariables
{
    /// <summary>Characters of the nodes' values in one answer. After those, values are shown as the definition says them.</summary>
    public const int LengthMax = 4 * 1024 * 1024;

    /// <param name="tasks">Those that gave values: their parameters of direction OUT show these.</param>
    public static DolphinVariables Of(RunRow run, WorkflowDefinition definition, IReadOnlyList<TaskRow> tasks)
    {
        var given = tasks.ToDictionary(t => t.Index, t => t.Outputs);
        var start = StartParameters.Read(run.StartParams);
        var locals = new Dictionary<string, DolphinLocalParams>(StringComparer.Ordinal);
        var length = 0L;
        foreach (var (index, task) in definition.Tasks.Index().Where(t => t.Item.LocalParams.Count > 0))
        {
            var own = WireParameter.Of(task.LocalParams);
            if (length < LengthMax)
            {
                var values = ParameterResolution.Resolve(start, task.LocalParams, InheritedValues.None, definition.GlobalParams, TimeOf(run));
                var outputs = TaskOutputs.Read(given.GetValueOrDefault(index));
                own = [.. own.Select(p => (p.Direct == "IN" ? values : outputs).TryGetValue(p.Prop, out var value) ? p with { Value = value } : p)];
                length += own.Sum(p => (long)p.Value.Length);
            }

            locals.Add(task.Name, new DolphinLocalParams(task.Type, own));
        }

        return new DolphinVariables(GlobalsOf(run, definition), locals);
    }

    /// <summary>The workflow's, and after them those that only the start gave.</summary>
    public static IReadOnlyList<WireParameter> GlobalsOf(RunRow run, WorkflowDefinition definition)
    {
        var start = StartParameters.Read(run.StartParams);
        var values = ParameterResolution.Resolve(start, [], InheritedValues.None, definition.GlobalParams, TimeOf(run));
        var declared = definition.GlobalParams.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. WireParameter.Of(definition.GlobalParams).Select(p => p with { Value = values[p.Prop] }),
            .. start.Keys.Where(name => !declared.Contains(name)).Select(name => new WireParameter(name, "IN", "VARCHAR", values[name])),
        ];
    }

    /// <summary>Null: this machine does not know the run's zone; its time parameters are shown as they are written.</summary>
    private static ParameterTime? TimeOf(RunRow run) => run.Time is { HasZone: true } time ? time : null;
}
