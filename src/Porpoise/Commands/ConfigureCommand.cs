using System.CommandLine;
using System.Runtime.InteropServices;
using Porpoise.Client;
using Porpoise.Commands.Calls;
using Porpoise.Commands.Connections;
using Spectre.Console;
using Profile = Porpoise.Commands.Connections.Profile;

namespace Porpoise.Commands;

/// <summary><c>porpoise configure</c>: profiles, which say where the server is and who somebody is there. No option takes a secret: process lists would show it.</summary>
internal static class ConfigureCommand
{
    private const string DefaultName = "default";
    private const string ShowCursor = "\u001b[?25h\n";

    private static readonly Option<string?> Mode = new("--mode") { Description = "AK (access key), StsToken (temporary key) or Token" };
    private static readonly Option<string?> KeyId = new("--access-key-id") { Description = "The access key's id" };
    private static readonly Option<bool> FromInput = new("--secrets-stdin")
    {
        Description = "Read the secrets from standard input, one in a line: the access key's secret, and with StsToken the security token; or the token",
    };

    static ConfigureCommand() => Mode.AcceptOnlyFromAmong(Profile.Modes);

    public static Command Create()
    {
        var configure = ClientCommand.Group("configure", "Make or change a profile: where the server is, and who you are there", List(), Get(), Set(), Use(), Delete());
        foreach (var option in Takes)
        {
            configure.Add(option);
        }

        var ask = ClientCommand.Of("configure", "", [], (call, _) => Change(call, mayAsk: true));
        configure.Action = ask.Action;
        return configure;
    }

    private static Option[] Takes => [Mode, KeyId, FromInput];

    private static Command List() => ClientCommand.Of("list", "All profiles", [], (call, _) =>
    {
        var list = ProfileFile.Read();
        var shown = list with { Profiles = [.. list.Profiles.Select(Masked)] };
        call.Output.Show(shown, ProfileJson.Default.ProfileList, l => call.Output.Table(
            l.Profiles, new("NAME", p => p.Name), new("MODE", p => p.Mode), new("ENDPOINT", EndpointOf), new("WORKSPACE", p => p.Workspace), new("ACCESS KEY", p => p.AccessKeyId), new("IN USE", p => p.Name == l.Current)));
        return Task.CompletedTask;
    });

    private static Command Get()
    {
        var name = new Argument<string?>("name") { Description = "Of the profile; else the one in use", Arity = ArgumentArity.ZeroOrOne };
        return ClientCommand.Of("get", "One profile, without its secrets", [name], (call, _) =>
        {
            var list = ProfileFile.Read();
            var profile = Find(list, call.Get(name) ?? call.Get(ConnectionOptions.Profile) ?? list.Current ?? DefaultName);
            call.Output.Show(new ProfileList(list.Current, [Masked(profile)]), ProfileJson.Default.ProfileList, _ => call.Output.Fields(
                ("name", profile.Name), ("mode", profile.Mode), ("endpoint", EndpointOf(profile)), ("workspace", profile.Workspace), ("access key", profile.AccessKeyId), ("in use", profile.Name == list.Current)));
            return Task.CompletedTask;
        });
    }

    private static Command Set() => ClientCommand.Of("set", "Change what is said of a profile, and ask for nothing", Takes, (call, _) => Change(call, mayAsk: false));

    private static Command Use()
    {
        var name = new Argument<string>("name") { Description = "Of the profile" };
        return ClientCommand.Of("use", "Use a profile whenever none is named", [name], (call, _) =>
        {
            var list = ProfileFile.Read();
            ProfileFile.Write(list with { Current = Find(list, call.Get(name)).Name });
            call.Output.Done($"The profile '{call.Get(name)}' is in use.");
            return Task.CompletedTask;
        });
    }

