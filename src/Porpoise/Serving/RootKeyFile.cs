using System.Text.Json;
using System.Text.Json.Serialization;
using Porpoise.Access.Identities;

namespace Porpoise.Serving;

/// <summary>What root-key.json says: the first credentials of an installation.</summary>
internal sealed record RootKeyFile(
    string AccountId, string AccessKeyId, string AccessKeySecret, string UserName, string Password, string Token, string WorkspaceId, long ProjectCode)
{
    public static string Write(RootAccount root) => JsonSerializer.Serialize(
        new RootKeyFile(root.AccountId, root.AccessKeyId, root.AccessKeySecret, root.UserName, root.Password, root.Token, root.Workspace.Value, root.ProjectCode),
        RootKeyJson.Default.RootKeyFile) + "\n";

    /// <summary>Names the account only, so that logging it by accident gives nothing away.</summary>
    public override string ToString() => AccountId;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RootKeyFile))]
internal sealed partial class RootKeyJson : JsonSerializerContext;
