using System.Buffers;
using System.Net;
using System.Text.Json;

namespace Porpoise.Worker.Runners.Spark;

/// <summary>
/// A standalone Spark cluster, by the REST gateway of its master. It cannot be searched, so what is not written down at once is not found again; an unknown id is
/// answered with HTTP 200 and no state.
/// </summary>
internal sealed class StandaloneCluster(HttpClient http, Uri root) : ICluster
{
    public const string Kind = "standalone";

    /// <summary>What Spark needs on Java 17; its own spark-submit sends them, the gateway does not add them.</summary>
    private static readonly string JavaOptions = string.Join(
        ' ',
        new[] { "-XX:+IgnoreUnrecognizedVMOptions" }
            .Concat(new[]
            {
                "java.base/java.lang", "java.base/java.lang.invoke", "java.base/java.lang.reflect", "java.base/java.io", "java.base/java.net", "java.base/java.nio", "java.base/java.util",
                "java.base/java.util.concurrent", "java.base/java.util.concurrent.atomic", "java.base/sun.nio.ch", "java.base/sun.nio.cs", "java.base/sun.security.action",
                "java.base/sun.util.calendar", "java.security.jgss/sun.security.krb5",
            }.Select(static package => $"--add-opens={package}=ALL-UNNAMED")));

    /// <summary>The id of the new submission.</summary>
    /// <exception cref="JobException">The gateway refused it.</exception>
    /// <exception cref="HttpRequestException">Nobody can say whether it was made, unless no connection came about.</exception>
    public async Task<string> CreateAsync(SparkWork work, CancellationToken ct)
    {
        using var body = new ByteArrayContent(WriteRequest(work)) { Headers = { ContentType = new("application/json") { CharSet = "UTF-8" } } };
        using var answer = await http.PostAsync(new Uri(root, "v1/submissions/create"), body, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if ((int)answer.StatusCode == 468)
        {
            throw new JobException($"The master speaks another version of the gateway's protocol than v1: {Start(text)}");
        }

        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new JobException($"The master's REST gateway refuses the submission (HTTP {(int)answer.StatusCode}): {Start(text)}");
        }

        var created = await ClusterAnswer.ReadAsync(answer, "The master's REST gateway", ct);
        return Says(created) && Job.Text(created, "submissionId") is { Length: > 0 } id ? id : throw new JobException($"The master does not take the submission: {Start(Job.Text(created, "message"))}");
    }

    public async Task<Application?> FindAsync(Submission submission, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(root, $"v1/submissions/status/{Uri.EscapeDataString(submission.Id)}"), ct);
        var status = await ClusterAnswer.ReadAsync(answer, "The master's REST gateway", ct);
        var (state, message) = (Job.Text(status, "driverState"), Start(Job.Text(status, "message")));
        return !Says(status) || state.Length == 0 ? null : new Application(submission.Id, state switch
        {
            "FINISHED" => ApplicationState.Succeeded,
            "FAILED" or "ERROR" => ApplicationState.Failed,
            "KILLED" => ApplicationState.Killed,
            "RUNNING" => ApplicationState.Running,
            _ => ApplicationState.Pending,
        }, $"{state} on {Job.Text(status, "workerHostPort")} {message}".Trim());
    }

    public Task<Application?> FindUnfinishedAsync(SparkTag tag, CancellationToken ct) => Task.FromResult<Application?>(null);

    /// <summary>Asked a second time it answers success:false, which is no failure: what counts is the state.</summary>
    public async Task KillAsync(Application application, CancellationToken ct)
    {
        using var answer = await http.PostAsync(new Uri(root, $"v1/submissions/kill/{Uri.EscapeDataString(application.Id)}"), content: null, ct);
        _ = await ClusterAnswer.ReadAsync(answer, "The master's REST gateway", ct);
    }

    private static byte[] WriteRequest(SparkWork work)
    {
        var settings = new Dictionary<string, string>(work.Settings, StringComparer.Ordinal)
        {
            ["spark.app.name"] = work.Name,
            ["spark.master"] = work.Master,
            ["spark.submit.deployMode"] = "cluster",
        };
        foreach (var name in (ReadOnlySpan<string>)["spark.driver.extraJavaOptions", "spark.executor.extraJavaOptions"])
        {
            settings[name] = $"{JavaOptions} {settings.GetValueOrDefault(name)}".Trim();
        }

        settings["spark.jars"] = settings.GetValueOrDefault("spark.jars") is { Length: > 0 } jars ? $"{work.EntryFile},{jars}" : work.EntryFile;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("action", "CreateSubmissionRequest");
            json.WriteString("clientSparkVersion", "3.3.0");
            json.WriteString("appResource", work.EntryFile);
            json.WriteString("mainClass", work.MainClass);
            json.WriteStartArray("appArgs");
            foreach (var argument in work.Arguments)
            {
                json.WriteStringValue(argument);
            }

            json.WriteEndArray();
            json.WriteStartObject("environmentVariables");
            json.WriteString("SPARK_ENV_LOADED", "1");
            json.WriteEndObject();
            json.WriteStartObject("sparkProperties");
            foreach (var (name, value) in settings)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool Says(JsonElement answer) => answer.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True;

    private static string Start(string text) => text.Length <= 4_000 ? text : text[..4_000] + " …";
}