    private static Command Delete()
    {
        var name = new Argument<string>("name") { Description = "Of the profile" };
        return ClientCommand.Of("delete", "Delete a profile", [name], (call, _) =>
        {
            var list = ProfileFile.Read();
            ProfileFile.Write(list.Without(Find(list, call.Get(name)).Name));
            call.Output.Done($"The profile '{call.Get(name)}' is deleted.");
            return Task.CompletedTask;
        });
    }

    private static Task Change(CommandCall call, bool mayAsk)
    {
        var list = ProfileFile.Read();
        var name = call.Get(ConnectionOptions.Profile) ?? (mayAsk ? DefaultName : list.Current ?? DefaultName);
        var profile = call.Get(ConnectionOptions.Data) is { } folder
            ? Connection.ReadOwner(folder) with { Name = name }
            : list.Find(name) ?? new Profile(name, Profile.ModeKey);
        profile = profile with
        {
            Mode = call.Get(Mode) ?? profile.Mode,
            AccessKeyId = call.Get(KeyId) ?? profile.AccessKeyId,
            Endpoint = call.Get(ConnectionOptions.EndpointOption) ?? profile.Endpoint,
            Workspace = call.Get(ConnectionOptions.Workspace) ?? profile.Workspace,
        };
        if (call.Get(FromInput))
        {
            profile = WithSecrets(profile, () => Console.In.ReadLine()?.Trim());
        }
        else if (mayAsk && profile.Credentials is null)
        {
            profile = Ask(profile, call);
        }

        if (profile.Endpoint is { } endpoint)
        {
            Connection.ReadEndpoint(endpoint);
        }

        if (profile.Credentials is null)
        {
            throw new UsageException($"The profile '{name}' needs {(profile.Mode == Profile.ModeToken ? "a token" : "an access key: --access-key-id, and its secret")}. Secrets are asked for at a terminal, or read with --secrets-stdin.");
        }

        ProfileFile.Write(list.With(profile) with { Current = mayAsk || list.Current is null ? name : list.Current });
        call.Output.Done($"The profile '{name}' calls {EndpointOf(profile)}.");
        return Task.CompletedTask;
    }

    private static Profile WithSecrets(Profile profile, Func<string?> read) => profile.Mode switch
    {
        Profile.ModeToken => profile with { Token = read() },
        Profile.ModeSts => profile with { AccessKeySecret = read(), SecurityToken = read() },
        _ => profile with { AccessKeySecret = read() },
    };

    private static Profile Ask(Profile profile, CommandCall call)
    {
        if (Console.IsInputRedirected)
        {
            return profile; // the caller says what is missing
        }

        // A menu hides the cursor, and a terminal keeps it hidden when the program ends meanwhile.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Console.Error.Write(ShowCursor));
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var mode = call.Get(Mode) ?? terminal.Prompt(new SelectionPrompt<string>().Title("How do you say who you are?").AddChoices(Profile.Modes));
        profile = profile with { Mode = mode, Endpoint = terminal.Prompt(new TextPrompt<string>("Server:").DefaultValue(EndpointOf(profile))) };
        if (mode != Profile.ModeToken && call.Get(KeyId) is null)
        {
            profile = profile with { AccessKeyId = terminal.Prompt(new TextPrompt<string>("Access key id:")) };
        }

        profile = WithSecrets(profile, () => terminal.Prompt(new TextPrompt<string>("Secret:").Secret()));
        var workspace = terminal.Prompt(new TextPrompt<string>("Workspace (empty: the only one):").AllowEmpty());
        return profile with { Workspace = workspace.Length > 0 ? workspace : profile.Workspace };
    }

    private static Profile Find(ProfileList list, string name) => list.Find(name) ?? throw new NotFoundException($"There is no profile '{name}'.");

    private static string EndpointOf(Profile profile) => profile.Endpoint ?? PorpoiseClientOptions.DefaultEndpoint.ToString();

    private static Profile Masked(Profile profile) => profile with { AccessKeySecret = null, SecurityToken = null, Token = null };
}
