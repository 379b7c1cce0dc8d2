using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Porpoise.Commands.Calls;

namespace Porpoise.Commands;

/// <summary><c>porpoise version</c>: what runs here.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "JSON instead of text" };
        var command = new Command("version", "The version of this program, and what it runs on") { json };
        command.SetAction(parsed => new Output(parsed.GetValue(json)).Show(Read(), VersionJson.Default.ProgramVersion, v => Console.Out.WriteLine($"porpoise {v.Version} ({v.Runtime}, {v.System}, {v.Architecture})")));
        return command;
    }

    private static ProgramVersion Read() => new(
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
}

internal sealed record ProgramVersion(string Version, string Runtime, string System, string Architecture);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProgramVersion))]
internal sealed partial class VersionJson : JsonSerializerContext;
