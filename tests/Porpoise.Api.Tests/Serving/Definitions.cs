using System.Text.Json;
using Porpoise.Core.Workflows;

namespace Porpoise.Api.Tests.Serving;

/// <summary>Definitions for the <see cref="HandWorker"/>: nodes 1, 2, 3 … one after another.</summary>
internal static class Definitions
{
    public static WorkflowDefinition Of(params TaskDefinition[] tasks) => new(
        "w-" + Guid.NewGuid().ToString("N"), "of a test", tasks, [.. tasks.Zip(tasks.Skip(1)).Select(p => new Edge(p.First.Code, p.Second.Code))], """[{"taskCode":1,"x":10,"y":20}]""");

    public static TaskDefinition Noop(int code) => Task(code, TaskTypes.Noop, "{}");

    /// <summary>Ends with this exit code.</summary>
    public static TaskDefinition Exits(int code, int exitCode = 0) => Script(code, exitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Succeeds, and gives these values, written <c>name=value</c> with commas.</summary>
    public static TaskDefinition Gives(int code, string values) => Script(code, HandWorker.Gives + values);

    /// <summary>Runs until it is stopped.</summary>
    public static TaskDefinition Holds(int code) => Script(code, "hold");

    private static TaskDefinition Script(int code, string script) => Task(code, TaskTypes.Shell, JsonSerializer.Serialize(new Dictionary<string, string> { ["rawScript"] = script }));

    private static TaskDefinition Task(int code, string type, string parameters) =>
        new(new TaskCode(code), $"t{code}", "", type, parameters, 0, TimeSpan.Zero, Priority.Medium);
}
