using System.Text.Json;
using Porpoise.Client;
using Porpoise.Commands.Calls;
using Porpoise.Serving;

namespace Porpoise.Commands.Connections;

/// <summary>
/// Where a command calls, and as whom. Credentials come whole from one place: <c>--data</c>, <c>--profile</c>, the environment, the profile that is in use, or
/// last the data folder that a server has in the current folder unless it is told otherwise.
/// </summary>
internal sealed record Connection(Uri Endpoint, PorpoiseCredentials Credentials, string? Workspace)
{
    private const string DefaultDataFolder = ".porpoise";

    public static Connection Resolve(ConnectionOptions options)
    {
        var profile = options.DataFolder is { } data ? ReadOwner(data)
            : options.ProfileName is { } named ? FindProfile(named)
            : WithEnvironment(Variable("PROFILE") is { } chosen ? FindProfile(chosen) : CurrentProfile()) ?? OwnerHere();
        if (profile?.Credentials is not { } credentials)
        {
            throw new UsageException(profile is null
                ? "Nothing says who you are. Run porpoise configure, or set PORPOISE_TOKEN, or PORPOISE_ACCESS_KEY_ID and PORPOISE_ACCESS_KEY_SECRET; on the server's own machine, --data names its data folder."
                : $"The profile '{profile.Name}' is not complete: run porpoise configure --profile {profile.Name}.");
        }

        // A profile that was named on the command line counts before the environment, another one after it.
        var isNamed = options.ProfileName is not null;
        var endpoint = options.Endpoint ?? (isNamed ? profile.Endpoint : null) ?? Variable("ENDPOINT") ?? profile.Endpoint;
        var workspace = options.WorkspaceName ?? (isNamed ? profile.Workspace : null) ?? Variable("WORKSPACE") ?? profile.Workspace;
        return new Connection(endpoint is null ? PorpoiseClientOptions.DefaultEndpoint : ReadEndpoint(endpoint), credentials, workspace);
    }

    /// <exception cref="UsageException">It is no address of a server.</exception>
    public static Uri ReadEndpoint(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
            ? url
            : throw new UsageException($"'{text}' is no address of a server; one looks like http://127.0.0.1:12345.");

    /// <summary>The account's owner, as the server's own file says.</summary>
    public static Profile ReadOwner(string folder)
    {
        var path = Path.Combine(folder, "root-key.json");
        try
        {
            var key = JsonSerializer.Deserialize(File.ReadAllText(path), RootKeyJson.Default.RootKeyFile) ?? throw new JsonException("it is empty.");
            return new Profile(path, Profile.ModeKey, Endpoint: null, key.WorkspaceId, key.AccessKeyId, key.AccessKeySecret);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The owner's credentials in {path} cannot be read: {e.Message}", e);
        }
    }

    private static Profile? OwnerHere() => File.Exists(Path.Combine(DefaultDataFolder, "root-key.json")) ? ReadOwner(DefaultDataFolder) : null;

    private static Profile? CurrentProfile() => ProfileFile.Read() is var list && list.Current is { } name ? list.Find(name) : null;

    private static Profile FindProfile(string name)
    {
        var list = ProfileFile.Read();
        return list.Find(name) ?? throw new UsageException(
            $"There is no profile '{name}'{(list.Profiles.Count == 0 ? "" : "; there are " + string.Join(", ", list.Profiles.Select(p => p.Name)))}. porpoise configure --profile {name} makes it.");
    }

    /// <summary>The profile with the environment's credentials instead of its own, if there are any. An access key counts before a token: it does not travel.</summary>
    private static Profile? WithEnvironment(Profile? profile)
    {
        var (id, secret, token) = (Variable("ACCESS_KEY_ID"), Variable("ACCESS_KEY_SECRET"), Variable("TOKEN"));
        if (id is null != secret is null)
        {
            throw new UsageException("PORPOISE_ACCESS_KEY_ID and PORPOISE_ACCESS_KEY_SECRET belong together; one of them is not set.");
        }

        var (endpoint, workspace, securityToken) = (profile?.Endpoint, profile?.Workspace, Variable("SECURITY_TOKEN"));
        return id is not null ? new Profile("(environment)", securityToken is null ? Profile.ModeKey : Profile.ModeSts, endpoint, workspace, id, secret, securityToken)
            : token is not null ? new Profile("(environment)", Profile.ModeToken, endpoint, workspace, Token: token)
            : profile;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("PORPOISE_" + name) is { Length: > 0 } value ? value : null;
}
