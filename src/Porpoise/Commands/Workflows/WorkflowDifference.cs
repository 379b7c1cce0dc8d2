using DiffPlex.Renderer;
using Porpoise.Api.Definitions;
using Porpoise.Client.Workflows;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;

namespace Porpoise.Commands.Workflows;

/// <summary>What is different between a workflow of a file and the same one on the server, as a unified diff of both in one form; so what means nothing is no difference.</summary>
internal static class WorkflowDifference
{
    private const string Added = "\u001b[32m";
    private const string Removed = "\u001b[31m";
    private const string Place = "\u001b[36m";
    private const string End = "\u001b[0m";

    /// <summary>Empty: none.</summary>
    /// <param name="stored">Null: the server has no workflow of the name.</param>
    public static string Between(WorkflowYaml? stored, WorkflowEntry entry, string file)
    {
        var before = stored is null ? null : WorkflowFile.Read(stored.Yaml).Workflows[0];
        var schedule = entry.Schedule is { } said ? said.Schedule : before?.Schedule;
        var after = Write(Onto(entry.Source, before?.Definition), schedule);
        var old = before is null ? "" : Write(before.Definition, before.Schedule);
        return old == after ? "" : UnidiffRenderer.GenerateUnidiff(old, after, stored is null ? "/dev/null" : $"server/{entry.Name}", $"{file}/{entry.Name}").TrimEnd('\n') + "\n";
    }

    /// <summary>With colours, for a terminal.</summary>
    public static string Coloured(string diff) => string.Join('\n', diff.Split('\n').Select(line => line switch
    {
        ['+', ..] => Added + line + End,
        ['-', ..] => Removed + line + End,
        ['@', ..] => Place + line + End,
        _ => line,
    }));

    private static WorkflowDefinition Onto(WorkflowSource source, WorkflowDefinition? before)
    {
        var first = 1 + (before?.Tasks.Max(t => t.Code.Value) ?? 0);
        return source.Onto(before, Enumerable.Range(0, source.CountNewCodes(before)).Select(i => new TaskCode(first + i)));
    }

    private static string Write(WorkflowDefinition definition, Schedule? schedule) => WorkflowFile.Write([(definition, schedule)]);
}
