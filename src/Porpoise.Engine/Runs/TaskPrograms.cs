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
        var values = ParameterResolution.Resolve(state.StartParams, task.LocalParams, state.Run.InheritedBy(index), state.Version.Row.Definition.GlobalParams);
        using var document = JsonDocument.Parse(task.Params);
        return task.Type switch
        {
            TaskTypes.Shell => new TaskProgram(ProgramLanguage.Shell, ShellParameters.Put(values, TextOf(document.RootElement, "rawScript"))),
            TaskTypes.Python => new TaskProgram(ProgramLanguage.Python, PythonParameters.Put(values, TextOf(document.RootElement, "rawScript"))),
            TaskTypes.Http or TaskTypes.Sql or TaskTypes.DuckDb => new TaskProgram(ProgramLanguage.Job, JobDocument.Write(state.Terms.Workspace, task, values, state.Version.Row.Definition.GlobalParams)),
            TaskTypes.Spark => JobOf(state, task, values, library: null),
            TaskTypes.EmrServerlessSpark => JobOf(state, task, values, state.Library.Versions.GetValueOrDefault(TaskLibrary.ReferenceOf(task))?.Task),
            // A run with such a node is refused at its start, but the run may be older than this version.
            _ => new TaskProgram(ProgramLanguage.Shell, "echo 'This version cannot run tasks of this type.' >&2\nexit 127\n"),
        };
    }

    private static TaskProgram JobOf(OwnedState state, TaskDefinition task, IReadOnlyDictionary<string, string> values, DevelopmentTask? library) =>
        new(ProgramLanguage.Job, JobDocument.Write(state.Terms.Workspace, task, values, state.Version.Row.Definition.GlobalParams, library));

    private static string TextOf(JsonElement parameters, string name) => parameters.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
