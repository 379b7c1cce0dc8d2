using System.Globalization;
using Porpoise.Core.Schedules;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Yaml;

namespace Porpoise.Formats.Workflows;

/// <summary>
/// A file of workflows, one YAML document each. Reading and writing are each other's opposite: what a definition holds is written, read again and put onto the stored
/// definition without any difference.
/// </summary>
/// <param name="Workflows">Those that could be read.</param>
/// <param name="Faults">What is wrong with the text itself, in its order; none: all of it was read. What the definitions say is another question: <see cref="Check"/>.</param>
public sealed record WorkflowFile(IReadOnlyList<WorkflowSource> Workflows, IReadOnlyList<Fault> Faults)
{
    /// <summary>Characters of a file; as much as a call may bring.</summary>
    public const int LengthMax = 4 * 1024 * 1024;

    /// <summary>Workflows of a file.</summary>
    public const int WorkflowsMax = 1_000;

    public static WorkflowFile Read(string text)
    {
        var faults = new Faults();
        if (text.Length > LengthMax)
        {
            faults.Add(new Position(1, 1), "", string.Create(CultureInfo.InvariantCulture, $"A file has at most {LengthMax} characters; this one has {text.Length}."), OffenceKind.TooLarge);
            return new WorkflowFile([], faults.InOrder);
        }

        var workflows = new List<WorkflowSource>();
        try
        {
            var documents = YamlComposer.Read(text);
            var reader = new WorkflowReader(faults);
            workflows.AddRange(documents.Take(WorkflowsMax).Select(reader.Read).OfType<WorkflowSource>());
            CheckDocuments(documents, workflows, faults);
        }
        catch (YamlFaultException e)
        {
            faults.Add(e.At, "", e.Message);
        }

        return new WorkflowFile(workflows, faults.InOrder);
    }

    /// <summary>A document for each.</summary>
    /// <param name="schema">Where editors find the schema; null: no word about it.</param>
    public static string Write(IEnumerable<(WorkflowDefinition Definition, Schedule? Schedule)> workflows, string? schema = null) =>
        (schema is null ? "" : $"# yaml-language-server: $schema={schema}\n") + string.Join("---\n", workflows.Select(w => WorkflowWriter.Write(w.Definition, w.Schedule)));

    /// <summary>Everything that is wrong: with the text, and with what the definitions say. Of what is found about one thing, the first.</summary>
    public IReadOnlyList<Fault> Check(WorkflowSurroundings surroundings) =>
    [
        .. Faults.Concat(Workflows.SelectMany(w => w.Check(surroundings))).DistinctBy(f => (f.At, f.Place)).OrderBy(f => f.At.Line).ThenBy(f => f.At.Column).Take(WorkflowValidation.OffencesMax),
    ];

    private static void CheckDocuments(IReadOnlyList<YamlNode> documents, List<WorkflowSource> workflows, Faults faults)
    {
        if (documents.Count == 0)
        {
            faults.Add(new Position(1, 1), "", "There is no workflow in the file.", OffenceKind.Empty);
        }

        if (documents.Count > WorkflowsMax)
        {
            faults.Add(documents[WorkflowsMax].At, "", string.Create(CultureInfo.InvariantCulture, $"A file has at most {WorkflowsMax} workflows; this one has {documents.Count}."), OffenceKind.TooLarge);
        }

        foreach (var second in workflows.GroupBy(w => w.Definition.Name, StringComparer.Ordinal).SelectMany(g => g.Skip(1)))
        {
            faults.Add(second.At, "name", $"Another workflow of this file is named '{second.Definition.Name}' too.", OffenceKind.DuplicateName);
        }
    }
}
