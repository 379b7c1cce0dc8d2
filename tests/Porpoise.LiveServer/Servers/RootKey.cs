using System.Text.Json;
using Porpoise.Client;

namespace Porpoise.LiveServer.Servers;

/// <summary>root-key.json, read.</summary>
public sealed record RootKey(
    string AccountId, string AccessKeyId, string AccessKeySecret, string UserName, string Password, string Token, string WorkspaceId, long ProjectCode)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public AcsCredentials Credentials => new(AccessKeyId, AccessKeySecret);

    public static RootKey Read(string folder) => JsonSerializer.Deserialize<RootKey>(File.ReadAllText(Path.Combine(folder, "root-key.json")), Json)!;
}
