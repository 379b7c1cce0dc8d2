using System.Diagnostics;
using System.Text.Json;

namespace Porpoise.LiveServer.Servers;

/// <summary>An address of the built server, as <c>porpoise reference operations --json</c> tells it.</summary>
public sealed record ServedOperation(string Method, string Path, string? Rpc, string Action, string Summary, bool Open)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<IReadOnlyList<ServedOperation>> ReadAllAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(ServerProcess.Binary, ["reference", "operations", "--json"]) { RedirectStandardOutput = true })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<ServedOperation[]>(text, Json)!;
    }

    /// <summary>The path in a workspace; every other place gets the same text.</summary>
    public string Fill(string workspace, string other)
    {
        var parts = Path.Replace("{projectCode}", workspace, StringComparison.Ordinal).Split('/');
        return string.Join('/', parts.Select(p => p.StartsWith('{') ? other : p));
    }

    /// <summary>Whether a path, which has no escapes, fits this operation's.</summary>
    public bool Takes(string path)
    {
        var (mine, others) = (Path.Split('/'), path.Split('/'));
        return mine.Length == others.Length && mine.Zip(others).All(p => p.First.StartsWith('{') || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase));
    }
}
