using System.CommandLine;
using System.Text.Json.Serialization;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands.Machine;

/// <summary><c>porpoise doctor</c>: whether this machine is fit for a server, and what to do where it is not.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder of the server", DefaultValueFactory = _ => ".porpoise" };
        var urls = new Option<string>("--urls") { Description = "Where the server listens, or shall", DefaultValueFactory = _ => "http://127.0.0.1:12345" };
        var json = new Option<bool>("--json") { Description = "JSON instead of text" };
        var command = new Command("doctor", "Look whether this machine is fit for a server; each finding comes with its remedy. Exit code 1 when there is a problem") { data, urls, json };
        command.SetAction(async (parsed, ct) =>
        {
            var output = new Output(parsed.GetValue(json));
            var findings = await LookAsync(new DataFolderPaths(parsed.GetValue(data)!), parsed.GetValue(urls)!, ct);
            output.Show(findings, FindingJson.Default.IReadOnlyListFinding, found => Write(output, found));
            return findings.Any(f => f.Level == Finding.LevelProblem) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(DataFolderPaths data, string urls, CancellationToken ct) =>
    [
        .. SystemChecks.All(),
        .. FolderChecks.All(data),
        .. await PortChecks.AllAsync(urls, ct),
        .. await ProgramChecks.AllAsync(ct),
    ];

    private static void Write(Output output, IReadOnlyList<Finding> findings)
    {
        output.Table(findings, new("CHECK", f => f.Check), new("", f => f.Level), new("FOUND", f => f.Found));
        foreach (var finding in findings.Where(f => f.Remedy is not null))
        {
            output.Text("");
            output.Text($"{finding.Check}: {finding.Found}");
            output.Text($"  → {finding.Remedy}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class FindingJson : JsonSerializerContext;
