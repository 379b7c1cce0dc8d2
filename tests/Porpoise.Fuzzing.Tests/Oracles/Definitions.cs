using System.Globalization;
using System.Text.Json;
using Porpoise.LiveServer.Callers;

namespace Porpoise.Fuzzing.Tests.Oracles;

/// <summary>The definitions of a workspace, as anybody may read them.</summary>
public sealed class Definitions(DolphinClient client)
{
    private string Path => $"/dolphinscheduler/projects/{client.Workspace}/process-definition";

    /// <summary>How many there are, and the one changed last with all its versions: what any half-written save would change.</summary>
    public async Task<string> FingerprintAsync()
    {
        var page = (await client.GetAsync(Path, ("pageNo", 1), ("pageSize", 1))).Data();
        var newest = page.GetProperty("totalList").EnumerateArray().FirstOrDefault();
        return newest.ValueKind == JsonValueKind.Undefined ? "none" : $"{page.GetProperty("total")} {newest} {await ReadAsync(newest.GetProperty("code").GetInt64())}";
    }

    /// <summary>A definition with its nodes, edges and versions, as text.</summary>
    public async Task<string> FingerprintAsync(long code) => (await ReadAsync(code)).GetRawText() + await VersionsAsync(code);

    public async Task<JsonElement> ReadAsync(long code) => (await client.GetAsync(PathOf(code))).Data();

    /// <summary>How many versions it has.</summary>
    public async Task<long> CountVersionsAsync(long code) => (await VersionsAsync(code)).GetProperty("total").GetInt64();

    public async Task<long> CountAsync() => (await client.GetAsync(Path, ("pageNo", 1), ("pageSize", 1))).Data().GetProperty("total").GetInt64();

    private async Task<JsonElement> VersionsAsync(long code) => (await client.GetAsync(PathOf(code) + "/versions", ("pageNo", 1), ("pageSize", 1))).Data();

    private string PathOf(long code) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{code}");
}
