using System.CommandLine;
using Porpoise.Api.Definitions;
using Porpoise.Api.Errors;
using Porpoise.Commands.Calls;
using Porpoise.Core.Workflows;
using Porpoise.Formats.Workflows;

namespace Porpoise.Commands.Workflows;

/// <summary>A file with workflows.</summary>
/// <param name="Path">As it was named; <c>-</c>: standard input.</param>
/// <param name="Unreadable">Why it has no text; null: it has one.</param>
internal sealed record NamedFile(string Path, string Text, FileFault? Unreadable = null);

/// <summary>Files and folders with workflows, as <c>--file</c> names them.</summary>
internal static class WorkflowFiles
{
    private const string StandardInput = "-";

    /// <summary>More than a server takes, so that a file that was named by mistake is not read to its end.</summary>
    private const long BytesMax = 4L * WorkflowFile.LengthMax;

    private static readonly string[] Endings = [".yaml", ".yml"];

    public static Option<string[]> Option() => new("--file", "-f")
    {
        Description = "A YAML file, a JSON export, - for standard input, or a folder, of which every .yaml and .yml below it is taken; several times for several",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>In the order of their names, those of a folder by path.</summary>
    /// <exception cref="UsageException">There is no such file, or no workflow in a folder.</exception>
    public static async Task<IReadOnlyList<NamedFile>> ReadAsync(IEnumerable<string> names, CancellationToken ct)
    {
        var files = new List<NamedFile>();
        foreach (var path in names.SelectMany(Expand).DistinctBy(path => path == StandardInput ? path : Path.GetFullPath(path), StringComparer.Ordinal))
        {
            files.Add(FileText.Decode(path, await ReadAsync(path, ct)));
        }

        return files;
    }

    /// <summary>Everything that can be found wrong without a server, in lines that begin with the file, the line and the column.</summary>
    public static IReadOnlyList<FileFault> Check(IReadOnlyList<NamedFile> files)
    {
        IReadOnlyList<FileFault> faults = [.. files.SelectMany(Check)];
        return faults.Count > 0 ? faults : CheckNames(files);
    }

    /// <summary>A name stands for one workflow: of two files that both define it each would undo the other, whenever they are applied.</summary>
    private static List<FileFault> CheckNames(IReadOnlyList<NamedFile> files)
    {
        var faults = new List<FileFault>();
        var first = new Dictionary<string, FileFault>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var source in WorkflowText.IsExport(file.Text) ? WorkflowText.Read(file.Text, WorkflowSurroundings.Unknown).Select(e => e.Source) : WorkflowFile.Read(file.Text).Workflows)
            {
                var place = source.At.Line > 0 ? new FileFault(file.Path, source.At.Line, source.At.Column, "name", "") : new FileFault(file.Path, null, null, "name", "");
                if (!first.TryAdd(source.Definition.Name, place))
                {
                    faults.Add(place with { Message = $"The workflow '{source.Definition.Name}' is already in {first[source.Definition.Name].Where}." });
                }
            }
        }

        return faults;
    }

    private static IReadOnlyList<FileFault> Check(NamedFile file)
    {
        if (file.Unreadable is { } unreadable)
        {
            return [unreadable];
        }

        if (!WorkflowText.IsExport(file.Text))
        {
            return [.. WorkflowFile.Read(file.Text).Check(WorkflowSurroundings.Unknown).Select(f => new FileFault(file.Path, f.At.Line, f.At.Column, f.Place, f.Message))];
        }

        try
        {
            WorkflowText.Read(file.Text, WorkflowSurroundings.Unknown);
            return [];
        }
        catch (RefusalException e)
        {
            return [.. e.Message.Split('\n').Select(line => new FileFault(file.Path, null, null, "", line))];
        }
    }

    private static IEnumerable<string> Expand(string name)
    {
        if (!Directory.Exists(name))
        {
            return [name];
        }

        var found = Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new UsageException($"The folder {name} has no .yaml or .yml file.");
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken ct)
    {
        if (path == StandardInput)
        {
            await using var input = Console.OpenStandardInput();
            var text = new MemoryStream();
            await input.CopyToAsync(text, ct);
            return text.ToArray();
        }

        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new UsageException($"There is no file {path}.");
        }

        return info.Length <= BytesMax ? await File.ReadAllBytesAsync(path, ct) : throw new UsageException($"The file {path} is larger than any file of workflows may be.");
    }
}

/// <summary>One thing that is wrong with a file.</summary>
/// <param name="Line">Null: of a JSON export the place says where.</param>
internal sealed record FileFault(string File, int? Line, int? Column, string Place, string Message)
{
    /// <summary>What compilers write, so that editors find the place.</summary>
    public string Where => Line is null ? File : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");

    public override string ToString() => Line is null ? $"{File}: {Message}" : $"{Where}: {(Place.Length == 0 ? "" : Place + ": ")}{Message}";
}
