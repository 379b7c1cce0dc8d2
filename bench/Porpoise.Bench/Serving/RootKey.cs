using System.Text.Json.Nodes;

namespace Porpoise.Bench.Serving;

/// <summary>The credentials in the data folder's root-key.json.</summary>
internal sealed record RootKey(string AccessKeyId, string AccessKeySecret, string Token, string WorkspaceId, long ProjectCode)
{
    public static RootKey Read(string dataFolder)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(dataFolder, "root-key.json")))!;
        return new RootKey(
            (string)json["accessKeyId"]!, (string)json["accessKeySecret"]!, (string)json["token"]!, (string)json["workspaceId"]!, (long)json["projectCode"]!);
    }
}
