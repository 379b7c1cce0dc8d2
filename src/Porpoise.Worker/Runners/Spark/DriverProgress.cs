using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// Writes into the log how far a driver on this machine is, by the REST API of its UI, for which it chooses a free port. What it cannot find out it does not say: progress is a
/// service to the reader, and never decides anything.
/// </summary>
internal sealed class DriverProgress : IAsyncDisposable
{
    /// <summary>Lines that it writes in all.</summary>
    public const int LinesMax = 500;

    private static readonly TimeSpan LookDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private DriverProgress(Uri root, string name, JobLog log, TimeProvider clock) => _loop = WatchAsync(root, name, log, clock);

    /// <summary>Null: the work's own settings say that there is no UI, or where.</summary>
    public static (SparkWork Work, Uri? Root) Prepare(SparkWork work)
    {
        if (work.Settings.ContainsKey("spark.ui.port") || work.Settings.GetValueOrDefault("spark.ui.enabled") == "false")
        {
            return (work, null);
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var settings = new Dictionary<string, string>(work.Settings, StringComparer.Ordinal) { ["spark.ui.port"] = port.ToString(CultureInfo.InvariantCulture) };
        return (work with { Settings = settings }, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/api/v1/")));
    }

    public static DriverProgress? Watch(Uri? root, SparkWork work, JobLog log, TimeProvider clock) => root is null ? null : new DriverProgress(root, work.Name, log, clock);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task WatchAsync(Uri root, string name, JobLog log, TimeProvider clock)
    {
        using var http = new HttpClient { Timeout = AnswerMax, MaxResponseContentBufferSize = 4 * 1024 * 1024 };
        var last = "";
        for (var lines = 0; lines < LinesMax && await WaitAsync(clock);)
        {
            if (await LookAsync(http, root, name) is { } now && now != last)
            {
                log.Say(last = now);
                lines++;
            }
        }
    }

    private async Task<bool> WaitAsync(TimeProvider clock)
    {
        try
        {
            await Task.Delay(LookDelay, clock, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Null: nothing can be said now. Another program may have got the port, so the name counts.</summary>
    private async Task<string?> LookAsync(HttpClient http, Uri root, string name)
    {
        try
        {
            var applications = JsonElement.Parse(await http.GetByteArrayAsync(new Uri(root, "applications"), _stop.Token));
            if (applications.ValueKind != JsonValueKind.Array || applications.EnumerateArray().FirstOrDefault(a => Job.Text(a, "name") == name) is not { ValueKind: JsonValueKind.Object } application)
            {
                return null;
            }

            var id = Uri.EscapeDataString(Job.Text(application, "id"));
            return Describe(JsonElement.Parse(await http.GetByteArrayAsync(new Uri(root, $"applications/{id}/jobs"), _stop.Token)));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            return null; // no UI yet, or no more
        }
    }

    private static string? Describe(JsonElement jobs)
    {
        var all = jobs.EnumerateArray().ToList();
        var running = all.Where(j => Job.Text(j, "status") == "RUNNING").ToList();
        if (all.Count == 0)
        {
            return null;
        }

        var done = all.Count(j => Job.Text(j, "status") == "SUCCEEDED");
        var parts = running.Take(3).Select(j => $"job {Job.Text(j, "jobId")}: {Job.Text(j, "numCompletedTasks")} of {Job.Text(j, "numTasks")} tasks, {Job.Text(j, "numCompletedStages")} stages done");
        return string.Create(CultureInfo.InvariantCulture, $"Spark: {done} jobs done, {running.Count} running. {string.Join("; ", parts)}").TrimEnd();
    }
}
