using System.Text.Json;
using Porpoise.Core.Library;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Library;

namespace Porpoise.Engine.Runs;

/// <summary>Makes what an attempt runs out of its node and the values of its parameters.</summary>
internal static class TaskPrograms
{
    public static TaskProgram Of(OwnedState state, int index)
    {
        var task = state.Version.Graph.Tasks[index];
        IReadOnlyDictionary<string, string> values;
        try
        {
            values = ValuesOf(state, index);
        }
        catch (TimeZoneNotFoundException)
        {
            // It was known when the run was started, and is a name that needs no quotes: the run moved to a machine with other time zones.
            return Failing($"This machine does not know the time zone {state.Time.TimeZone}, in which the time parameters of the run are written.");
        }

        using var document = JsonDocument.Parse(task.Params);
        return task.Type switch
        {
            TaskTypes.Shell => new TaskProgram(ProgramLanguage.Shell, ShellParameters.Put(values, TaskParameterText.Of(document.RootElement, "rawScript"))),
            TaskTypes.Python => new TaskProgram(ProgramLanguage.Python, PythonParameters.Put(values, TaskParameterText.Of(document.RootElement, "rawScript"))),
            TaskTypes.Http or TaskTypes.Sql or TaskTypes.DuckDb => new TaskProgram(ProgramLanguage.Job, JobDocument.Write(state.Terms.Workspace, task, values, state.Version.Row.Definition.GlobalParams)),
            TaskTypes.Spark => JobOf(state, task, values, library: null),
            TaskTypes.EmrServerlessSpark => JobOf(state, task, values, state.Library.Versions.GetValueOrDefault(TaskLibrary.ReferenceOf(task))?.Task),
            // A run with such a node is refused at its start, but the run may be older than this version.
            _ => Failing("This version cannot run tasks of this type."),
        };
    }

    private static IReadOnlyDictionary<string, string> ValuesOf(OwnedState state, int index)
    {
        var task = state.Version.Graph.Tasks[index];
        var values = ParameterResolution.Resolve(state.StartParams, task.LocalParams, state.Run.InheritedBy(index), state.Version.Row.Definition.GlobalParams, state.Time);

        // The code of a Spark node may stand elsewhere, and name them there.
        return task.Type is TaskTypes.Spark or TaskTypes.EmrServerlessSpark || task.Params.Contains("${" + ParameterTime.NameStart, StringComparison.Ordinal) ? state.Time.AddTo(values) : values;
    }

    private static TaskProgram Failing(string message) => new(ProgramLanguage.Shell, $"echo '{message}' >&2\nexit 127\n");

    private static TaskProgram JobOf(OwnedState state, TaskDefinition task, IReadOnlyDictionary<string, string> values, DevelopmentTask? library) =>
        new(ProgramLanguage.Job, JobDocument.Write(state.Terms.Workspace, task, values, state.Version.Row.Definition.GlobalParams, library));
}
