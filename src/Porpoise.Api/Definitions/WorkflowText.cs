using Porpoise.Api.Errors;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;
using Porpoise.Storage.Workflows;

namespace Porpoise.Api.Definitions;

/// <summary>One workflow of a file.</summary>
/// <param name="Schedule">Null: the file says nothing about the schedule.</param>
public sealed record WorkflowEntry(WorkflowSource Source, ScheduleChange? Schedule)
{
    public string Name => Source.Definition.Name;
}

/// <summary>Files of workflows in either form: our YAML, which says all of a workflow, or a JSON file that was exported here or from DolphinScheduler.</summary>
public static class WorkflowText
{
    /// <exception cref="RefusalException">There is anything wrong with it: a line for each fault, which begins with the line and the column where the file is YAML.</exception>
    public static IReadOnlyList<WorkflowEntry> Read(string text, WorkflowSurroundings surroundings) => IsExport(text)
        ? [.. DefinitionFile.Read(text).Select(p => new DefinitionParser(isCloud: false, surroundings).Parse(p)).Select(p => new WorkflowEntry(WorkflowSource.WithItsCodes(p.Definition, p.Schedule?.Schedule), p.Schedule))]
        : ReadYaml(text, surroundings);

    /// <summary>An export is a list; a YAML file of workflows never begins with one.</summary>
    public static bool IsExport(string text) => text.AsSpan().TrimStart().StartsWith("[");

    private static List<WorkflowEntry> ReadYaml(string text, WorkflowSurroundings surroundings)
    {
        var file = WorkflowFile.Read(text);
        var findings = new Findings();
        foreach (var fault in file.Check(surroundings))
        {
            findings.Add(new Offence(fault.Kind, fault.Where, fault.Message));
        }

        findings.Throw();
        return [.. file.Workflows.Select(w => new WorkflowEntry(w, new ScheduleChange(w.Schedule)))];
    }
}
