using System.CommandLine;

namespace Porpoise.Commands.Connections;

/// <summary>The options of every command that calls a server.</summary>
internal sealed record ConnectionOptions(string? ProfileName, string? Endpoint, string? WorkspaceName, string? DataFolder)
{
    public static readonly Option<string?> Profile = new("--profile", "-p") { Description = "The profile to use (PORPOISE_PROFILE); see porpoise configure", Recursive = true };
    public static readonly Option<string?> EndpointOption = new("--endpoint") { Description = "The server's address (PORPOISE_ENDPOINT)", Recursive = true };
    public static readonly Option<string?> Workspace = new("--workspace", "-w") { Description = "The workspace, by its id or project code (PORPOISE_WORKSPACE)", Recursive = true };
    public static readonly Option<string?> Data = new("--data") { Description = "On the server's own machine: be the account's owner, with the root-key.json of this data folder", Recursive = true };
    public static readonly Option<bool> Json = new("--json") { Description = "JSON instead of text", Recursive = true };

    public static Option[] All => [Profile, EndpointOption, Workspace, Data, Json];

    public static void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    public static ConnectionOptions Read(ParseResult parsed) =>
        new(parsed.GetValue(Profile), parsed.GetValue(EndpointOption), parsed.GetValue(Workspace), parsed.GetValue(Data));
}
