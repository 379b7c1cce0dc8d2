using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>YARN, by the REST API of its resource manager. Applications are found by their tags, and an application succeeded only when it is FINISHED and SUCCEEDED.</summary>
internal sealed class YarnCluster(HttpClient http, Uri root) : ICluster
{
    public const string Kind = "yarn";

    private const int DetailMax = 4_000;

    public async Task<Application?> FindAsync(Submission submission, CancellationToken ct) => submission.Id.Length > 0
        ? await GetAsync($"ws/v1/cluster/apps/{Uri.EscapeDataString(submission.Id)}", ct) is { } answer ? Read(answer.GetProperty("app")) : null
        : await ListAsync(submission.Tag, ct) is [.., var newest] ? newest : null;

    public async Task<Application?> FindUnfinishedAsync(SparkTag tag, CancellationToken ct) => (await ListAsync(tag.OfTask, ct)).LastOrDefault(a => !a.IsOver);

    public async Task KillAsync(Application application, CancellationToken ct)
    {
        using var body = new StringContent("""{"state":"KILLED"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PutAsync(new Uri(root, $"ws/v1/cluster/apps/{Uri.EscapeDataString(application.Id)}/state"), body, ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"YARN does not end {application.Id}: HTTP {(int)answer.StatusCode}. May the user of this worker do that?"));
        }
    }

    /// <summary>The oldest first.</summary>
    private async Task<IReadOnlyList<Application>> ListAsync(string tag, CancellationToken ct)
    {
        var answer = await GetAsync($"ws/v1/cluster/apps?applicationTags={Uri.EscapeDataString(tag)}", ct);
        return answer is { } found && found.TryGetProperty("apps", out var apps) && apps.ValueKind == JsonValueKind.Object && apps.TryGetProperty("app", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().OrderBy(a => a.TryGetProperty("startedTime", out var at) && at.TryGetInt64(out var time) ? time : 0).Select(Read)]
            : [];
    }

    private async Task<JsonElement?> GetAsync(string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(root, path), ct);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ClusterAnswer.ReadAsync(answer, "YARN's resource manager", ct);
    }

    private static Application Read(JsonElement app)
    {
        var (state, final) = (Job.Text(app, "state"), Job.Text(app, "finalStatus"));
        var diagnostics = Job.Text(app, "diagnostics").Trim();
        var detail = $"{state} {final}, {Job.Text(app, "trackingUrl")} {(diagnostics.Length <= DetailMax ? diagnostics : diagnostics[..DetailMax] + " …")}".Trim();
        return new Application(Job.Text(app, "id"), (state, final) switch
        {
            ("FINISHED", "SUCCEEDED") => ApplicationState.Succeeded,
            ("FINISHED", "KILLED") or ("KILLED", _) => ApplicationState.Killed,
            ("FINISHED", _) or ("FAILED", _) => ApplicationState.Failed,
            ("RUNNING", _) => ApplicationState.Running,
            _ => ApplicationState.Pending,
        }, detail);
    }
}
