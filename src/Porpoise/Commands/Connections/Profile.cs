using System.Text.Json.Serialization;
using Porpoise.Client;

namespace Porpoise.Commands.Connections;

/// <summary>A server and who somebody is there, under a name.</summary>
/// <param name="Mode">Which of the credentials count: AK, StsToken or Token.</param>
internal sealed record Profile(
    string Name, string Mode, string? Endpoint = null, string? Workspace = null, string? AccessKeyId = null, string? AccessKeySecret = null, string? SecurityToken = null, string? Token = null)
{
    public const string ModeKey = "AK";
    public const string ModeSts = "StsToken";
    public const string ModeToken = "Token";

    public static readonly string[] Modes = [ModeKey, ModeSts, ModeToken];

    /// <summary>Null when something is missing.</summary>
    [JsonIgnore]
    public PorpoiseCredentials? Credentials => Mode switch
    {
        ModeToken => Token is { Length: > 0 } token ? new PorpoiseCredentials.Token(token) : null,
        ModeSts when SecurityToken is not { Length: > 0 } => null,
        _ => AccessKeyId is { Length: > 0 } id && AccessKeySecret is { Length: > 0 } secret
            ? new PorpoiseCredentials.AccessKey(new AcsCredentials(id, secret, Mode == ModeSts ? SecurityToken : null))
            : null,
    };

    /// <summary>Names it only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => Name;
}

/// <summary>All profiles, and which of them counts when none is named.</summary>
internal sealed record ProfileList(string? Current, IReadOnlyList<Profile> Profiles)
{
    public static readonly ProfileList Empty = new(null, []);

    public Profile? Find(string? name) => Profiles.FirstOrDefault(p => p.Name == name);

    /// <summary>With a profile added or changed.</summary>
    public ProfileList With(Profile profile) =>
        this with { Profiles = Find(profile.Name) is null ? [.. Profiles, profile] : [.. Profiles.Select(p => p.Name == profile.Name ? profile : p)] };

    public ProfileList Without(string name) =>
        new(Current == name ? null : Current, [.. Profiles.Where(p => p.Name != name)]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProfileList))]
internal sealed partial class ProfileJson : JsonSerializerContext;
