using System.Globalization;
using System.Text.Json;

namespace Porpoise.LiveServer.Callers;

/// <summary>A caller of the HTTP API in one dialect, with the calls that tests make all the time.</summary>
public abstract class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Func<Uri> _url;

    protected ApiClient(Func<Uri> url, HttpMessageHandler handler)
    {
        _url = url;
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(100) };
    }

    /// <summary>How this dialect names the workspace in paths.</summary>
    public abstract string Workspace { get; }

    protected string Project => $"/dolphinscheduler/projects/{Workspace}";

    /// <summary>Parameters travel as they do in this dialect.</summary>
    public abstract Task<Reply> CallAsync(HttpMethod method, string path, params (string Name, object? Value)[] parameters);

    public Task<Reply> GetAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Get, path, parameters);

    public Task<Reply> PostAsync(string path, params (string Name, object? Value)[] parameters) => CallAsync(HttpMethod.Post, path, parameters);

    /// <summary>Any request, with this dialect's credentials.</summary>
    public async Task<Reply> SendAsync(HttpMethod method, string pathAndQuery, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendRawAsync(method, pathAndQuery, content, headers);
        var all = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase); // as they were sent
        return new Reply((int)response.StatusCode, all, await response.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> SendRawAsync(HttpMethod method, string pathAndQuery, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(_url(), pathAndQuery)) { Content = content };
        Prepare(request);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request);
    }

    public Task<Reply> TryGenerateCodesAsync(int count) => GetAsync($"{Project}/task-definition/gen-task-codes", ("genNum", count));

    public Task<Reply> TryCreateAsync(Workflow workflow, params (string Name, object? Value)[] more) => PostAsync($"{Project}/process-definition", [.. workflow.Parameters, .. more]);

    public Task<Reply> TryUpdateAsync(long code, Workflow workflow, params (string Name, object? Value)[] more) =>
        CallAsync(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"{Project}/process-definition/{code}"), [.. workflow.Parameters, .. more]);

    public Task<Reply> TryReleaseAsync(long code, string state) =>
        PostAsync(string.Create(CultureInfo.InvariantCulture, $"{Project}/process-definition/{code}/release"), ("releaseState", state));

    public Task<Reply> TryStartAsync(long code, params (string Name, object? Value)[] more) =>
        PostAsync($"{Project}/executors/start-process-instance", [("processDefinitionCode", code), .. more]);

    public Task<Reply> TryStopAsync(int run) => PostAsync($"{Project}/executors/execute", ("processInstanceId", run), ("executeType", "STOP"));

    public Task<Reply> TryGetRunAsync(int run, int? waitSeconds = null) => GetAsync(RunPath(run), ("waitSeconds", waitSeconds));

    /// <summary>Creates and publishes.</summary>
    public async Task<long> CreateAsync(Workflow workflow) => (await TryCreateAsync(workflow, ("publish", "true"))).Data().GetProperty("code").GetInt64();

    public async Task<int> StartAsync(long code, params (string Name, object? Value)[] more) => Assert.Single((await TryStartAsync(code, more)).Data().EnumerateArray()).GetInt32();

    public async Task<int> StartAsync(Workflow workflow, params (string Name, object? Value)[] more) => await StartAsync(await CreateAsync(workflow), more);

    public async Task<JsonElement> GetRunAsync(int run) => (await TryGetRunAsync(run)).Data();

    public async Task<string> StateAsync(int run) => Text(await GetRunAsync(run), "state");

    /// <summary>The run, ended.</summary>
    public async Task<JsonElement> WaitAsync(int run)
    {
        var ended = (await TryGetRunAsync(run, 60)).Data();
        return ended.GetProperty("endTime").ValueKind == JsonValueKind.String ? ended : throw new TimeoutException($"The run does not end: {ended}\n{string.Join('\n', await TasksAsync(run))}");
    }

    public async Task<string> WaitForStateAsync(int run) => Text(await WaitAsync(run), "state");

    /// <summary>Tasks in the order in which the definition lists them; those that were never due are missing.</summary>
    public async Task<IReadOnlyList<JsonElement>> TasksAsync(int run) => [.. (await GetAsync(RunPath(run) + "/tasks")).Data().GetProperty("taskList").EnumerateArray()];

    public async Task<JsonElement> TaskAsync(int run, string name) => (await TasksAsync(run)).Single(t => Text(t, "name") == name);

    public async Task<string> LogAsync(JsonElement task, int? attempt = null) =>
        (await GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task.GetProperty("id").GetInt32()), ("skipLineNum", 0), ("limit", 10_000), ("attempt", attempt)))
        .Data().GetProperty("message").GetString()!;

    /// <summary>Waits until the task's log has the text: then its script has come that far.</summary>
    public async Task WaitForLogAsync(int run, string name, string text)
    {
        var log = "(none)";
        await Servers.Eventually.TrueAsync(
            async () =>
            {
                if ((await TasksAsync(run)).FirstOrDefault(t => Text(t, "name") == name) is not { ValueKind: JsonValueKind.Object } task || task.GetProperty("attempt").GetInt32() == 0)
                {
                    return false;
                }

                var reply = await GetAsync("/dolphinscheduler/log/detail", ("taskInstanceId", task.GetProperty("id").GetInt32()), ("limit", 10_000));
                log = reply.Text;
                return reply.Code is 0 or 1_000_000 && reply.Json.GetProperty("data").GetProperty("message").GetString()!.Contains(text, StringComparison.Ordinal);
            },
            $"the log of {name} contains '{text}'");
    }

    /// <summary>Runs by state.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(params (string Name, object? Value)[] parameters)
    {
        var data = (await GetAsync("/dolphinscheduler/projects/analysis/process-state-count", parameters)).Data();
        var counts = data.GetProperty("taskCountDtos").EnumerateArray().ToDictionary(c => Text(c, "taskStateType"), c => c.GetProperty("count").GetInt64());
        Assert.Equal(data.GetProperty("totalCount").GetInt64(), counts.Values.Sum());
        return counts;
    }

    public static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static string Query(IEnumerable<(string Name, object? Value)> parameters) => string.Join('&', parameters
        .Where(p => p.Value is not null)
        .Select(p => Uri.EscapeDataString(p.Name) + "=" + Uri.EscapeDataString(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)));

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract void Prepare(HttpRequestMessage request);

    protected static string WithQuery(string path, IEnumerable<(string Name, object? Value)> parameters) => Query(parameters) is { Length: > 0 } query ? path + "?" + query : path;

    private string RunPath(int run) => string.Create(CultureInfo.InvariantCulture, $"{Project}/process-instances/{run}");
}
