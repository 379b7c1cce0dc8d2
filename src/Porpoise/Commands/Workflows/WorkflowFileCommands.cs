using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Porpoise.Api.Definitions;
using Porpoise.Client;
using Porpoise.Client.Workflows;
using Porpoise.Commands.Calls;
using Porpoise.Core.Workflows;

namespace Porpoise.Commands.Workflows;

/// <summary>Workflows as files: apply, diff, validate and export. docs/reference/yaml.md says what stands in them.</summary>
internal static class WorkflowFileCommands
{
    private const string SchemaAddress = "porpoise/v1/workflow.schema.json";

    public static Command Apply()
    {
        var files = WorkflowFiles.Option();
        var publish = new Option<bool>("--publish") { Description = "Publish what was applied: production runs take it" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, and change nothing" };
        return ClientCommand.Of("apply", "Create or change workflows to what files say; nothing is changed unless all of them are sound", [files, publish, dryRun], async (call, ct) =>
        {
            var read = await WorkflowFiles.ReadAsync(call.Get(files), ct);
            if (ReportFaults(call, WorkflowFiles.Check(read)))
            {
                return ExitCode.Failed;
            }

            // The server knows more, such as queues: first it looks at all files, then comes the first change.
            var workspace = await call.WorkspaceAsync(ct);
            var applied = new List<AppliedWorkflow>();
            if (!await TryAsync(call, workspace, read, call.Get(publish), applied, ct))
            {
                return ExitCode.Failed;
            }

            if (!call.Get(dryRun))
            {
                applied.Clear();
                foreach (var file in read)
                {
                    applied.AddRange(await call.Client.Workflows.ApplyAsync(workspace, file.Text, call.Get(publish), isDry: false, ct));
                }
            }

            call.Output.Show<IReadOnlyList<AppliedWorkflow>>(applied, WorkflowJson.Default.AppliedWorkflows, all => call.Output.Table(
                all, new("NAME", w => w.Name), new("CHANGE", w => (call.Get(dryRun) ? "would be " : "") + w.Change.ToLowerInvariant()), new("VERSION", w => w.Version), new("PUBLISHED", w => w.PublishedVersion), new("CODE", w => w.Code)));
            return ExitCode.Done;
        });
    }

    public static Command Diff()
    {
        var files = WorkflowFiles.Option();
        return ClientCommand.Of("diff", "What applying files would change, as a unified diff; exit code 8 when there is anything", [files], async (call, ct) =>
        {
            var read = await WorkflowFiles.ReadAsync(call.Get(files), ct);
            if (ReportFaults(call, WorkflowFiles.Check(read)))
            {
                return ExitCode.Failed;
            }

            var workspace = await call.WorkspaceAsync(ct);
            var diffs = new List<NamedDiff>();
            foreach (var (file, entry) in read.SelectMany(f => WorkflowText.Read(f.Text, WorkflowSurroundings.Unknown).Select(e => (f, e))))
            {
                if (WorkflowDifference.Between(await FindAsync(call, workspace, entry.Name, ct), entry, file.Path) is { Length: > 0 } diff)
                {
                    diffs.Add(new NamedDiff(entry.Name, file.Path, diff));
                }
            }

            var isColoured = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
            call.Output.Show<IReadOnlyList<NamedDiff>>(diffs, WorkflowFileJson.Default.IReadOnlyListNamedDiff, all =>
            {
                foreach (var one in all)
                {
                    Console.Out.Write(isColoured ? WorkflowDifference.Coloured(one.Diff) : one.Diff);
                }
            });
            return diffs.Count > 0 ? ExitCode.Different : ExitCode.Done;
        });
    }

    public static Command Validate()
    {
        var files = WorkflowFiles.Option();
        return ClientCommand.Of("validate", "Whether files are sound, as far as that can be told without a server: queues are looked at by diff and apply", [files], async (call, ct) =>
        {
            var read = await WorkflowFiles.ReadAsync(call.Get(files), ct);
            var faults = WorkflowFiles.Check(read);
            if (call.Output.IsJson)
            {
                call.Output.Show(faults, WorkflowFileJson.Default.IReadOnlyListFileFault, _ => { });
            }
            else if (!ReportFaults(call, faults))
            {
                call.Output.Note(read.Count == 1 ? "Sound." : string.Create(CultureInfo.InvariantCulture, $"All {read.Count} files are sound."));
            }

            return faults.Count > 0 ? ExitCode.Failed : ExitCode.Done;
        });
    }

    public static Command Export()
    {
        var names = new Argument<string[]>("names") { Description = "Of workflows; none: all of the workspace", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "A file, or a folder that is there, which gets a file for each; without it standard output" };
        return ClientCommand.Of("export", "Workflows as YAML", [names, output], async (call, ct) =>
        {
            var workspace = await call.WorkspaceAsync(ct);
            var all = new List<WorkflowYaml>();
            foreach (var name in call.Get(names))
            {
                all.Add(await call.Client.Workflows.ExportAsync(workspace, name, ct));
            }

            IReadOnlyList<WorkflowYaml> exported = call.Get(names).Length > 0 ? all : await call.Client.Workflows.ExportAsync(workspace, ct);
            if (call.Get(output) is { } path)
            {
                await WriteAsync(call, exported, path, ct);
            }
            else
            {
                call.Output.Show(exported, WorkflowJson.Default.WorkflowYamls, w => Console.Out.Write(FileOf(call, w)));
            }
        });
    }

    /// <summary>What applying would do; false: there is something wrong with a file, and what is wrong with each of them is said.</summary>
    private static async Task<bool> TryAsync(CommandCall call, string workspace, IReadOnlyList<NamedFile> files, bool publish, List<AppliedWorkflow> applied, CancellationToken ct)
    {
        var isSound = true;
        foreach (var file in files)
        {
            try
            {
                applied.AddRange(await call.Client.Workflows.ApplyAsync(workspace, file.Text, publish, isDry: true, ct));
            }
            catch (PorpoiseException e) when (!call.Output.IsJson && e.Message.Split('\n').All(SaysPlace))
            {
                isSound = false;
                foreach (var line in e.Message.Split('\n'))
                {
                    call.Output.Note($"{file.Path}:{line}");
                }
            }
        }

        return isSound;
    }

    /// <summary>Faults of a file begin with line and column.</summary>
    private static bool SaysPlace(string line) => line.Split(':') is [var row, var column, _, ..] && int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out _) && int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static async Task<WorkflowYaml?> FindAsync(CommandCall call, string workspace, string name, CancellationToken ct)
    {
        try
        {
            return await call.Client.Workflows.ExportAsync(workspace, name, ct);
        }
        catch (PorpoiseException e) when (ExitCode.Of(e) == ExitCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>True: there are any.</summary>
    private static bool ReportFaults(CommandCall call, IReadOnlyList<FileFault> faults)
    {
        foreach (var fault in faults)
        {
            call.Output.Note(fault.ToString());
        }

        return faults.Count > 0;
    }

    private static string FileOf(CommandCall call, IReadOnlyList<WorkflowYaml> workflows) =>
        $"# yaml-language-server: $schema={new Uri(call.Connection.Endpoint, SchemaAddress)}\n" + string.Join("---\n", workflows.Select(w => w.Yaml));

    private static async Task WriteAsync(CommandCall call, IReadOnlyList<WorkflowYaml> workflows, string path, CancellationToken ct)
    {
        if (!Directory.Exists(path))
        {
            await File.WriteAllTextAsync(path, FileOf(call, workflows), ct);
            call.Output.Done(string.Create(CultureInfo.InvariantCulture, $"{workflows.Count} in {path}."));
            return;
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var workflow in workflows)
        {
            await File.WriteAllTextAsync(Path.Combine(path, FileName(workflow, taken)), FileOf(call, [workflow]), ct);
        }

        call.Output.Done(string.Create(CultureInfo.InvariantCulture, $"{workflows.Count} files in {path}."));
    }

    /// <summary>The workflow's name where it can be a file's; it was chosen by whoever wrote the workflow, and must not lead anywhere else.</summary>
    private static string FileName(WorkflowYaml workflow, HashSet<string> taken)
    {
        var name = string.Concat(workflow.Name.Take(100).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return taken.Add(name) ? name + ".yaml" : string.Create(CultureInfo.InvariantCulture, $"{name}-{workflow.Code}.yaml");
    }
}

/// <summary>A workflow that differs, for programs.</summary>
internal sealed record NamedDiff(string Name, string File, string Diff);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<NamedDiff>))]
[JsonSerializable(typeof(IReadOnlyList<FileFault>))]
internal sealed partial class WorkflowFileJson : JsonSerializerContext;
